-- Purpose: own campaigns and presets; a tenant names and describes, functions move status and version.
revoke all on touchline.campaigns from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.campaigns to service_role;
drop policy if exists campaigns_select on touchline.campaigns;
drop policy if exists campaigns_insert on touchline.campaigns;
drop policy if exists campaigns_update on touchline.campaigns;
drop policy if exists campaigns_delete on touchline.campaigns;

grant select on touchline.campaigns to authenticated;
create policy campaigns_select on touchline.campaigns for select to authenticated
using (business_id = any (touchline.readable_business_ids()));

grant insert (business_id, name, description, service_type) on touchline.campaigns to authenticated;
create policy campaigns_insert on touchline.campaigns for insert to authenticated
with check (business_id = any (touchline.writable_business_ids()) and not is_preset);

grant update (name, description) on touchline.campaigns to authenticated;
create policy campaigns_update on touchline.campaigns for update to authenticated
using (business_id = any (touchline.writable_business_ids()) and not is_preset)
with check (business_id = any (touchline.writable_business_ids()) and not is_preset);
