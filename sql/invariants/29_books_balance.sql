-- Invariant 29: the books balance: the touches planned for the people of a campaign's version are those that are pending, sending,
-- unknown, held, sent, presumed sent, failed, skipped or cancelled.
-- Scope: live
-- Why: a touch without a state is in no count. Also impossible by the CHECKs campaign_enrollments_touch_N_planned and _status.
select e.business_id, e.campaign_id, e.campaign_version, pg_catalog.count(*) as enrollments,
  pg_catalog.sum(t.planned) as planned, pg_catalog.sum(t.known) as known
from touchline.campaign_enrollments e
cross join lateral (
  select pg_catalog.count(s.scheduled_at) as planned,
    pg_catalog.count(*) filter (where s.status in (
      'pending', 'sending', 'unknown', 'held', 'sent', 'presumed_sent', 'failed', 'skipped', 'cancelled')) as known
  from (values
    (e.touch_1_scheduled_at, e.touch_1_status), (e.touch_2_scheduled_at, e.touch_2_status),
    (e.touch_3_scheduled_at, e.touch_3_status), (e.touch_4_scheduled_at, e.touch_4_status)
  ) s (scheduled_at, status)
) t
where e.updated_at >= p_since
group by e.business_id, e.campaign_id, e.campaign_version
having pg_catalog.sum(t.planned) <> pg_catalog.sum(t.known)
