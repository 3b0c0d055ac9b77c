-- Purpose: own claims, read only: an operator sees what is in flight.
revoke all on touchline.lane_claims from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.lane_claims to service_role;
drop policy if exists lane_claims_select on touchline.lane_claims;
drop policy if exists lane_claims_insert on touchline.lane_claims;
drop policy if exists lane_claims_update on touchline.lane_claims;
drop policy if exists lane_claims_delete on touchline.lane_claims;

grant select on touchline.lane_claims to authenticated;
create policy lane_claims_select on touchline.lane_claims for select to authenticated
using (business_id = any (touchline.my_business_ids()));
