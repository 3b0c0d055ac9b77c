-- Purpose: own tracked links, read only; a token is shown to nobody but its customer.
revoke all on touchline.links from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.links to service_role;
drop policy if exists links_select on touchline.links;
drop policy if exists links_insert on touchline.links;
drop policy if exists links_update on touchline.links;
drop policy if exists links_delete on touchline.links;

grant select (business_id, id, purpose, target_url, customer_id, campaign_enrollment_id, send_log_id, created_at) on touchline.links to authenticated;
create policy links_select on touchline.links for select to authenticated
using (business_id = any (touchline.my_business_ids()));
