-- Purpose: members see their business; its profile is written by owners and managers; signing up makes one's own.
revoke all on touchline.businesses from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.businesses to service_role;
drop policy if exists businesses_select on touchline.businesses;
drop policy if exists businesses_insert on touchline.businesses;
drop policy if exists businesses_update on touchline.businesses;

grant select on touchline.businesses to authenticated;
create policy businesses_select on touchline.businesses for select to authenticated
using (id = any (touchline.my_business_ids()));

grant insert (user_id, name, time_zone, country, state, postal_address, brand_name, sender_name, contact_phone, contact_email, review_url, service_types)
on touchline.businesses to authenticated;
create policy businesses_insert on touchline.businesses for insert to authenticated
with check (user_id = (select auth.uid()));

grant update (name, time_zone, country, state, postal_address, brand_name, sender_name, contact_phone, contact_email, review_url, service_types)
on touchline.businesses to authenticated;
create policy businesses_update on touchline.businesses for update to authenticated
using (id = any (touchline.writable_business_ids()))
with check (id = any (touchline.writable_business_ids()));
