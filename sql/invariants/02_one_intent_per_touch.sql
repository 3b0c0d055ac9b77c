-- Invariant 2: there is at most one intent per touch of an enrollment.
-- Scope: live
-- Why: impossible by the unique index idx_send_logs_enrollment; this proves that the index stands.
select l.business_id, l.id as send_log_id, o.id as other_send_log_id, l.campaign_enrollment_id, l.touch_number
from touchline.send_logs l
join touchline.send_logs o on (o.business_id, o.campaign_enrollment_id, o.touch_number)
  = (l.business_id, l.campaign_enrollment_id, l.touch_number)
where l.updated_at >= p_since
  and o.id <> l.id
