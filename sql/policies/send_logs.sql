-- Purpose: own messages, read only.
revoke all on touchline.send_logs from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.send_logs to service_role;
drop policy if exists send_logs_select on touchline.send_logs;
drop policy if exists send_logs_insert on touchline.send_logs;
drop policy if exists send_logs_update on touchline.send_logs;
drop policy if exists send_logs_delete on touchline.send_logs;

grant select on touchline.send_logs to authenticated;
create policy send_logs_select on touchline.send_logs for select to authenticated
using (business_id = any (touchline.my_business_ids()));
