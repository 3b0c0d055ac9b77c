-- Purpose: own customers; consent, archiving and erasing go through functions, so that each is a fence.
revoke all on touchline.customers from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.customers to service_role;
drop policy if exists customers_select on touchline.customers;
drop policy if exists customers_insert on touchline.customers;
drop policy if exists customers_update on touchline.customers;
drop policy if exists customers_delete on touchline.customers;

grant select on touchline.customers to authenticated;
create policy customers_select on touchline.customers for select to authenticated
using (business_id = any (touchline.my_business_ids()));

grant insert (business_id, external_id, first_name, last_name, email, phone, country, state, time_zone, time_zone_source, tags) on touchline.customers to authenticated;
create policy customers_insert on touchline.customers for insert to authenticated
with check (business_id = any (touchline.writable_business_ids()));

grant update (external_id, first_name, last_name, email, phone, country, state, time_zone, time_zone_source, tags) on touchline.customers to authenticated;
create policy customers_update on touchline.customers for update to authenticated
using (business_id = any (touchline.writable_business_ids()))
with check (business_id = any (touchline.writable_business_ids()));
