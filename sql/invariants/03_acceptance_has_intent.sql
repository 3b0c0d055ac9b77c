-- Invariant 3: every acceptance has an attempt of its intent that was claimed earlier, for that very touch.
-- Scope: harness
select a.business_id, a.send_log_id, a.attempt, a.enrollment_id, a.touch_number, a.accepted_at, t.started_at
from touchline_test.acceptances a
join touchline.businesses b on b.id = a.business_id
left join touchline.send_attempts t on (t.business_id, t.send_log_id, t.attempt) = (a.business_id, a.send_log_id, a.attempt)
left join touchline.send_logs l on (l.business_id, l.id) = (t.business_id, t.send_log_id)
where l.id is null
  or t.started_at > a.accepted_at
  or (l.campaign_enrollment_id, l.touch_number) is distinct from (a.enrollment_id, a.touch_number)
