-- Purpose: claims due touches of the lanes that have waited longest, for one worker, and returns the intents to hand over. An
-- intent may be sent only when this transaction is known to be committed. p_claim_id is made by the worker, new for each claim;
-- p_limit 1–1000 touches. Deadline and time-out are lengths in milliseconds, counted from before the call was made. A lane
-- whose claim fails is blocked with the reason and the others go on. A database in safe mode, or that is not the one that checked
-- in last, hands out nothing.
-- Moves: pending → sending | pending (deferred or parked) | skipped; active → stopped
-- Locks: business_dispatch, customers, campaign_enrollments, touch_queue, send_logs (never waiting)
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL402 invalid_argument
create or replace function touchline.claim_due_touches(
  p_worker text, p_claim_id uuid, p_limit integer, p_now timestamptz default null)
returns table (
  business_id uuid, send_log_id uuid, attempt smallint, enrollment_id uuid, touch_number smallint, channel text,
  customer_id uuid, campaign_id uuid, recipient text, template_version_id uuid, subject text, body text, variables jsonb,
  sender_account_id uuid, sender_kind text, from_address text, sender_settings jsonb, claimed_at timestamptz,
  deadline_ms integer, io_timeout_ms integer)
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare
  v_now timestamptz;
  v_lanes record;
  v_each integer;
  v_left integer := p_limit;
  v_from integer := 1;
  v_to integer;
  v_alone_to integer := 0;
  v_constraint text;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  if p_limit is null or p_limit not between 1 and 1000 or p_claim_id is null or coalesce(p_worker, '') = '' then
    raise exception 'A claim needs a worker''s name, a claim id of its own and a limit from 1 to 1000'
      using errcode = 'TL402', detail = pg_catalog.format('Got worker %L, claim %L, limit %L.', p_worker, p_claim_id, p_limit),
        hint = 'Make a new uuid for every claim and ask for as many touches as there are free send slots.';
  end if;

  if not touchline.is_at_home() then
    return;
  end if;
  select pg_catalog.array_agg(l.business_id) as businesses, pg_catalog.array_agg(l.channel) as channels into v_lanes
  from touchline.pick_lanes(least(p_limit, 60), v_now) l;
  if v_lanes.businesses is null then
    return;
  end if;
  -- A few of each at least: a look into a lane costs more than one of its touches. Lanes that get no turn now are the first next time.
  v_each := greatest(pg_catalog.ceil(p_limit::numeric / pg_catalog.cardinality(v_lanes.businesses))::integer, 6);

  while v_from <= pg_catalog.cardinality(v_lanes.businesses) and v_left > 0 loop
    -- As many lanes as can bring what is left.
    v_to := case
      when v_from <= v_alone_to then v_from
      else least(v_from - 1 + pg_catalog.ceil(v_left::numeric / v_each)::integer, pg_catalog.cardinality(v_lanes.businesses))
    end;
    begin
      v_left := v_left - touchline.claim_lanes(v_lanes.businesses[v_from:v_to], v_lanes.channels[v_from:v_to], v_each, v_left,
        p_worker, p_claim_id, v_now);
      v_from := v_to + 1;
    exception when others then
      get stacked diagnostics v_constraint = constraint_name;
      -- What says nothing about the lanes' own rows is passed on: shutdown, cancel, resources, locks, a used claim id.
      if sqlstate ~ '^(08|25|40|53|55|57|58|XX)' or v_constraint = 'lane_claims_pkey' then
        raise;
      end if;
      if v_to > v_from then
        -- Which of them it was shows when each is claimed by itself.
        v_alone_to := v_to;
      else
        update touchline.business_dispatch d
        set blocked_at = v_now, blocked_reason = pg_catalog.left(pg_catalog.format('claim failed: %s %s', sqlstate, sqlerrm), 500)
        where d.business_id = v_lanes.businesses[v_from] and d.channel = v_lanes.channels[v_from];
        v_from := v_from + 1;
      end if;
    end;
  end loop;

  return query
  with lanes as materialized (
    select c.business_id, c.send_log_ids, a.id as sender_account_id, a.kind, a.from_address, a.settings,
      (extract(epoch from m.deadline) * 1000)::integer as deadline_ms, (extract(epoch from m.io_timeout) * 1000)::integer as io_timeout_ms
    from unnest(v_lanes.businesses, v_lanes.channels) x (business_id, channel)
    join touchline.lane_claims c on (c.business_id, c.claim_id, c.channel) = (x.business_id, p_claim_id, x.channel)
    -- A lane's intents of one claim leave through one account. By key, as below.
    cross join lateral (
      select x.business_id, x.sender_account_id from touchline.send_logs x
      where (x.business_id, x.id) = (c.business_id, c.send_log_ids[1]) offset 0) l
    join touchline.sender_accounts a on (a.business_id, a.id) = (l.business_id, l.sender_account_id)
    cross join lateral touchline.send_limits(c.channel, a.kind) m
  )
  -- By key, one by one: in one join the planner would come to the messages through their text, and walk all that share it.
  select l.business_id, l.id, l.attempt, l.campaign_enrollment_id, l.touch_number, l.channel, l.customer_id, l.campaign_id,
    l.recipient, l.template_version_id, t.subject, t.body, l.variables, n.sender_account_id, n.kind, n.from_address,
    n.settings, l.claimed_at, n.deadline_ms, n.io_timeout_ms
  from lanes n
  cross join lateral unnest(n.send_log_ids) i (id)
  cross join lateral (select x.* from touchline.send_logs x where (x.business_id, x.id) = (n.business_id, i.id) offset 0) l
  cross join lateral (
    select x.subject, x.body
    from touchline.template_versions x
    where (x.business_id, x.id) = (l.business_id, l.template_version_id)
    offset 0) t;
end
$$;

revoke all on function touchline.claim_due_touches(text, uuid, integer, timestamptz) from public;
grant execute on function touchline.claim_due_touches(text, uuid, integer, timestamptz) to touchline_worker, service_role;
