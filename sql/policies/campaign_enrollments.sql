-- Purpose: own enrollments, read only: they are history, and every move is a function.
revoke all on touchline.campaign_enrollments from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.campaign_enrollments to service_role;
drop policy if exists campaign_enrollments_select on touchline.campaign_enrollments;
drop policy if exists campaign_enrollments_insert on touchline.campaign_enrollments;
drop policy if exists campaign_enrollments_update on touchline.campaign_enrollments;
drop policy if exists campaign_enrollments_delete on touchline.campaign_enrollments;

grant select on touchline.campaign_enrollments to authenticated;
create policy campaign_enrollments_select on touchline.campaign_enrollments for select to authenticated
using (business_id = any (touchline.my_business_ids()));
