-- Invariant 25: nothing is called sending past its lease and five minutes for the reconciler, and until then the reconciler
-- knows it.
-- Scope: live
-- Why: a worker may die at any moment. Who holds neither a result nor a place in lane_claims is never looked at again.
select l.business_id, l.id as send_log_id, l.campaign_enrollment_id, l.touch_number, l.claimed_at, c.lease_until
from touchline.lane_claims c
cross join lateral unnest(c.send_log_ids) i (id)
join touchline.send_logs l on (l.business_id, l.id, l.claim_id) = (c.business_id, i.id, c.claim_id)
where l.state = 'sending'
  and p_now > c.lease_until + interval '5 minutes'
union all
select l.business_id, l.id, l.campaign_enrollment_id, l.touch_number, l.claimed_at, null
from touchline.touch_queue q
join touchline.send_logs l on (l.business_id, l.campaign_enrollment_id, l.touch_number)
  = (q.business_id, q.enrollment_id, q.touch_number)
where l.state = 'sending'
  and not exists (
    select from touchline.lane_claims c
    where (c.business_id, c.claim_id, c.channel) = (l.business_id, l.claim_id, l.channel)
      and l.id = any (c.send_log_ids))
