-- Purpose: forgets claims that are due to be looked at and of which nothing is open, at most p_limit, all at once: what is left to the
-- reconciler is what somebody left open, and it comes to that however many claims were settled in order. Returns how many.
-- Moves: none
-- Locks: none of the order (lane_claims, SKIP LOCKED; evidence_checks after)
-- Raises: none
create or replace function touchline.forget_claims(p_limit integer, p_now timestamptz) returns integer
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare
  v_done record;
begin
  select pg_catalog.array_agg(d.business_id) as business_ids, pg_catalog.array_agg(d.claim_id) as ids,
    pg_catalog.array_agg(d.channel) as channels, pg_catalog.count(*)::integer as claims
  into v_done
  from (
    select c.business_id, c.claim_id, c.channel
    from touchline.lane_claims c
    where c.check_at <= p_now
      and not exists (
        select from touchline.send_logs l
        where l.business_id = c.business_id
          and l.id = any (c.send_log_ids)
          and l.claim_id = c.claim_id
          and l.state in ('sending', 'unknown'))
    order by c.check_at
    limit p_limit
    for update of c skip locked
  ) d;
  if v_done.claims > 0 then
    delete from touchline.evidence_checks e
    using unnest(v_done.business_ids, v_done.ids, v_done.channels) k (business_id, claim_id, channel)
    join touchline.lane_claims c on (c.business_id, c.claim_id, c.channel) = (k.business_id, k.claim_id, k.channel)
    where e.business_id = c.business_id
      and e.send_log_id = any (c.send_log_ids)
      and e.claim_id = c.claim_id;
    delete from touchline.lane_claims c
    using unnest(v_done.business_ids, v_done.ids, v_done.channels) k (business_id, claim_id, channel)
    where (c.business_id, c.claim_id, c.channel) = (k.business_id, k.claim_id, k.channel);
  end if;
  return v_done.claims;
end
$$;

revoke all on function touchline.forget_claims(integer, timestamptz) from public;
