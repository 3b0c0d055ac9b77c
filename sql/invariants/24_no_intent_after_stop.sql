-- Invariant 24: a stopped enrollment says why and when, and nothing of it is claimed after that.
-- Scope: live
-- Why: reason and time are also CHECKs (campaign_enrollments_stopped, _stopped_at). Ten seconds, because either side reads its
-- clock before it waits for the enrollment's lock.
select e.business_id, e.id as enrollment_id, e.stop_reason, e.stopped_at, null::uuid as send_log_id, null::timestamptz as claimed_at
from touchline.campaign_enrollments e
where e.updated_at >= p_since
  and e.status = 'stopped'
  and (e.stop_reason is null or e.stopped_at is null)
union all
select e.business_id, e.id, e.stop_reason, e.stopped_at, l.id, t.started_at
from touchline.send_logs l
join touchline.campaign_enrollments e on (e.business_id, e.id) = (l.business_id, l.campaign_enrollment_id)
join touchline.send_attempts t on (t.business_id, t.send_log_id) = (l.business_id, l.id)
where l.updated_at >= p_since
  and t.started_at > e.stopped_at + interval '10 seconds'
