-- Purpose: touches of visible campaigns; own ones are written while their version is a draft (a trigger holds that line).
revoke all on touchline.campaign_touches from public, anon, authenticated, service_role, touchline_worker;
grant select, insert, update, delete on touchline.campaign_touches to service_role;
drop policy if exists campaign_touches_select on touchline.campaign_touches;
drop policy if exists campaign_touches_insert on touchline.campaign_touches;
drop policy if exists campaign_touches_update on touchline.campaign_touches;
drop policy if exists campaign_touches_delete on touchline.campaign_touches;

grant select on touchline.campaign_touches to authenticated;
create policy campaign_touches_select on touchline.campaign_touches for select to authenticated
using (business_id = any (touchline.readable_business_ids()));

grant insert (business_id, campaign_id, version, touch_number, channel, delay_hours, template_id) on touchline.campaign_touches to authenticated;
create policy campaign_touches_insert on touchline.campaign_touches for insert to authenticated
with check (business_id = any (touchline.writable_business_ids()));

grant update (touch_number, channel, delay_hours, template_id) on touchline.campaign_touches to authenticated;
create policy campaign_touches_update on touchline.campaign_touches for update to authenticated
using (business_id = any (touchline.writable_business_ids()))
with check (business_id = any (touchline.writable_business_ids()));

grant delete on touchline.campaign_touches to authenticated;
create policy campaign_touches_delete on touchline.campaign_touches for delete to authenticated
using (business_id = any (touchline.writable_business_ids()));
