-- Purpose: one lane's part of a claim: locks due touches, decides each under its locks, and writes what follows: an intent for
-- those that go (send_logs, send_attempts, the lease, lane_claims), a later due moment, a parking, a skip or a stop for the rest.
-- The caller holds the lane's business_dispatch row and writes next_due_at and the floor there afterwards.
-- Moves: pending → sending | pending (deferred or parked) | skipped; active → stopped
-- Locks: customers, campaign_enrollments, touch_queue, send_logs (never waiting)
-- Raises: none
create or replace function touchline.claim_lane(
  p_business_id uuid, p_channel text, p_worker text, p_claim_id uuid, p_limit integer, p_now timestamptz,
  out written integer, out next_due_at timestamptz, out floor_due_at timestamptz, out floor_enrollment_id uuid)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_rate record;
  v_locked record;
  v_limits record;
  v record;
  v_next record;
begin
  written := 0;
  select d.floor_due_at, d.floor_enrollment_id into floor_due_at, floor_enrollment_id
  from touchline.business_dispatch d
  where d.business_id = p_business_id and d.channel = p_channel;
  select r.* into v_rate from touchline.rate_slots(p_business_id, p_channel, p_limit, p_now) r;
  if v_rate.granted = 0 then
    next_due_at := v_rate.opens_at;
    return;
  end if;
  select l.* into v_locked from touchline.lock_due_touches(
    p_business_id, p_channel, floor_due_at, floor_enrollment_id, v_rate.granted, p_now) l;

  -- From here on every statement sees what was committed before the locks were taken.
  if v_locked.enrollment_ids is not null then
    select l.* into v_limits from touchline.send_limits(p_channel, v_rate.kind) l;
    with d as materialized (
      select x.* from touchline.touch_decisions(p_business_id, p_channel, v_locked.enrollment_ids, p_now) x
    ), fresh as (
      insert into touchline.send_logs (business_id, customer_id, recipient, channel, campaign_id, campaign_enrollment_id,
        touch_number, campaign_version, template_version_id, sender_account_id, variables, state, claim_id, attempt, claimed_at,
        due_at, deferred_reason, deferrals, sequence, created_at)
      select p_business_id, d.customer_id, d.recipient, p_channel, d.campaign_id, d.enrollment_id, d.touch_number,
        d.campaign_version, d.template_version_id, v_rate.sender_account_id, d.variables, 'sending', p_claim_id, d.attempt, p_now,
        d.due_at, d.deferred_reason, d.deferrals, nextval('touchline.fence_sequence'), p_now
      from d
      where d.verdict = 'send' and d.send_log_id is null
      returning id, campaign_enrollment_id, touch_number, attempt
    ), again as (
      -- By keys: joined alone, a plan made while there were no messages would walk all of the business.
      update touchline.send_logs l
      set state = 'sending', claim_id = p_claim_id, attempt = d.attempt, claimed_at = p_now, settled_at = null, outcome = null,
        due_at = d.due_at, deferred_reason = d.deferred_reason, deferrals = d.deferrals,
        sender_account_id = v_rate.sender_account_id, sequence = nextval('touchline.fence_sequence')
      from d
      where l.business_id = p_business_id and l.id = d.send_log_id and d.verdict = 'send'
        and l.id = any (array(select r.send_log_id from d r where r.send_log_id is not null))
      returning l.id, l.campaign_enrollment_id, l.touch_number, l.attempt
    ), given_up as (
      -- What waited for another attempt gets none.
      update touchline.send_logs l
      set state = 'cancelled', settled_at = p_now
      from d
      where l.business_id = p_business_id and l.id = d.send_log_id and d.verdict = 'skip'
        and l.id = any (array(select r.send_log_id from d r where r.send_log_id is not null))
    ), intents as (
      select * from fresh union all select * from again
    ), attempts as (
      insert into touchline.send_attempts (business_id, send_log_id, attempt, claim_id, worker, started_at, deadline_at)
      select p_business_id, i.id, i.attempt, p_claim_id, p_worker, p_now, p_now + v_limits.deadline
      from intents i
    )
    select pg_catalog.array_agg(i.id) filter (where i.id is not null) as log_ids,
      pg_catalog.array_agg(d.enrollment_id) filter (where d.verdict = 'send') as sends,
      pg_catalog.array_agg(d.touch_number) filter (where d.verdict = 'send') as numbers,
      pg_catalog.array_agg(d.enrollment_id) filter (where d.verdict in ('defer', 'park')) as waits,
      pg_catalog.array_agg(case d.verdict when 'park' then 'infinity' else greatest(d.until, p_now) end)
        filter (where d.verdict in ('defer', 'park')) as untils,
      pg_catalog.array_agg(case d.verdict when 'park' then d.reason end) filter (where d.verdict in ('defer', 'park')) as blocks,
      pg_catalog.array_agg(case d.verdict when 'defer' then d.reason end) filter (where d.verdict in ('defer', 'park'))
        as wait_reasons,
      pg_catalog.array_agg(d.enrollment_id) filter (where d.verdict = 'skip') as skips,
      pg_catalog.array_agg(d.reason) filter (where d.verdict = 'skip') as skip_reasons,
      pg_catalog.array_agg(d.enrollment_id) filter (where d.verdict = 'stop') as stops,
      pg_catalog.array_agg(d.reason) filter (where d.verdict = 'stop') as stop_reasons
    into v
    from d left join intents i on i.campaign_enrollment_id = d.enrollment_id;

    if v.sends is not null then
      written := pg_catalog.cardinality(v.sends);
      insert into touchline.lane_claims (
        business_id, claim_id, channel, worker, claimed_at, lease_until, check_at, send_log_ids)
      values (p_business_id, p_claim_id, p_channel, p_worker, p_now, p_now + v_limits.lease, p_now + v_limits.lease, v.log_ids);
      update touchline.touch_queue q
      set claim_id = p_claim_id, lease_until = p_now + v_limits.lease
      where q.business_id = p_business_id and q.enrollment_id = any (v.sends);
      perform touchline.set_touch_states(pg_catalog.array_fill(p_business_id, array[written]), v.sends, v.numbers,
        pg_catalog.array_fill('sending'::text, array[written]), null, null);
    end if;
    if v_rate.every is not null and written > 0 then
      update touchline.sender_accounts a
      set next_slot_at = v_rate.slots_from + v_rate.every * written
      where a.business_id = p_business_id and a.id = v_rate.sender_account_id;
    end if;
    if v.waits is not null then
      update touchline.touch_queue q
      set due_at = w.until, blocked_by = w.block, deferred_reason = coalesce(w.reason, q.deferred_reason),
        deferrals = case when w.reason is null then q.deferrals else least(coalesce(q.deferrals, 0) + 1, 1000) end
      from unnest(v.waits, v.untils, v.blocks, v.wait_reasons) w (enrollment_id, until, block, reason)
      where q.business_id = p_business_id and q.enrollment_id = w.enrollment_id;
    end if;
    if v.skips is not null then
      perform touchline.advance_enrollments(pg_catalog.array_fill(p_business_id, array[pg_catalog.cardinality(v.skips)]), v.skips,
        pg_catalog.array_fill('skipped'::text, array[pg_catalog.cardinality(v.skips)]), null, v.skip_reasons, p_now);
    end if;
    for i in 1 .. coalesce(pg_catalog.cardinality(v.stops), 0) loop
      perform touchline.stop_enrollments(p_business_id, array[v.stops[i]], v.stop_reasons[i], p_now);
    end loop;
  end if;

  -- The first row above the floor that is still to be claimed tells the lane's next moment. The floor follows what was taken,
  -- but never passes such a row: it was skipped as locked by somebody else.
  select q.due_at, q.enrollment_id into v_next
  from touchline.touch_queue q
  where q.business_id = p_business_id
    and q.channel = p_channel
    and (q.due_at, q.enrollment_id) > (floor_due_at, floor_enrollment_id)
    and q.claim_id is null
  order by q.due_at, q.enrollment_id
  limit 1;
  next_due_at := greatest(coalesce(v_next.due_at, 'infinity'), p_now);
  if v_locked.last_due_at is not null and (v_next.due_at is null
    or (v_next.due_at, v_next.enrollment_id) > (v_locked.last_due_at, v_locked.last_enrollment_id)) then
    floor_due_at := v_locked.last_due_at;
    floor_enrollment_id := v_locked.last_enrollment_id;
  end if;
  if v_rate.every is not null then
    next_due_at := greatest(next_due_at, v_rate.slots_from + v_rate.every * written);
  end if;
end
$$;

revoke all on function touchline.claim_lane(uuid, text, text, uuid, integer, timestamptz) from public;
