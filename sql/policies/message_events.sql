-- Purpose: own delivery events, read only.
revoke all on touchline.message_events from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.message_events to service_role;
drop policy if exists message_events_select on touchline.message_events;
drop policy if exists message_events_insert on touchline.message_events;
drop policy if exists message_events_update on touchline.message_events;
drop policy if exists message_events_delete on touchline.message_events;

grant select on touchline.message_events to authenticated;
create policy message_events_select on touchline.message_events for select to authenticated
using (business_id = any (touchline.my_business_ids()));
