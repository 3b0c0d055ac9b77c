-- Purpose: one row per campaign with what a list of campaigns shows. active, completed and stopped count its enrollments; parked
-- counts those whose next touch waits for something other than time; next_due_at is the earliest moment at which one of its
-- touches may be claimed, null when none waits; sent counts touches that were accepted or are presumed to have been. Ask for one
-- business (business_id = …): counts are made on reading.
create or replace view touchline.campaign_overview
with (security_invoker = true)
as
select c.business_id, c.id, c.name, c.service_type, c.is_preset, c.status, c.live_version, d.number as draft_version,
  c.paused_at, c.archived_at, t.touches, e.active, e.completed, e.stopped, q.parked, q.next_due_at,
  e.sent
from touchline.campaigns c
left join touchline.campaign_versions d on (d.business_id, d.campaign_id, d.state) = (c.business_id, c.id, 'draft')
cross join lateral (
  select pg_catalog.count(*)::integer as touches
  from touchline.campaign_touches t
  where (t.business_id, t.campaign_id, t.version) = (c.business_id, c.id, coalesce(c.live_version, d.number))
) t
cross join lateral (
  select pg_catalog.count(*) filter (where e.status = 'active') as active,
    pg_catalog.count(*) filter (where e.status = 'completed') as completed,
    pg_catalog.count(*) filter (where e.status = 'stopped') as stopped,
    coalesce(pg_catalog.sum(
      (e.touch_1_status in ('sent', 'presumed_sent'))::integer + coalesce((e.touch_2_status in ('sent', 'presumed_sent'))::integer, 0)
      + coalesce((e.touch_3_status in ('sent', 'presumed_sent'))::integer, 0)
      + coalesce((e.touch_4_status in ('sent', 'presumed_sent'))::integer, 0)), 0)::integer as sent
  from touchline.campaign_enrollments e
  where (e.business_id, e.campaign_id) = (c.business_id, c.id)
) e
cross join lateral (
  select pg_catalog.count(*) filter (where q.blocked_by is not null) as parked,
    pg_catalog.min(q.due_at) filter (where q.blocked_by is null and q.claim_id is null and not q.stopping) as next_due_at
  from touchline.campaign_enrollments e
  join touchline.touch_queue q on (q.business_id, q.enrollment_id) = (e.business_id, e.id)
  where (e.business_id, e.campaign_id, e.status) = (c.business_id, c.id, 'active')
) q;

revoke all on touchline.campaign_overview from public, anon, authenticated, service_role, touchline_worker;
grant select on touchline.campaign_overview to authenticated, service_role;
