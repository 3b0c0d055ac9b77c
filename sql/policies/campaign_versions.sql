-- Purpose: versions of own campaigns and presets; written by functions.
revoke all on touchline.campaign_versions from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.campaign_versions to service_role;
drop policy if exists campaign_versions_select on touchline.campaign_versions;
drop policy if exists campaign_versions_insert on touchline.campaign_versions;
drop policy if exists campaign_versions_update on touchline.campaign_versions;
drop policy if exists campaign_versions_delete on touchline.campaign_versions;

grant select on touchline.campaign_versions to authenticated;
create policy campaign_versions_select on touchline.campaign_versions for select to authenticated
using (business_id = any (touchline.readable_business_ids()));
