-- Purpose: the texts as published, own and presets'; written by trigger.
revoke all on touchline.template_versions from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.template_versions to service_role;
drop policy if exists template_versions_select on touchline.template_versions;
drop policy if exists template_versions_insert on touchline.template_versions;
drop policy if exists template_versions_update on touchline.template_versions;
drop policy if exists template_versions_delete on touchline.template_versions;

grant select on touchline.template_versions to authenticated;
create policy template_versions_select on touchline.template_versions for select to authenticated
using (business_id = any (touchline.readable_business_ids()));
