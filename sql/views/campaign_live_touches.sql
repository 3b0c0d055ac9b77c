-- Purpose: the touches of each campaign's live version, in the original specification's shape: what a job is enrolled into now.
create or replace view touchline.campaign_live_touches
with (security_invoker = true)
as
select t.id, t.campaign_id, t.touch_number, t.channel, t.delay_hours, t.template_id, t.created_at, t.updated_at,
  t.business_id, t.version, t.template_version_id
from touchline.campaigns c
join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version) = (c.business_id, c.id, c.live_version);

revoke all on touchline.campaign_live_touches from public, anon, authenticated, service_role, touchline_worker;
grant select on touchline.campaign_live_touches to authenticated, service_role;
