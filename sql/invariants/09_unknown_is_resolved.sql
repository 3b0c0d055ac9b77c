-- Invariant 9: every unknown outcome is resolved, presumed or held within its horizon, and until then the reconciler knows it.
-- Scope: live
-- Why: an unknown that nobody comes back to is a touch lost and a sequence that waits for ever. Five minutes for the reconciler
-- to come by, a day in all (a provider's memory of idempotency keys).
select l.business_id, l.id as send_log_id, l.campaign_enrollment_id, l.touch_number, l.claimed_at, c.check_at
from touchline.lane_claims c
cross join lateral unnest(c.send_log_ids) i (id)
join touchline.send_logs l on (l.business_id, l.id, l.claim_id) = (c.business_id, i.id, c.claim_id)
where l.state = 'unknown'
  and (p_now > c.check_at + interval '5 minutes' or p_now > l.claimed_at + interval '24 hours')
union all
select l.business_id, l.id, l.campaign_enrollment_id, l.touch_number, l.claimed_at, null
from touchline.touch_queue q
join touchline.send_logs l on (l.business_id, l.campaign_enrollment_id, l.touch_number)
  = (q.business_id, q.enrollment_id, q.touch_number)
where l.state = 'unknown'
  and not exists (
    select from touchline.lane_claims c
    where (c.business_id, c.claim_id, c.channel) = (l.business_id, l.claim_id, l.channel)
      and l.id = any (c.send_log_ids))
