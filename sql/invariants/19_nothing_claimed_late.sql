-- Invariant 19: nothing is claimed past late_after.
-- Scope: live
-- Why: judged while the queue row is there, which holds late_after; in a harness 19_nothing_handed_over_late judges all of them.
select l.business_id, l.id as send_log_id, q.enrollment_id, q.touch_number, l.claimed_at, q.late_after
from touchline.touch_queue q
join touchline.send_logs l on (l.business_id, l.campaign_enrollment_id, l.touch_number)
  = (q.business_id, q.enrollment_id, q.touch_number)
where l.state in ('sending', 'unknown', 'held')
  and l.claimed_at > q.late_after
