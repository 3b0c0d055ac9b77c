-- Invariant 21: a touch is handed over or skipped only after the one before it is settled.
-- Scope: live
select e.business_id, e.id as enrollment_id, e.status, n.touch_number, n.status as touch_status, n.next_status
from touchline.campaign_enrollments e
cross join lateral (values
  (1, e.touch_1_status, e.touch_2_status), (2, e.touch_2_status, e.touch_3_status), (3, e.touch_3_status, e.touch_4_status)
) n (touch_number, status, next_status)
where e.updated_at >= p_since
  and n.status in ('pending', 'sending', 'unknown', 'held')
  and n.next_status not in ('pending', 'cancelled')
