-- Purpose: own lanes, read only.
revoke all on touchline.business_dispatch from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.business_dispatch to service_role;
drop policy if exists business_dispatch_select on touchline.business_dispatch;
drop policy if exists business_dispatch_insert on touchline.business_dispatch;
drop policy if exists business_dispatch_update on touchline.business_dispatch;
drop policy if exists business_dispatch_delete on touchline.business_dispatch;

grant select on touchline.business_dispatch to authenticated;
create policy business_dispatch_select on touchline.business_dispatch for select to authenticated
using (business_id = any (touchline.my_business_ids()));
