-- Purpose: some lanes' part of a claim: locks at most p_each due touches of each and p_limit of all, decides each under its locks, and
-- writes what follows: an intent for those that go (send_logs, send_attempts, the lease, lane_claims), a later due moment, a
-- parking, a skip or a stop for the rest; and when each lane has its next turn. The caller holds the lanes' business_dispatch rows, which
-- makes it their only claimer. Answers how many intents it wrote.
-- Moves: pending → sending | pending (deferred or parked) | skipped; active → stopped
-- Locks: business_dispatch (held by the caller), customers, campaign_enrollments, touch_queue, send_logs (never waiting)
-- Raises: none
create or replace function touchline.claim_lanes(
  p_business_ids uuid[], p_channels text[], p_each integer, p_limit integer, p_worker text, p_claim_id uuid, p_now timestamptz)
returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_left integer := p_limit;
  v_rate record;
  v_limits record;
  v_granted integer[] := '{}';
  v_opens_ats timestamptz[] := '{}';
  v_accounts uuid[] := '{}';
  v_deadlines interval[] := '{}';
  v_leases interval[] := '{}';
  v_slots_from timestamptz[] := '{}';
  v_everys interval[] := '{}';
  v_floors record;
  v_locked record;
  v record;
  v_taken integer[] := '{}';
begin
  for i in 1 .. pg_catalog.cardinality(p_business_ids) loop
    select r.* into v_rate from touchline.rate_slots(p_business_ids[i], p_channels[i], least(p_each, v_left), p_now) r;
    v_left := v_left - v_rate.granted;
    v_granted[i] := v_rate.granted;
    v_opens_ats[i] := v_rate.opens_at;
    v_accounts[i] := v_rate.sender_account_id;
    select l.deadline, l.lease into v_limits from touchline.send_limits(p_channels[i], v_rate.kind) l;
    v_deadlines[i] := v_limits.deadline;
    v_leases[i] := v_limits.lease;
    v_slots_from[i] := v_rate.slots_from;
    v_everys[i] := v_rate.every;
  end loop;
  select pg_catalog.array_agg(d.floor_due_at order by l.place) as due_ats,
    pg_catalog.array_agg(d.floor_enrollment_id order by l.place) as enrollment_ids
  into v_floors
  from unnest(p_business_ids, p_channels) with ordinality l (business_id, channel, place)
  join touchline.business_dispatch d on (d.business_id, d.channel) = (l.business_id, l.channel);
  select l.* into v_locked from touchline.lock_due_touches(
    p_business_ids, p_channels, v_floors.due_ats, v_floors.enrollment_ids, v_granted, p_now) l;

  -- From here on every statement sees what was committed before the locks were taken.
  if v_locked.enrollment_ids is not null then
    with d as materialized (
      select x.*, v_locked.lanes[x.nth] as lane, v_locked.row_places[x.nth] as row_place
      from touchline.touch_decisions(
        array(select p_business_ids[l.lane] from unnest(v_locked.lanes) with ordinality l (lane, place) order by l.place),
        array(select p_channels[l.lane] from unnest(v_locked.lanes) with ordinality l (lane, place) order by l.place),
        v_locked.enrollment_ids, p_now) x
    ), earlier as materialized (
      -- What is tried again, or not any more, by its place: its row is locked, so it stays where it is. Joined by its key, a plan
      -- made while there were no messages would walk all of the business.
      select d.*, l.log_place
      from d
      cross join lateral (
        select x.ctid as log_place from touchline.send_logs x where (x.business_id, x.id) = (d.business_id, d.send_log_id) offset 0) l
      where d.send_log_id is not null
    ), fresh as (
      insert into touchline.send_logs (business_id, customer_id, recipient, channel, campaign_id, campaign_enrollment_id,
        touch_number, campaign_version, template_version_id, sender_account_id, variables, state, claim_id, attempt, claimed_at,
        due_at, deferred_reason, deferrals, sequence, created_at)
      select d.business_id, d.customer_id, d.recipient, p_channels[d.lane], d.campaign_id, d.enrollment_id, d.touch_number,
        d.campaign_version, d.template_version_id, v_accounts[d.lane], d.variables, 'sending', p_claim_id, d.attempt, p_now,
        d.due_at, d.deferred_reason, d.deferrals, nextval('touchline.fence_sequence'), p_now
      from d where d.verdict = 'send' and d.send_log_id is null
      returning business_id, id, campaign_enrollment_id, attempt
    ), again as (
      update touchline.send_logs l
      set state = 'sending', claim_id = p_claim_id, attempt = a.attempt, claimed_at = p_now, settled_at = null, outcome = null,
        due_at = a.due_at, deferred_reason = a.deferred_reason, deferrals = a.deferrals,
        sender_account_id = v_accounts[a.lane], sequence = nextval('touchline.fence_sequence')
      from earlier a
      where l.ctid = a.log_place and a.verdict = 'send'
      returning l.business_id, l.id, l.campaign_enrollment_id, l.attempt
    ), given_up as (
      -- What waited for another attempt gets none.
      update touchline.send_logs l
      set state = 'cancelled', settled_at = p_now
      from earlier a
      where l.ctid = a.log_place and a.verdict = 'skip'
    ), intents as materialized (
      select * from fresh union all select * from again
    ), made as materialized (
      select d.*, i.id as log_id
      from d
      left join intents i on (i.business_id, i.campaign_enrollment_id) = (d.business_id, d.enrollment_id)
    ), attempts as (
      insert into touchline.send_attempts (business_id, send_log_id, attempt, claim_id, worker, started_at, deadline_at)
      select m.business_id, m.log_id, m.attempt, p_claim_id, p_worker, p_now, p_now + v_deadlines[m.lane]
      from made m where m.log_id is not null
    )
    select pg_catalog.array_agg(d.business_id) filter (where d.verdict = 'send') as businesses,
      pg_catalog.array_agg(d.lane) filter (where d.verdict = 'send') as lanes,
      pg_catalog.array_agg(d.log_id) filter (where d.verdict = 'send') as log_ids,
      pg_catalog.array_agg(d.enrollment_id) filter (where d.verdict = 'send') as sends,
      pg_catalog.array_agg(d.touch_number) filter (where d.verdict = 'send') as numbers,
      pg_catalog.array_agg(d.row_place) filter (where d.verdict = 'send') as row_places,
      pg_catalog.array_agg(d.business_id) filter (where d.verdict in ('defer', 'park')) as wait_businesses,
      pg_catalog.array_agg(d.enrollment_id) filter (where d.verdict in ('defer', 'park')) as waits,
      pg_catalog.array_agg(case d.verdict when 'park' then 'infinity' else greatest(d.until, p_now) end)
        filter (where d.verdict in ('defer', 'park')) as untils,
      pg_catalog.array_agg(case d.verdict when 'park' then d.reason end) filter (where d.verdict in ('defer', 'park')) as blocks,
      pg_catalog.array_agg(case d.verdict when 'defer' then d.reason end) filter (where d.verdict in ('defer', 'park'))
        as wait_reasons,
      pg_catalog.array_agg(d.business_id) filter (where d.verdict = 'skip') as skip_businesses,
      pg_catalog.array_agg(d.enrollment_id) filter (where d.verdict = 'skip') as skips,
      pg_catalog.array_agg(d.reason) filter (where d.verdict = 'skip') as skip_reasons,
      pg_catalog.array_agg(d.business_id) filter (where d.verdict = 'stop') as stop_businesses,
      pg_catalog.array_agg(d.enrollment_id) filter (where d.verdict = 'stop') as stops,
      pg_catalog.array_agg(d.reason) filter (where d.verdict = 'stop') as stop_reasons
    into v
    from made d;

    if v.sends is not null then
      v_taken := v.lanes;
      insert into touchline.lane_claims (business_id, claim_id, channel, worker, claimed_at, lease_until, check_at, send_log_ids)
      select p_business_ids[s.lane], p_claim_id, p_channels[s.lane], p_worker, p_now, p_now + v_leases[s.lane], p_now + v_leases[s.lane],
        pg_catalog.array_agg(s.log_id)
      from unnest(v.lanes, v.log_ids) s (lane, log_id)
      group by s.lane;
      update touchline.touch_queue q
      set claim_id = p_claim_id, lease_until = p_now + v_leases[s.lane]
      from unnest(v.row_places, v.lanes) s (row_place, lane)
      where q.ctid = s.row_place;
      perform touchline.set_touch_states(v.businesses, v.sends, v.numbers,
        pg_catalog.array_fill('sending'::text, array[pg_catalog.cardinality(v.sends)]), null, null);
    end if;
    if v.waits is not null then
      update touchline.touch_queue q
      set due_at = w.until, blocked_by = w.block, deferred_reason = coalesce(w.reason, q.deferred_reason),
        deferrals = case when w.reason is null then q.deferrals else least(coalesce(q.deferrals, 0) + 1, 1000) end
      from unnest(v.wait_businesses, v.waits, v.untils, v.blocks, v.wait_reasons) w (business_id, enrollment_id, until, block, reason)
      where q.business_id = w.business_id and q.enrollment_id = w.enrollment_id;
    end if;
    if v.skips is not null then
      perform touchline.advance_enrollments(v.skip_businesses, v.skips,
        pg_catalog.array_fill('skipped'::text, array[pg_catalog.cardinality(v.skips)]), null, v.skip_reasons, p_now);
    end if;
    for i in 1 .. coalesce(pg_catalog.cardinality(v.stops), 0) loop
      perform touchline.stop_enrollments(v.stop_businesses[i], array[v.stops[i]], v.stop_reasons[i], p_now);
    end loop;
  end if;
  perform touchline.set_next_turns(p_business_ids, p_channels, v_granted, v_opens_ats, v_accounts, v_slots_from, v_everys, v_taken,
    v_locked.last_due_ats, v_locked.last_enrollment_ids, p_now);
  return pg_catalog.cardinality(v_taken);
end
$$;

revoke all on function touchline.claim_lanes(uuid[], text[], integer, integer, text, uuid, timestamptz) from public;
