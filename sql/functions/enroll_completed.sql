-- Purpose: decides many jobs of one business at once, in order of completion: after an import, or to work off a backlog. With
-- p_per_hour the sequences begin one after the other at that pace, from p_first_slot (default: now) on. Answers counts, the first
-- and the last moment of a first touch, how many messages go by which channel and what would be skipped as things stand, and next_slot:
-- passed as the p_first_slot of the next call it keeps the pace, so that many jobs are enrolled batch by batch, each in a short
-- transaction, and the same jobs may be passed again after a crash. Run it in a transaction that is rolled back to see the answer
-- without its effects.
-- Moves: undecided, queued, refused, imported → enrolled | queued | conflict | refused; none → active; active → stopped
-- Locks: business_dispatch (last, SKIP LOCKED), customers, jobs, campaign_enrollments, touch_queue, send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL402 invalid_argument
create or replace function touchline.enroll_completed(
  p_business_id uuid, p_job_ids uuid[], p_per_hour integer default null, p_first_slot timestamptz default null,
  p_now timestamptz default null) returns jsonb
language plpgsql volatile security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_now timestamptz;
  v_ids uuid[];
  v_found bigint;
  v_settled uuid[];
  v_completed uuid[];
  v_first_slot timestamptz;
  v_next_slot timestamptz;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  if p_job_ids is null or p_per_hour not between 1 and 1000000 then
    raise exception 'Jobs are enrolled by their ids, at 1 to 1000000 per hour'
      using errcode = 'TL402', detail = pg_catalog.format('Got %s ids, %s per hour.', pg_catalog.cardinality(p_job_ids), p_per_hour),
        hint = 'Leave p_per_hour out to begin all at once.';
  end if;
  v_ids := array(select distinct i.id from unnest(p_job_ids) i (id));
  perform touchline.lock_jobs(p_business_id, v_ids);
  select pg_catalog.count(*), coalesce(pg_catalog.array_agg(j.id) filter (where j.status = 'completed'), '{}'),
    coalesce(pg_catalog.array_agg(j.id) filter (where j.status = 'completed' and j.decision = 'enrolled'), '{}')
  into v_found, v_completed, v_settled
  from touchline.keys_of(p_business_id, v_ids) i
  cross join lateral (
    select x.id, x.status, x.decision from touchline.jobs x where (x.business_id, x.id) = (i.business_id, i.id) offset 0) j;
  if v_found <> pg_catalog.cardinality(v_ids) then
    raise exception 'There is no such job'
      using errcode = 'TL201', detail = 'One of the ids does not exist, or belongs to another business. Nothing was done.',
        hint = 'Check the ids of the jobs.';
  end if;

  -- A start that was shifted is a slot. Whoever enrolled these jobs before and was interrupted goes on after the last of them.
  select greatest(v_now, p_first_slot, max(e.touch_1_scheduled_at + e.plan_shift) + interval '1 hour' / p_per_hour)
  into v_first_slot
  from touchline.keys_of(p_business_id, v_settled) i
  cross join lateral (
    select x.touch_1_scheduled_at, x.plan_shift
    from touchline.campaign_enrollments x
    where (x.business_id, x.job_id) = (i.business_id, i.id) and x.status = 'active' and x.plan_shift > interval '0'
    offset 0) e;
  v_next_slot := touchline.enroll_jobs(p_business_id, v_completed, v_first_slot, p_per_hour, v_now);

  return (
    with jobs as materialized (
      select j.business_id, j.id, j.decision, j.decision_reason, j.id = any (v_settled) as was_enrolled
      from touchline.keys_of(p_business_id, v_completed) i
      cross join lateral (select x.* from touchline.jobs x where (x.business_id, x.id) = (i.business_id, i.id) offset 0) j
    ), begun as materialized (
      select e.customer_id, e.campaign_id, e.campaign_version, q.due_at
      from jobs j
      cross join lateral (
        select x.* from touchline.campaign_enrollments x
        where (x.business_id, x.job_id) = (j.business_id, j.id)
        offset 0) e
      cross join lateral (
        select x.due_at from touchline.touch_queue x where (x.business_id, x.enrollment_id) = (e.business_id, e.id) offset 0) q
      where not j.was_enrolled
        and e.status = 'active'
    ), touches as materialized (
      select t.channel, o.reason, pg_catalog.count(*) as touches
      from begun b
      join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version) = (p_business_id, b.campaign_id, b.campaign_version)
      left join touchline.channel_obstacles(p_business_id, array(select x.customer_id from begun x)) o
        on (o.customer_id, o.channel) = (b.customer_id, t.channel)
      group by t.channel, o.reason
    )
    select pg_catalog.jsonb_build_object(
      'jobs', pg_catalog.cardinality(v_ids),
      'not_completed', pg_catalog.cardinality(v_ids) - pg_catalog.count(*),
      'already_enrolled', pg_catalog.count(*) filter (where j.was_enrolled),
      'enrolled', pg_catalog.count(*) filter (where j.decision = 'enrolled' and not j.was_enrolled),
      'queued', pg_catalog.count(*) filter (where j.decision = 'queued'),
      'conflict', pg_catalog.count(*) filter (where j.decision = 'conflict'),
      'refused', pg_catalog.count(*) filter (where j.decision = 'refused'),
      'reasons', (
        select coalesce(pg_catalog.jsonb_object_agg(r.decision_reason, r.jobs), '{}')
        from (select x.decision_reason, pg_catalog.count(*) as jobs from jobs x where x.decision = 'refused' group by 1) r),
      'first_slot', (select min(b.due_at) from begun b),
      'last_slot', (select max(b.due_at) from begun b),
      'next_slot', v_next_slot,
      'messages', (
        select coalesce(pg_catalog.jsonb_object_agg(t.channel, t.touches), '{}') from touches t where t.reason is null),
      'planned_skips', (
        select coalesce(pg_catalog.jsonb_object_agg(s.reason, s.touches), '{}')
        from (
          select t.reason, pg_catalog.sum(t.touches) as touches
          from touches t
          where t.reason is not null
          group by t.reason) s))
    from jobs j);
end
$$;

revoke all on function touchline.enroll_completed(uuid, uuid[], integer, timestamptz, timestamptz) from public;
grant execute on function touchline.enroll_completed(uuid, uuid[], integer, timestamptz, timestamptz)
to authenticated, service_role, touchline_worker;
