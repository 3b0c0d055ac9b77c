-- Purpose: provider callbacks as received: for the server only.
revoke all on touchline.webhook_inbox from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.webhook_inbox to service_role;
drop policy if exists webhook_inbox_select on touchline.webhook_inbox;
drop policy if exists webhook_inbox_insert on touchline.webhook_inbox;
drop policy if exists webhook_inbox_update on touchline.webhook_inbox;
drop policy if exists webhook_inbox_delete on touchline.webhook_inbox;
