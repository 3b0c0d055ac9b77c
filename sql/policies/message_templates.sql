-- Purpose: own templates and the presets' texts; only own ones are written.
revoke all on touchline.message_templates from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.message_templates to service_role;
drop policy if exists message_templates_select on touchline.message_templates;
drop policy if exists message_templates_insert on touchline.message_templates;
drop policy if exists message_templates_update on touchline.message_templates;
drop policy if exists message_templates_delete on touchline.message_templates;

grant select on touchline.message_templates to authenticated;
create policy message_templates_select on touchline.message_templates for select to authenticated
using (business_id = any (touchline.readable_business_ids()));

grant insert (business_id, channel, name, service_type, purpose, subject, body) on touchline.message_templates to authenticated;
create policy message_templates_insert on touchline.message_templates for insert to authenticated
with check (business_id = any (touchline.writable_business_ids()));

grant update (name, service_type, purpose, subject, body) on touchline.message_templates to authenticated;
create policy message_templates_update on touchline.message_templates for update to authenticated
using (business_id = any (touchline.writable_business_ids()))
with check (business_id = any (touchline.writable_business_ids()));

grant delete on touchline.message_templates to authenticated;
create policy message_templates_delete on touchline.message_templates for delete to authenticated
using (business_id = any (touchline.writable_business_ids()));
