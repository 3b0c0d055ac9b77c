-- Purpose: own attempts, read only.
revoke all on touchline.send_attempts from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.send_attempts to service_role;
drop policy if exists send_attempts_select on touchline.send_attempts;
drop policy if exists send_attempts_insert on touchline.send_attempts;
drop policy if exists send_attempts_update on touchline.send_attempts;
drop policy if exists send_attempts_delete on touchline.send_attempts;

grant select on touchline.send_attempts to authenticated;
create policy send_attempts_select on touchline.send_attempts for select to authenticated
using (business_id = any (touchline.my_business_ids()));
