-- Invariant 16: each touch is planned after the one before by the delay of its version, and exactly the touches of the version are
-- planned.
-- Scope: live
-- Why: the version is the one recorded with the touch's intent, else the enrollment's. The plan never moves, whatever becomes
-- due when.
select e.business_id, e.id as enrollment_id, n.touch_number, v.number as version, n.scheduled_at,
  n.previous_at + pg_catalog.make_interval(hours => t.delay_hours) as expected_at
from touchline.campaign_enrollments e
cross join lateral (values
  (2::smallint, e.touch_2_scheduled_at, e.touch_1_scheduled_at),
  (3::smallint, e.touch_3_scheduled_at, e.touch_2_scheduled_at),
  (4::smallint, e.touch_4_scheduled_at, e.touch_3_scheduled_at)
) n (touch_number, scheduled_at, previous_at)
left join touchline.send_logs l on (l.business_id, l.campaign_enrollment_id, l.touch_number) = (e.business_id, e.id, n.touch_number)
cross join lateral (select coalesce(l.campaign_version, e.campaign_version) as number) v
left join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
  = (e.business_id, e.campaign_id, v.number, n.touch_number)
where e.updated_at >= p_since
  and n.scheduled_at is distinct from n.previous_at + pg_catalog.make_interval(hours => t.delay_hours)
