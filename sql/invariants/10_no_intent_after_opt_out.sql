-- Invariant 10: no intent was written while an opt-out of its customer or address was in force.
-- Scope: live
-- Why: the order is that of fence_sequence, taken under the customer's lock, so it holds whatever the clocks say. An opt-in
-- recorded later lifts an opt-out, unless it happened before it (a replayed old START). The address is found by its suppression,
-- whoever has it now; one that an erasure wiped is judged by 14.
with opt_outs as materialized (
  select o.business_id, o.id, o.channel, o.customer_id, o.address_hash, o.sequence, o.occurred_at, s.address
  from touchline.consent_events o
  left join touchline.suppressions s on (s.business_id, s.channel, s.address_hash) = (o.business_id, o.channel, o.address_hash)
  where o.kind = 'opt_out'
), intents as (
  select l.business_id, l.id, o.id as opt_out_id
  from touchline.send_logs l
  join opt_outs o on (o.business_id, o.channel, o.customer_id) = (l.business_id, l.channel, l.customer_id)
  where l.updated_at >= p_since
    and l.sequence > o.sequence
  union
  select l.business_id, l.id, o.id
  from touchline.send_logs l
  join opt_outs o on (o.business_id, o.channel, o.address) = (l.business_id, l.channel, l.recipient)
  where l.updated_at >= p_since
    and l.sequence > o.sequence
)
select l.business_id, l.id as send_log_id, l.campaign_enrollment_id, l.touch_number, l.channel, l.customer_id, l.claimed_at,
  l.sequence, o.id as opt_out_id, o.sequence as opt_out_sequence, o.occurred_at as opted_out_at
from intents n
join touchline.send_logs l on (l.business_id, l.id) = (n.business_id, n.id)
join opt_outs o on (o.business_id, o.id) = (n.business_id, n.opt_out_id)
where l.state is not null
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
