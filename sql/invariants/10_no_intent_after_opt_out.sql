-- Invariant 10: no intent was written while an opt-out of its customer or address was in force.
-- Scope: live
-- Why: the order is that of fence_sequence, taken under the customer's lock, so it holds whatever the clocks say. An opt-in
-- recorded later lifts an opt-out, unless it happened before it (a replayed old START).
with opted_out as materialized (
  select distinct o.business_id, o.channel
  from touchline.consent_events o
  where o.kind = 'opt_out'
), intents as materialized (
  select l.business_id, l.id, l.campaign_enrollment_id, l.touch_number, l.channel, l.customer_id, l.claimed_at, l.sequence,
    touchline.address_hash(l.channel, l.recipient) as address_hash
  from touchline.send_logs l
  join opted_out b on (b.business_id, b.channel) = (l.business_id, l.channel)
  where l.updated_at >= p_since
    and l.state is not null
)
select l.business_id, l.id as send_log_id, l.campaign_enrollment_id, l.touch_number, l.channel, l.customer_id, l.claimed_at,
  l.sequence, o.id as opt_out_id, o.sequence as opt_out_sequence, o.occurred_at as opted_out_at
from intents l
cross join lateral (
  select e.*
  from touchline.consent_events e
  where (e.business_id, e.customer_id, e.channel) = (l.business_id, l.customer_id, l.channel)
  union
  select e.*
  from touchline.consent_events e
  where (e.business_id, e.channel, e.address_hash) = (l.business_id, l.channel, l.address_hash)
) o
where o.kind = 'opt_out'
  and o.sequence < l.sequence
  and not exists (
    select from touchline.consent_events i
    where (i.business_id, i.channel, i.kind) = (o.business_id, o.channel, 'opt_in')
      and (i.address_hash = o.address_hash or i.customer_id = o.customer_id)
      and i.sequence between o.sequence and l.sequence
      and i.occurred_at >= o.occurred_at)
union all
select l.business_id, l.id, l.campaign_enrollment_id, l.touch_number, l.channel, l.customer_id, l.claimed_at, null, null, null, null
from touchline.send_logs l
where l.updated_at >= p_since
  and l.state is not null
  and l.sequence is null
