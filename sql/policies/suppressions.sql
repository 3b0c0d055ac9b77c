-- Purpose: own list of addresses not to write to; written by functions only.
revoke all on touchline.suppressions from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.suppressions to service_role;
drop policy if exists suppressions_select on touchline.suppressions;
drop policy if exists suppressions_insert on touchline.suppressions;
drop policy if exists suppressions_update on touchline.suppressions;
drop policy if exists suppressions_delete on touchline.suppressions;

grant select (business_id, channel, address, reason, suppressed_at, lifted_at, created_at, updated_at) on touchline.suppressions to authenticated;
create policy suppressions_select on touchline.suppressions for select to authenticated
using (business_id = any (touchline.my_business_ids()));
