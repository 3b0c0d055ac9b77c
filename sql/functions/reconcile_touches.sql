-- Purpose: brings home what workers left open, at most p_limit claims: an intent still sending after its lease is unknown (never
-- due again by itself), and evidence is looked for (claim_unknowns). Past its horizon, and once no evidence is to be had, an
-- unknown one follows the business's policy (presumed_sent, hold, resend_once). A claim of which nothing is open is forgotten.
-- Returns how many intents moved.
-- Moves: sending → unknown; unknown → presumed_sent | held | pending
-- Locks: campaign_enrollments, touch_queue, send_logs (lane_claims before, evidence_checks after); business_dispatch last (SKIP LOCKED)
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused
create or replace function touchline.reconcile_touches(p_limit integer default 100, p_now timestamptz default null)
returns integer
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare
  v_now timestamptz;
  v_claims record;
  v_claim record;
  v_outcomes jsonb;
  v_moved integer := 0;
  v_next_at timestamptz;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  -- So that the claims of busy workers, which left nothing open, never stand before those of one that died.
  perform touchline.forget_claims(100 * p_limit, v_now);
  select pg_catalog.array_agg(d.business_id) as business_ids, pg_catalog.array_agg(d.claim_id) as ids,
    pg_catalog.array_agg(d.channel) as channels
  into v_claims
  from (
    select c.business_id, c.claim_id, c.channel
    from touchline.lane_claims c
    where c.check_at <= v_now
    order by c.check_at
    limit p_limit
    for update skip locked
  ) d;
  -- All locks at once and in their order: claim by claim, a stop of many people or another worker's settle would meet crosswise.
  perform touchline.lock_intents(pg_catalog.array_agg(l.business_id), pg_catalog.array_agg(l.id))
  from unnest(v_claims.business_ids, v_claims.ids, v_claims.channels) k (business_id, claim_id, channel)
  join touchline.lane_claims c on (c.business_id, c.claim_id, c.channel) = (k.business_id, k.claim_id, k.channel)
  cross join lateral unnest(c.send_log_ids) i (id)
  join touchline.send_logs l on (l.business_id, l.id) = (c.business_id, i.id)
  where l.claim_id = c.claim_id
    and l.state in ('sending', 'unknown');

  for v_claim in
    select c.*, a.horizon_at, a.looked_by
    from unnest(v_claims.business_ids, v_claims.ids, v_claims.channels) k (business_id, claim_id, channel)
    join touchline.lane_claims c on (c.business_id, c.claim_id, c.channel) = (k.business_id, k.claim_id, k.channel)
    cross join lateral (
      select c.lease_until + (l.horizon - l.lease) as horizon_at, v_now + (l.horizon - l.lease) as looked_by
      from touchline.send_limits(c.channel, 'server_default') l) a
  loop
    -- Whoever comes late still looks once before the policy decides.
    insert into touchline.evidence_checks as e (business_id, send_log_id, claim_id, look_at, ends_at)
    select l.business_id, l.id, l.claim_id, v_now, greatest(v_claim.horizon_at, v_claim.looked_by, t.first_at + m.evidence)
    from touchline.send_logs l
    join touchline.sender_accounts a on (a.business_id, a.id) = (l.business_id, l.sender_account_id)
    cross join lateral touchline.send_limits(l.channel, a.kind) m
    cross join lateral (
      select min(s.started_at) as first_at
      from touchline.send_attempts s
      where (s.business_id, s.send_log_id) = (l.business_id, l.id)) t
    where l.business_id = v_claim.business_id
      and l.id = any (v_claim.send_log_ids)
      and l.claim_id = v_claim.claim_id
      and l.state in ('sending', 'unknown')
      and (l.campaign_enrollment_id, l.customer_id) is not null
    on conflict (business_id, send_log_id) do update
    set claim_id = excluded.claim_id, look_at = excluded.look_at, ends_at = excluded.ends_at, tries = 0, error_code = null,
      error_message = null
    where e.claim_id <> excluded.claim_id;
    select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('business_id', l.business_id, 'send_log_id', l.id, 'attempt', l.attempt,
      'outcome', case
        when l.state = 'sending' then 'ambiguous'
        when p.policy = 'hold' then 'hold'
        else p.policy end,
      'error_message', case l.state when 'sending' then 'the worker did not report before its lease ended' end))
    into v_outcomes
    from touchline.send_logs l
    join touchline.sending_policies s on s.business_id = l.business_id
    cross join lateral (select case v_claim.channel when 'sms' then s.unknown_sms else s.unknown_email end as policy) p
    where l.business_id = v_claim.business_id
      and l.id = any (v_claim.send_log_ids)
      and l.claim_id = v_claim.claim_id
      and (l.state = 'sending' or l.state = 'unknown' and v_claim.horizon_at <= v_now and not exists (
        select from touchline.evidence_checks e
        where (e.business_id, e.send_log_id) = (l.business_id, l.id) and greatest(e.ends_at, e.look_at) > v_now));
    if v_outcomes is not null then
      v_moved := v_moved + (select pg_catalog.count(*) from touchline.apply_outcomes(v_claim.claim_id, v_outcomes, v_now));
    end if;
    select min(greatest(v_claim.horizon_at, v_now, e.ends_at, e.look_at)) into v_next_at
    from touchline.send_logs l
    left join touchline.evidence_checks e on (e.business_id, e.send_log_id) = (l.business_id, l.id)
    where l.business_id = v_claim.business_id and l.id = any (v_claim.send_log_ids) and l.claim_id = v_claim.claim_id
      and l.state in ('sending', 'unknown');
    if v_next_at is not null then
      update touchline.lane_claims c set check_at = v_next_at
      where (c.business_id, c.claim_id, c.channel) = (v_claim.business_id, v_claim.claim_id, v_claim.channel);
    else
      delete from touchline.lane_claims c
      where (c.business_id, c.claim_id, c.channel) = (v_claim.business_id, v_claim.claim_id, v_claim.channel);
      delete from touchline.evidence_checks e
      where e.business_id = v_claim.business_id and e.send_log_id = any (v_claim.send_log_ids) and e.claim_id = v_claim.claim_id;
    end if;
  end loop;
  return v_moved;
end
$$;

revoke all on function touchline.reconcile_touches(integer, timestamptz) from public;
grant execute on function touchline.reconcile_touches(integer, timestamptz) to touchline_worker, service_role;
