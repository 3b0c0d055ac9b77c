-- Purpose: own endpoints without their secrets; written by functions.
revoke all on touchline.webhook_endpoints from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.webhook_endpoints to service_role;
drop policy if exists webhook_endpoints_select on touchline.webhook_endpoints;
drop policy if exists webhook_endpoints_insert on touchline.webhook_endpoints;
drop policy if exists webhook_endpoints_update on touchline.webhook_endpoints;
drop policy if exists webhook_endpoints_delete on touchline.webhook_endpoints;

grant select (business_id, id, url, events, status, disabled_at, disable_reason, created_at, updated_at) on touchline.webhook_endpoints to authenticated;
create policy webhook_endpoints_select on touchline.webhook_endpoints for select to authenticated
using (business_id = any (touchline.my_business_ids()));
