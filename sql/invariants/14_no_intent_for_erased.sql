-- Invariant 14: no intent is written for an erased customer, nor to an address that an erasure or the business suppressed, whoever
-- has the address now.
-- Scope: live
-- Why: a suppression survives the customer and comes into force again when the address is imported anew. Opt-outs, bounces and
-- complaints are judged by 10. Ten seconds, because either side reads its clock before it waits for the customer's lock.
select l.business_id, l.id as send_log_id, l.campaign_enrollment_id, l.touch_number, l.claimed_at, k.erased_at as forbidden_since,
  'customer_erased' as reason
from touchline.send_logs l
join touchline.customers k on (k.business_id, k.id) = (l.business_id, l.customer_id)
where l.updated_at >= p_since
  and l.state is not null
  and l.claimed_at > k.erased_at + interval '10 seconds'
union all
select l.business_id, l.id, l.campaign_enrollment_id, l.touch_number, l.claimed_at, s.suppressed_at, s.reason
from touchline.send_logs l
join touchline.suppressions s on (s.business_id, s.channel) = (l.business_id, l.channel)
where l.updated_at >= p_since
  and l.state is not null
  and s.reason in ('customer_erased', 'manual')
  and l.claimed_at > s.suppressed_at + interval '10 seconds'
  and (s.lifted_at is null or l.claimed_at < s.lifted_at - interval '10 seconds')
  and s.address_hash = touchline.address_hash(l.channel, l.recipient)
