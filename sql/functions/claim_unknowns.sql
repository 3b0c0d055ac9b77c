-- Purpose: hands out messages of unknown outcome for which evidence is due to be looked for, at most p_limit, each to one worker. Never
-- before the last attempt and its provider's grace are over (the reconciler writes evidence_checks only then), and again after a
-- growing pause (30 s to 30 min) when nothing came of it. Gives the frozen inputs, when the attempts can have reached the
-- provider, and whether its grace since then has passed (is_over). Asking is no attempt; a replay is one (begin_replays).
-- Moves: none
-- Locks: none of the order (evidence_checks, SKIP LOCKED)
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused
create or replace function touchline.claim_unknowns(p_limit integer, p_now timestamptz default null)
returns table (
  business_id uuid, send_log_id uuid, attempt smallint, enrollment_id uuid, touch_number smallint, channel text,
  customer_id uuid, campaign_id uuid, recipient text, template_version_id uuid, subject text, body text, variables jsonb,
  sender_account_id uuid, sender_kind text, from_address text, sender_settings jsonb, claimed_at timestamptz,
  deadline_ms integer, io_timeout_ms integer, first_attempt_at timestamptz, attempts_over_at timestamptz, is_over boolean)
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz;
  v_due record;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  select pg_catalog.array_agg(d.business_id) as businesses, pg_catalog.array_agg(d.send_log_id) as log_ids into v_due
  from (
    select c.business_id, c.send_log_id
    from touchline.evidence_checks c
    where c.look_at <= v_now
      and c.ends_at > v_now
    order by c.look_at, c.business_id, c.send_log_id
    limit p_limit
    for update skip locked
  ) d;
  if v_due.businesses is null then
    return;
  end if;

  -- What was resolved meanwhile, by a callback or a person, is not looked for any more.
  delete from touchline.evidence_checks c
  using unnest(v_due.businesses, v_due.log_ids) d (business_id, id)
  join touchline.send_logs l on (l.business_id, l.id) = (d.business_id, d.id)
  where (c.business_id, c.send_log_id) = (d.business_id, d.id)
    and (l.state, l.claim_id) is distinct from ('unknown', c.claim_id);

  return query
  with due as materialized (
    select l.*, a.kind, a.from_address as sender_address, a.settings, m.deadline, m.io_timeout, m.lease, t.first_at,
      t.last_deadline_at + m.io_timeout as over_at
    from unnest(v_due.businesses, v_due.log_ids) d (business_id, id)
    join touchline.evidence_checks c on (c.business_id, c.send_log_id) = (d.business_id, d.id)
    join touchline.send_logs l on (l.business_id, l.id) = (d.business_id, d.id)
    join touchline.sender_accounts a on (a.business_id, a.id) = (l.business_id, l.sender_account_id)
    cross join lateral touchline.send_limits(l.channel, a.kind) m
    cross join lateral (
      select min(s.started_at) as first_at, max(s.deadline_at) as last_deadline_at
      from touchline.send_attempts s
      where (s.business_id, s.send_log_id) = (l.business_id, l.id)) t
  ), taken as (
    -- Longer than any look-up or replay may take: whoever dies in between leaves it to the next.
    update touchline.evidence_checks c
    set look_at = v_now + due.lease, tries = c.tries + 1
    from due
    where (c.business_id, c.send_log_id) = (due.business_id, due.id)
    returning c.business_id, c.send_log_id
  )
  select d.business_id, d.id, d.attempt, d.campaign_enrollment_id, d.touch_number, d.channel, d.customer_id, d.campaign_id,
    d.recipient, d.template_version_id, v.subject, v.body, d.variables, d.sender_account_id, d.kind, d.sender_address, d.settings,
    d.claimed_at, (extract(epoch from d.deadline) * 1000)::integer, (extract(epoch from d.io_timeout) * 1000)::integer,
    d.first_at, d.over_at, v_now >= d.over_at + (d.lease - d.deadline - d.io_timeout)
  from due d
  join taken x on (x.business_id, x.send_log_id) = (d.business_id, d.id)
  join touchline.template_versions v on (v.business_id, v.id) = (d.business_id, d.template_version_id);
end
$$;

revoke all on function touchline.claim_unknowns(integer, timestamptz) from public;
grant execute on function touchline.claim_unknowns(integer, timestamptz) to touchline_worker, service_role;
