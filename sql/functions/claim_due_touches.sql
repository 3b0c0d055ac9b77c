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
as $$
declare
  v_now timestamptz;
  v_lanes record;
  v_lane record;
  v_each integer;
  v_left integer := p_limit;
  v_result record;
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
  -- A few of each at least: a look into a lane costs as much as twenty of its touches. Lanes that get no turn now are the first next time.
  v_each := greatest(pg_catalog.ceil(p_limit::numeric / pg_catalog.cardinality(v_lanes.businesses))::integer, 6);

  for v_lane in select x.business_id, x.channel from unnest(v_lanes.businesses, v_lanes.channels) x (business_id, channel) loop
    begin
      select c.* into v_result
      from touchline.claim_lane(v_lane.business_id, v_lane.channel, p_worker, p_claim_id, least(v_each, v_left), v_now) c;
    exception when others then
      get stacked diagnostics v_constraint = constraint_name;
      -- What says nothing about the lane's own rows is passed on: shutdown, cancel, resources, locks, a used claim id.
      if sqlstate ~ '^(08|25|40|53|55|57|58|XX)' or v_constraint = 'lane_claims_pkey' then
        raise;
      end if;
      update touchline.business_dispatch d
      set blocked_at = v_now, blocked_reason = pg_catalog.left(pg_catalog.format('claim failed: %s %s', sqlstate, sqlerrm), 500)
      where d.business_id = v_lane.business_id and d.channel = v_lane.channel;
      continue;
    end;
    update touchline.business_dispatch d
    set next_due_at = v_result.next_due_at, floor_due_at = v_result.floor_due_at, floor_enrollment_id = v_result.floor_enrollment_id
    where d.business_id = v_lane.business_id and d.channel = v_lane.channel;
    v_left := v_left - v_result.written;
    exit when v_left = 0;
  end loop;

  -- Lane by lane and by key: in one join the planner would walk every message of a text.
  for v_lane in
    select c.business_id, c.send_log_ids, a.id as sender_account_id, a.kind, a.from_address, a.settings,
      (extract(epoch from m.deadline) * 1000)::integer as deadline_ms, (extract(epoch from m.io_timeout) * 1000)::integer as io_timeout_ms
    from unnest(v_lanes.businesses, v_lanes.channels) x (business_id, channel)
    join touchline.lane_claims c on (c.business_id, c.claim_id, c.channel) = (x.business_id, p_claim_id, x.channel)
    -- A lane's intents of one claim leave through one account.
    join touchline.send_logs l on (l.business_id, l.id) = (c.business_id, c.send_log_ids[1])
    join touchline.sender_accounts a on (a.business_id, a.id) = (l.business_id, l.sender_account_id)
    cross join lateral touchline.send_limits(c.channel, a.kind) m
  loop
    return query
    -- The messages first: the planner cannot know how many share a text, and would come to them through it.
    with l as materialized (
      select i.*
      from touchline.send_logs i
      where i.business_id = v_lane.business_id
        and i.id = any (v_lane.send_log_ids)
    )
    select l.business_id, l.id, l.attempt, l.campaign_enrollment_id, l.touch_number, l.channel, l.customer_id, l.campaign_id,
      l.recipient, l.template_version_id, t.subject, t.body, l.variables, v_lane.sender_account_id, v_lane.kind, v_lane.from_address,
      v_lane.settings, l.claimed_at, v_lane.deadline_ms, v_lane.io_timeout_ms
    from l
    join touchline.template_versions t on (t.business_id, t.id) = (v_lane.business_id, l.template_version_id);
  end loop;
end
$$;

revoke all on function touchline.claim_due_touches(text, uuid, integer, timestamptz) from public;
grant execute on function touchline.claim_due_touches(text, uuid, integer, timestamptz) to touchline_worker, service_role;
