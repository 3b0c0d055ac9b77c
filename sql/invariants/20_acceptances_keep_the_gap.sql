-- Invariant 20: two acceptances of different touches of one enrollment are at least the minimum gap apart.
-- Scope: harness
select a.business_id, a.enrollment_id, a.touch_number, a.accepted_at, b.touch_number as next_touch,
  b.accepted_at as next_accepted_at, s.min_gap_hours
from touchline_test.acceptances a
join touchline_test.acceptances b on (b.business_id, b.enrollment_id) = (a.business_id, a.enrollment_id)
join touchline.sending_policies s on s.business_id = a.business_id
where b.touch_number > a.touch_number
  and b.accepted_at < a.accepted_at + pg_catalog.make_interval(hours => s.min_gap_hours)
