-- Purpose: own jobs; the decision about a job is taken by functions.
revoke all on touchline.jobs from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.jobs to service_role;
drop policy if exists jobs_select on touchline.jobs;
drop policy if exists jobs_insert on touchline.jobs;
drop policy if exists jobs_update on touchline.jobs;
drop policy if exists jobs_delete on touchline.jobs;

grant select on touchline.jobs to authenticated;
create policy jobs_select on touchline.jobs for select to authenticated
using (business_id = any (touchline.my_business_ids()));

grant insert (business_id, customer_id, external_id, service_type, title, notes, status, scheduled_for, completed_at, campaign_choice, chosen_campaign_id) on touchline.jobs to authenticated;
create policy jobs_insert on touchline.jobs for insert to authenticated
with check (business_id = any (touchline.writable_business_ids()));

grant update (external_id, service_type, title, notes, status, scheduled_for, completed_at, campaign_choice, chosen_campaign_id) on touchline.jobs to authenticated;
create policy jobs_update on touchline.jobs for update to authenticated
using (business_id = any (touchline.writable_business_ids()))
with check (business_id = any (touchline.writable_business_ids()));
