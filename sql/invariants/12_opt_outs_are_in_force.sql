-- Invariant 12, 13: every recorded opt-out is in force: its address is suppressed, and who has the address is opted out; a START
-- that happened before a STOP does not undo it, however late it arrives.
-- Scope: live
-- Why: an opt-out is answered 2xx when it is recorded. Only an opt-in that was recorded later and happened no earlier lifts it.
-- A bounce suppresses the address and withdraws nobody's consent.
with in_force as materialized (
  select o.business_id, o.id, o.customer_id, o.channel, o.address_hash, o.source, o.occurred_at
  from touchline.consent_events o
  where o.kind = 'opt_out'
    and not exists (
      select from touchline.consent_events i
      where (i.business_id, i.channel, i.address_hash, i.kind) = (o.business_id, o.channel, o.address_hash, 'opt_in')
        and i.sequence > o.sequence
        and i.occurred_at >= o.occurred_at)
)
select o.business_id, o.id as opt_out_id, o.channel, o.occurred_at, null::uuid as customer_id, 'not suppressed' as fault
from in_force o
where not exists (
  select from touchline.suppressions s
  where (s.business_id, s.channel, s.address_hash) = (o.business_id, o.channel, o.address_hash)
    and s.lifted_at is null)
union all
select o.business_id, o.id, o.channel, o.occurred_at, k.id, 'not opted out'
from in_force o
join touchline.customers k on (k.business_id, k.id) = (o.business_id, o.customer_id)
where o.source <> 'bounce'
  and k.status <> 'erased'
  and case o.channel when 'sms' then k.sms_consent_status else k.email_consent_status end <> 'opted_out'
  and o.address_hash = touchline.address_hash(o.channel, case o.channel when 'sms' then k.phone else k.email end)
