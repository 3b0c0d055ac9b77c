-- Invariant 37: state and acceptance of a touch are what the send log says of it.
-- Scope: live
-- Why: a pending touch has no intent or one that waits for another attempt (retry); a skipped or cancelled one has none, or one
-- that was given up; an intent that failed or was given up never leads to a further attempt.
select e.business_id, e.id as enrollment_id, t.touch_number, t.status, l.state, t.sent_at, l.sent_at as log_sent_at,
  l.id as send_log_id
from touchline.campaign_enrollments e
cross join lateral (values
  (1::smallint, e.touch_1_status, e.touch_1_sent_at), (2::smallint, e.touch_2_status, e.touch_2_sent_at),
  (3::smallint, e.touch_3_status, e.touch_3_sent_at), (4::smallint, e.touch_4_status, e.touch_4_sent_at)
) t (touch_number, status, sent_at)
left join touchline.send_logs l on (l.business_id, l.campaign_enrollment_id, l.touch_number) = (e.business_id, e.id, t.touch_number)
  and l.state is not null
where (e.updated_at >= p_since or l.updated_at >= p_since)
  and t.status is not null
  and (t.sent_at is distinct from l.sent_at
    or case t.status
      when 'pending' then l.state <> 'retry'
      when 'failed' then l.state <> 'failed'
      when 'skipped' then l.state not in ('failed', 'cancelled')
      when 'cancelled' then l.state <> 'cancelled'
      else l.state is distinct from t.status end)
