-- Purpose: writes down what looking for evidence brought. p_findings is a jsonb array, one element per message: {business_id,
-- send_log_id, attempt, finding, provider, provider_id, error_code, error_message, replay, retry_after_seconds}. finding is accepted,
-- absent (the provider has had its grace and has nothing), unknown (looked for again later) or none (no evidence will come: the policy
-- decides at the horizon); replay is what a replay was answered. An acceptance under an id that is another message's, and the second
-- of two under one id, prove nothing. Repeating it changes nothing. Returns the messages whose state changed.
-- Moves: unknown → sent | pending | failed | cancelled; active → completed
-- Locks: campaign_enrollments, touch_queue, send_logs (lane_claims before, evidence_checks after); business_dispatch last (SKIP LOCKED)
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused
create or replace function touchline.settle_evidence(p_findings jsonb, p_now timestamptz default null)
returns table (business_id uuid, send_log_id uuid, state text)
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz;
  v_scale double precision := (select i.horizon_scale from touchline.installation i);
  v_found jsonb;
  v_health record;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);

  -- The reconciler locks a claim before its messages. What is resolved, or given up, it looks at again at once.
  perform
  from pg_catalog.jsonb_to_recordset(p_findings) f (business_id uuid, send_log_id uuid, finding text)
  join touchline.send_logs l on (l.business_id, l.id) = (f.business_id, f.send_log_id)
  join touchline.lane_claims c on (c.business_id, c.claim_id, c.channel) = (l.business_id, l.claim_id, l.channel)
  where f.finding <> 'unknown'
  order by c.business_id, c.claim_id, c.channel
  for update of c;
  update touchline.lane_claims c
  set check_at = least(c.check_at, greatest(c.lease_until, v_now))
  from pg_catalog.jsonb_to_recordset(p_findings) f (business_id uuid, send_log_id uuid, finding text)
  join touchline.send_logs l on (l.business_id, l.id) = (f.business_id, f.send_log_id)
  where f.finding <> 'unknown'
    and (c.business_id, c.claim_id, c.channel) = (l.business_id, l.claim_id, l.channel);

  select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('business_id', f.business_id, 'send_log_id', f.send_log_id,
    'attempt', f.attempt, 'outcome', f.finding, 'provider', f.provider, 'provider_id', f.provider_id))
  into v_found
  from (
    select distinct on (g.business_id, coalesce(g.provider_id, g.send_log_id::text)) g.*
    from pg_catalog.jsonb_to_recordset(p_findings) g (business_id uuid, send_log_id uuid, attempt smallint, finding text,
      provider text, provider_id text)
    where g.finding in ('accepted', 'absent')
    order by g.business_id, coalesce(g.provider_id, g.send_log_id::text), g.send_log_id
  ) f
  where f.finding = 'absent'
    -- By people: there is no index on provider_id, which every settle writes. A message to one number is one of its customers'.
    or not exists (
      select from touchline.send_logs l
      join touchline.customers k on (k.business_id, k.id) = (l.business_id, l.customer_id)
      join touchline.customers n on n.business_id = k.business_id
        and (n.id = k.id or case l.channel when 'sms' then n.phone = k.phone else n.email = k.email end)
      join touchline.send_logs o on (o.business_id, o.customer_id) = (n.business_id, n.id)
      where (l.business_id, l.id) = (f.business_id, f.send_log_id)
        and o.id <> l.id
        and o.provider_id = f.provider_id);
  if v_found is not null then
    return query select a.* from touchline.apply_outcomes(null, v_found, v_now) a;
  end if;

  -- What a replay was answered stands on its attempt; except for an acceptance it says nothing of the message.
  update touchline.send_attempts t
  set outcome = case f.replay when 'template_error' then 'not_started' else f.replay end, finished_at = v_now,
    error_code = f.error_code, error_message = pg_catalog.left(f.error_message, 1000)
  from pg_catalog.jsonb_to_recordset(p_findings) f (business_id uuid, send_log_id uuid, attempt smallint, replay text,
    error_code text, error_message text)
  where (t.business_id, t.send_log_id, t.attempt) = (f.business_id, f.send_log_id, f.attempt)
    and t.is_replay
    and t.outcome is null
    and f.replay <> 'accepted';
  update touchline.evidence_checks c
  set look_at = case f.finding when 'none' then '-infinity'
      else v_now + least(interval '30 seconds' * 2 ^ least(c.tries - 1, 10), interval '30 minutes') * v_scale end,
    ends_at = case f.finding when 'none' then '-infinity' else c.ends_at end,
    error_code = f.error_code,
    error_message = pg_catalog.left(f.error_message, 1000)
  from pg_catalog.jsonb_to_recordset(p_findings) f (business_id uuid, send_log_id uuid, finding text, error_code text,
    error_message text)
  where (c.business_id, c.send_log_id) = (f.business_id, f.send_log_id);

  select pg_catalog.array_agg(l.business_id) as businesses, pg_catalog.array_agg(l.sender_account_id) as accounts,
    pg_catalog.array_agg(f.replay) as outcomes, pg_catalog.array_agg(f.error_message) as words,
    pg_catalog.array_agg(f.retry_after_seconds) as retry_afters
  into v_health
  from pg_catalog.jsonb_to_recordset(p_findings) f (business_id uuid, send_log_id uuid, replay text, error_message text,
    retry_after_seconds numeric)
  join touchline.send_logs l on (l.business_id, l.id) = (f.business_id, f.send_log_id)
  where f.replay in ('account_error', 'rate_limited');
  if v_health.businesses is not null then
    perform touchline.note_account_health(
      v_health.businesses, v_health.accounts, v_health.outcomes, v_health.words, v_health.retry_afters, v_now);
  end if;
end
$$;

revoke all on function touchline.settle_evidence(jsonb, timestamptz) from public;
grant execute on function touchline.settle_evidence(jsonb, timestamptz) to touchline_worker, service_role;
