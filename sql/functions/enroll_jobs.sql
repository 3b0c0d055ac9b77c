-- Purpose: the one home of enrolling: decides the given jobs of one business under their customers' locks, stores each decision
-- with its reason, stops what is replaced and plans what is enrolled. Jobs that led to an enrollment before, and conflicts (which
-- a person resolves: p_overlap), stay as they are. The enrolled jobs start from p_first_slot on at the pace of p_per_hour
-- (paced_slots), in order of completion; without p_per_hour all start at p_first_slot. Several jobs of one customer are decided one
-- after the other, in rounds, with the result that single calls in order of completion would have. Answers the first slot that is
-- free.
-- Moves: undecided, queued, conflict, refused, imported → enrolled | queued | conflict | refused; none → active; active → stopped
-- Locks: business_dispatch (last, SKIP LOCKED), customers, jobs, campaign_enrollments, touch_queue, send_logs
-- Raises: none
create or replace function touchline.enroll_jobs(
  p_business_id uuid, p_job_ids uuid[], p_first_slot timestamptz, p_per_hour integer, p_now timestamptz,
  p_overlap text default null) returns timestamptz
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_left uuid[];
  v_round record;
  v_slots timestamptz[];
  v_channel text;
  v_enrolled integer := 0;
begin
  perform touchline.lock_jobs(p_business_id, p_job_ids);

  v_left := array(
    select j.id
    from touchline.keys_of(p_business_id, p_job_ids) i
    cross join lateral (select x.* from touchline.jobs x where (x.business_id, x.id) = (i.business_id, i.id) offset 0) j
    where j.decision is distinct from 'enrolled'
      and (j.decision is distinct from 'conflict' or p_overlap is not null)
      and not exists (
        select from touchline.campaign_enrollments e where (e.business_id, e.job_id) = (j.business_id, j.id) offset 0));

  while v_left <> '{}' loop
    with decided as materialized (
      select d.*
      from touchline.decide_jobs(p_business_id, v_left, p_overlap, p_now) d
    ), starting as materialized (
      select d.*, t.channel, pg_catalog.row_number() over (order by d.completed_at, d.job_id) as place
      from decided d
      join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
        = (p_business_id, d.campaign_id, d.version, 1)
      where d.decision = 'enrolled'
    )
    select pg_catalog.array_agg(d.job_id) as job_ids, pg_catalog.array_agg(d.decision) as decisions,
      pg_catalog.array_agg(d.reason) as reasons, pg_catalog.array_agg(d.decide_after) as moments,
      pg_catalog.array_agg(d.blocked_by) as blockers,
      array(select r.id from decided x, unnest(x.replaces) r (id)) as replaced,
      array(select x.job_id from starting x order by x.place) as wanted,
      array(select x.customer_id from starting x order by x.place) as customers,
      array(select x.campaign_id from starting x order by x.place) as campaigns,
      array(select x.version from starting x order by x.place) as versions,
      array(select x.not_before from starting x order by x.place) as earliest,
      array(select x.channel from starting x order by x.place) as channels
    into v_round
    from decided d;

    if v_round.replaced <> '{}' then
      perform touchline.stop_enrollments(p_business_id, v_round.replaced, 'repeat_job', p_now);
    end if;
    if v_round.wanted <> '{}' then
      v_slots := case
        when p_per_hour is null then pg_catalog.array_fill(p_first_slot, array[pg_catalog.cardinality(v_round.wanted)])
        else touchline.paced_slots(p_business_id, p_first_slot, p_per_hour, v_enrolled, v_round.channels) end;
      v_slots := array(
        select greatest(s.slot, s.earliest) from unnest(v_slots, v_round.earliest) with ordinality s (slot, earliest, place)
        order by s.place);
      perform touchline.plan_enrollments(p_business_id, v_round.wanted, v_round.customers, v_round.campaigns, v_round.versions,
        v_slots, p_now);
      v_channel := v_round.channels[1];
    end if;

    -- Found by its place, which is fetched by key: the rows are locked, so they stay where they are.
    update touchline.jobs j
    set decision = d.decision, decision_reason = d.reason, decided_at = p_now, decide_after = d.decide_after,
      blocked_by_enrollment = d.blocked_by
    from (
      select p_business_id as business_id, u.*
      from unnest(v_round.job_ids, v_round.decisions, v_round.reasons, v_round.moments, v_round.blockers)
        u (job_id, decision, reason, decide_after, blocked_by)
      offset 0) d
    cross join lateral (
      select x.ctid as place from touchline.jobs x where (x.business_id, x.id) = (d.business_id, d.job_id) offset 0) x
    where j.ctid = x.place;

    v_enrolled := v_enrolled + pg_catalog.cardinality(v_round.wanted);
    v_left := array(select unnest(v_left) except select unnest(v_round.job_ids));
  end loop;

  if v_enrolled > 0 then
    perform touchline.lower_lanes(p_business_id, p_now);
  end if;
  return case
    when p_per_hour is null or v_enrolled = 0 then p_first_slot
    else (touchline.paced_slots(p_business_id, p_first_slot, p_per_hour, v_enrolled, array[v_channel]))[1] end;
end
$$;

revoke all on function touchline.enroll_jobs(uuid, uuid[], timestamptz, integer, timestamptz, text) from public;
