-- Purpose: a business sees its windows and the defaults, and changes its own.
revoke all on touchline.sending_windows from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.sending_windows to service_role;
drop policy if exists sending_windows_select on touchline.sending_windows;
drop policy if exists sending_windows_insert on touchline.sending_windows;
drop policy if exists sending_windows_update on touchline.sending_windows;
drop policy if exists sending_windows_delete on touchline.sending_windows;

grant select on touchline.sending_windows to authenticated;
create policy sending_windows_select on touchline.sending_windows for select to authenticated
using (business_id = any (touchline.readable_business_ids()));

grant insert (business_id, channel, iso_weekday, opens, closes) on touchline.sending_windows to authenticated;
create policy sending_windows_insert on touchline.sending_windows for insert to authenticated
with check (business_id = any (touchline.writable_business_ids()));

grant update (channel, iso_weekday, opens, closes) on touchline.sending_windows to authenticated;
create policy sending_windows_update on touchline.sending_windows for update to authenticated
using (business_id = any (touchline.writable_business_ids()))
with check (business_id = any (touchline.writable_business_ids()));

grant delete on touchline.sending_windows to authenticated;
create policy sending_windows_delete on touchline.sending_windows for delete to authenticated
using (business_id = any (touchline.writable_business_ids()));
