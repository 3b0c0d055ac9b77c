-- Purpose: own senders without their secrets; written by functions.
revoke all on touchline.sender_accounts from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.sender_accounts to service_role;
drop policy if exists sender_accounts_select on touchline.sender_accounts;
drop policy if exists sender_accounts_insert on touchline.sender_accounts;
drop policy if exists sender_accounts_update on touchline.sender_accounts;
drop policy if exists sender_accounts_delete on touchline.sender_accounts;

grant select (business_id, id, channel, kind, name, from_address, settings, in_use, status, paused_at, pause_reason, paused_until, rate_per_hour,
  created_at, updated_at) on touchline.sender_accounts to authenticated;
create policy sender_accounts_select on touchline.sender_accounts for select to authenticated
using (business_id = any (touchline.my_business_ids()));
