-- Purpose: own keys without their hashes; made and revoked by functions.
revoke all on touchline.api_keys from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.api_keys to service_role;
drop policy if exists api_keys_select on touchline.api_keys;
drop policy if exists api_keys_insert on touchline.api_keys;
drop policy if exists api_keys_update on touchline.api_keys;
drop policy if exists api_keys_delete on touchline.api_keys;

grant select (business_id, id, name, key_prefix, last4, scopes, created_by, created_at, last_used_at, revoked_at) on touchline.api_keys to authenticated;
create policy api_keys_select on touchline.api_keys for select to authenticated
using (business_id = any (touchline.my_business_ids()));
