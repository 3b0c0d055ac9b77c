-- Purpose: the zone list is read by everybody who signs in; it holds no tenant's data.
revoke all on touchline.time_zones from public, anon, authenticated, service_role, touchline_worker;
grant select on touchline.time_zones to authenticated, service_role;
drop policy if exists time_zones_select on touchline.time_zones;
create policy time_zones_select on touchline.time_zones for select to authenticated
using (name is not null);
