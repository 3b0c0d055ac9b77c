-- Purpose: stored answers to repeated requests: for the server only.
revoke all on touchline.idempotency_keys from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.idempotency_keys to service_role;
drop policy if exists idempotency_keys_select on touchline.idempotency_keys;
drop policy if exists idempotency_keys_insert on touchline.idempotency_keys;
drop policy if exists idempotency_keys_update on touchline.idempotency_keys;
drop policy if exists idempotency_keys_delete on touchline.idempotency_keys;
