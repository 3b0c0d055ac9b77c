-- Invariant 40: nobody is handed more messages within 24 hours than the policy allows, as far as their ends were known at the claim.
-- Scope: live
-- Why: what was settled after the claim may have been refused at that moment. What is assumed to have gone in a lost stretch of time was
-- not asked for. Not comparable where the policy was changed after the claim. Texts a day are left out: whose day, the zone of then says.
select l.business_id, l.id as send_log_id, l.customer_id, l.claimed_at, o.earlier, s.cap_messages_per_24h
from touchline.send_logs l
join touchline.sending_policies s on s.business_id = l.business_id
cross join touchline.installation i
cross join lateral (
  select pg_catalog.count(*) as earlier
  from touchline.send_logs o
  where o.business_id = l.business_id
    and o.customer_id = l.customer_id
    and coalesce(o.claimed_at, o.created_at) > l.claimed_at - interval '24 hours'
    and o.claimed_at <= l.claimed_at
    and o.settled_at <= l.claimed_at
    and o.state in ('unknown', 'held', 'sent', 'presumed_sent')
    and o.id <> l.id
) o
where l.updated_at >= p_since
  and l.state is not null
  and o.earlier >= s.cap_messages_per_24h
  and (i.virtual_clock or s.updated_at <= l.created_at)
  and not exists (
    select from touchline.send_attempts a
    where (a.business_id, a.send_log_id, a.attempt) = (l.business_id, l.id, l.attempt)
      and a.is_assumed)
