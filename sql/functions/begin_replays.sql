-- Purpose: the write-ahead record of replays: for each given message of unknown outcome whose provider knows it by its key, one
-- further attempt (is_replay), to be submitted within the deadline and only when this transaction is known to be committed. If the
-- earlier attempt never arrived, a replay sends: so every guard of the claim is asked again under the claim's locks, none of
-- which waits, and whoever opted out, was stopped or is asleep is not written to. p_within counts from the first attempt.
-- Returns the attempts that may be made.
-- Moves: none (the message stays unknown until settle_evidence)
-- Locks: business_dispatch, customers, campaign_enrollments, touch_queue, send_logs (never waiting); evidence_checks
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused
create or replace function touchline.begin_replays(
  p_worker text, p_claim_id uuid, p_business_ids uuid[], p_send_log_ids uuid[], p_within interval, p_now timestamptz default null)
returns table (business_id uuid, send_log_id uuid, attempt smallint)
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_now timestamptz;
  v_scale numeric := (select i.horizon_scale from touchline.installation i);
  v record;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  if not touchline.is_at_home() then
    return;
  end if;
  with given as materialized (
    select l.business_id, l.id, l.channel, l.customer_id, l.campaign_enrollment_id as enrollment_id
    from unnest(p_business_ids, p_send_log_ids) k (business_id, id)
    join touchline.send_logs l on (l.business_id, l.id) = (k.business_id, k.id)
    where l.state = 'unknown'
      -- What was really sent in a time that this database lost bore another key.
      and not exists (
        select from touchline.send_attempts t
        where (t.business_id, t.send_log_id) = (l.business_id, l.id) and t.is_assumed)
  ), lanes as materialized (
    select d.business_id, d.channel
    from touchline.business_dispatch d
    where (d.business_id, d.channel) in (select g.business_id, g.channel from given g)
      and d.blocked_at is null
    for no key update skip locked
  ), people as materialized (
    select c.business_id, c.id
    from touchline.customers c
    where (c.business_id, c.id) in (select g.business_id, g.customer_id from given g)
    for no key update skip locked
  ), enrollments as materialized (
    select e.business_id, e.id
    from touchline.campaign_enrollments e
    where (e.business_id, e.id) in (select g.business_id, g.enrollment_id from given g)
    for no key update skip locked
  ), messages as materialized (
    select l.business_id, l.id
    from touchline.send_logs l
    where (l.business_id, l.id) in (select g.business_id, g.id from given g)
    for no key update skip locked
  )
  select pg_catalog.array_agg(g.business_id) as businesses, pg_catalog.array_agg(g.id) as log_ids into v
  from given g
  join lanes d on (d.business_id, d.channel) = (g.business_id, g.channel)
  join people c on (c.business_id, c.id) = (g.business_id, g.customer_id)
  join enrollments e on (e.business_id, e.id) = (g.business_id, g.enrollment_id)
  join messages l on (l.business_id, l.id) = (g.business_id, g.id);
  if v.businesses is null then
    return;
  end if;

  -- From here on every statement sees what was committed before the locks were taken.
  return query
  with held as materialized (
    select pg_catalog.array_agg(l.business_id) as businesses, pg_catalog.array_agg(l.channel) as channels,
      pg_catalog.array_agg(l.campaign_enrollment_id) as enrollments
    from unnest(v.businesses, v.log_ids) k (business_id, id)
    join touchline.send_logs l on (l.business_id, l.id) = (k.business_id, k.id)
  ), allowed as materialized (
    select l.business_id, l.id, (l.attempt + 1)::smallint as attempt, m.deadline, m.lease
    from held h
    cross join lateral touchline.touch_decisions(h.businesses, h.channels, h.enrollments, v_now) d
    join unnest(v.businesses, v.log_ids) k (business_id, id) on (k.business_id, k.id) = (d.business_id, d.send_log_id)
    join touchline.send_logs l on (l.business_id, l.id) = (k.business_id, k.id)
    join touchline.sender_accounts a on (a.business_id, a.id) = (l.business_id, l.sender_account_id)
    cross join lateral touchline.send_limits(l.channel, a.kind) m
    where d.verdict = 'send'
      and l.state = 'unknown'
      and (a.status = 'active' or a.paused_until <= v_now)
      and v_now < p_within * v_scale::double precision + (
        select min(t.started_at)
        from touchline.send_attempts t
        where (t.business_id, t.send_log_id) = (l.business_id, l.id))
  ), unanswered as (
    -- A replay whose worker died stays unproved.
    update touchline.send_attempts t
    set outcome = 'ambiguous', finished_at = v_now
    from allowed w
    where (t.business_id, t.send_log_id) = (w.business_id, w.id) and t.outcome is null
  ), attempts as (
    insert into touchline.send_attempts (business_id, send_log_id, attempt, claim_id, worker, started_at, deadline_at, is_replay)
    select w.business_id, w.id, w.attempt, p_claim_id, p_worker, v_now, v_now + w.deadline, true
    from allowed w
  ), checks as (
    update touchline.evidence_checks c
    set look_at = v_now + w.lease
    from allowed w
    where (c.business_id, c.send_log_id) = (w.business_id, w.id)
  ), logs as (
    -- A number of its own in the order of opt-outs and submissions, taken under the customer's lock.
    update touchline.send_logs l
    set attempt = w.attempt, sequence = nextval('touchline.fence_sequence')
    from allowed w
    where (l.business_id, l.id) = (w.business_id, w.id)
    returning l.business_id, l.id, l.attempt
  )
  select g.business_id, g.id, g.attempt
  from logs g;
end
$$;

revoke all on function touchline.begin_replays(text, uuid, uuid[], uuid[], interval, timestamptz) from public;
grant execute on function touchline.begin_replays(text, uuid, uuid[], uuid[], interval, timestamptz) to touchline_worker, service_role;
