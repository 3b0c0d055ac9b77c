-- Invariant 18: no attempt is claimed before its touch is due, nor before its plan; so nothing is accepted before it is due.
-- Scope: live
-- Why: an acceptance follows its claim (3). The plan can only be delayed, never hastened.
select l.business_id, l.id as send_log_id, l.campaign_enrollment_id, l.touch_number, l.claimed_at, l.due_at, p.scheduled_at
from touchline.send_logs l
join touchline.campaign_enrollments e on (e.business_id, e.id) = (l.business_id, l.campaign_enrollment_id)
cross join lateral (
  select (array[e.touch_1_scheduled_at, e.touch_2_scheduled_at, e.touch_3_scheduled_at, e.touch_4_scheduled_at])[l.touch_number]
    as scheduled_at
) p
where l.updated_at >= p_since
  and l.state is not null
  and (l.claimed_at < l.due_at
    or l.claimed_at < p.scheduled_at
    or l.attempt > 1 and exists (
      select from touchline.send_attempts a
      where (a.business_id, a.send_log_id) = (l.business_id, l.id)
        and a.started_at < p.scheduled_at))
