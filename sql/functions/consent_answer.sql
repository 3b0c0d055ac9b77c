-- Purpose: the answer to whoever reported an opt-in or opt-out, read from what is stored, so that an event that is reported again
-- is answered the same. outdated: an opt-in that happened before an opt-out recorded earlier; it opened nothing.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.consent_answer(p_business_id uuid, p_event_id uuid) returns jsonb
language sql stable security definer
set search_path = ''
as $$
  select pg_catalog.jsonb_build_object('event_id', e.id, 'kind', e.kind, 'channel', e.channel, 'occurred_at', e.occurred_at,
    'customers', pg_catalog.cardinality(r.customer_ids),
    'stopped', case e.kind when 'opt_in' then 0 else (
      select pg_catalog.count(*)
      from touchline.campaign_enrollments n
      where n.business_id = e.business_id
        and n.customer_id = any (r.customer_ids)
        and n.stopped_at = e.recorded_at
        and n.stop_reason = (touchline.event_effects(
          case e.source when 'bounce' then 'bounce_permanent' when 'complaint' then 'complaint' else 'opt_out' end,
          e.channel, null, null)).stop_reason) end,
    'outdated', e.kind = 'opt_in' and exists (
      select from touchline.consent_events o
      where (o.business_id, o.channel, o.address_hash, o.kind) = (e.business_id, e.channel, e.address_hash, 'opt_out')
        and o.source <> 'bounce'
        and o.sequence < e.sequence
        and o.occurred_at > e.occurred_at))
  from touchline.consent_events e
  cross join lateral (
    select coalesce(pg_catalog.array_agg(distinct o.customer_id) filter (where o.customer_id is not null), '{}') as customer_ids
    from touchline.consent_events o
    where (o.business_id, o.channel, o.address_hash, o.kind, o.source, o.recorded_at)
      = (e.business_id, e.channel, e.address_hash, e.kind, e.source, e.recorded_at)) r
  where e.business_id = p_business_id
    and e.id = p_event_id
$$;

revoke all on function touchline.consent_answer(uuid, uuid) from public;
