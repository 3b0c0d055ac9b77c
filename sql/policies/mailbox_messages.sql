-- Purpose: own messages, read only: a member sees what customers would have got.
revoke all on touchline.mailbox_messages from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.mailbox_messages to service_role;
drop policy if exists mailbox_messages_select on touchline.mailbox_messages;
drop policy if exists mailbox_messages_insert on touchline.mailbox_messages;
drop policy if exists mailbox_messages_update on touchline.mailbox_messages;
drop policy if exists mailbox_messages_delete on touchline.mailbox_messages;

grant select on touchline.mailbox_messages to authenticated;
create policy mailbox_messages_select on touchline.mailbox_messages for select to authenticated
using (business_id = any (touchline.my_business_ids()));
