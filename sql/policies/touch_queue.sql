-- Purpose: own work rows, read only.
revoke all on touchline.touch_queue from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.touch_queue to service_role;
drop policy if exists touch_queue_select on touchline.touch_queue;
drop policy if exists touch_queue_insert on touchline.touch_queue;
drop policy if exists touch_queue_update on touchline.touch_queue;
drop policy if exists touch_queue_delete on touchline.touch_queue;

grant select on touchline.touch_queue to authenticated;
create policy touch_queue_select on touchline.touch_queue for select to authenticated
using (business_id = any (touchline.my_business_ids()));
