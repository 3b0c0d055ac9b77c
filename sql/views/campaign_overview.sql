-- Purpose: one row per campaign with what a list of campaigns shows, its counts as campaign_figures says them: people up to 10,001,
-- which stands for that many or more. A preset has none. Ask for one business (business_id = …).
create or replace view touchline.campaign_overview
with (security_invoker = true)
as
select c.business_id, c.id, c.name, c.service_type, c.is_preset, c.status, c.live_version, d.number as draft_version,
  c.paused_at, c.archived_at, t.touches, coalesce(f.active, 0) as active, coalesce(f.completed, 0) as completed,
  coalesce(f.stopped, 0) as stopped, coalesce(f.parked, 0) as parked, f.next_due_at, coalesce(f.sent, 0)::integer as sent
from touchline.campaigns c
left join touchline.campaign_versions d on (d.business_id, d.campaign_id, d.state) = (c.business_id, c.id, 'draft')
cross join lateral (
  select pg_catalog.count(*)::integer as touches
  from touchline.campaign_touches t
  where (t.business_id, t.campaign_id, t.version) = (c.business_id, c.id, coalesce(c.live_version, d.number))
) t
left join lateral touchline.campaign_figures(case when not c.is_preset then c.business_id end, c.id) f on true;

revoke all on touchline.campaign_overview from public, anon, authenticated, service_role, touchline_worker;
grant select on touchline.campaign_overview to authenticated, service_role;
