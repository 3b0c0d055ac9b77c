-- Purpose: the one home of enrolling: decides the given jobs of one business under their customers' locks, stores each decision
-- with its reason, stops what is replaced and plans what is enrolled. Jobs that led to an enrollment before, and conflicts (which
-- a person resolves: p_overlap), stay as they are. The i-th enrolled job starts at p_first_slot + i / p_per_hour hours, in order
-- of completion; without p_per_hour all start at p_first_slot. Several jobs of one customer are decided one after the other, in
-- rounds, with the result that single calls in order of completion would have. Answers how many it enrolled.
-- Moves: undecided, queued, conflict, refused, imported → enrolled | queued | conflict | refused; none → active; active → stopped
-- Locks: business_dispatch (last, SKIP LOCKED), customers, jobs, campaign_enrollments, touch_queue, send_logs
-- Raises: none
create or replace function touchline.enroll_jobs(
  p_business_id uuid, p_job_ids uuid[], p_first_slot timestamptz, p_per_hour integer, p_now timestamptz,
  p_overlap text default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_left uuid[];
  v_round record;
  v_enrolled integer := 0;
begin
  perform touchline.lock_jobs(p_business_id, p_job_ids);

  v_left := array(
    select j.id
    from touchline.jobs j
    where j.business_id = p_business_id
      and j.id = any (p_job_ids)
      and j.decision is distinct from 'enrolled'
      and (j.decision is distinct from 'conflict' or p_overlap is not null)
      and not exists (
        select from touchline.campaign_enrollments e where (e.business_id, e.job_id) = (j.business_id, j.id)));

  while v_left <> '{}' loop
    with decided as materialized (
      select d.*, greatest(d.not_before, coalesce(p_first_slot, p_now) + coalesce(pg_catalog.make_interval(
        secs => 3600.0 * (v_enrolled - 1 + pg_catalog.row_number() over (
          partition by d.decision = 'enrolled' order by d.completed_at, d.job_id)) / p_per_hour), interval '0')) as slot
      from touchline.decide_jobs(p_business_id, v_left, p_overlap, p_now) d
    )
    select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(d)) as decided,
      pg_catalog.jsonb_agg(pg_catalog.to_jsonb(d)) filter (where d.decision = 'enrolled') as wanted,
      pg_catalog.count(*) filter (where d.decision = 'enrolled')::integer as enrolled,
      pg_catalog.array_agg(d.job_id) as job_ids,
      array(select r.id from decided x, unnest(x.replaces) r (id)) as replaced
    into v_round
    from decided d;

    if v_round.replaced <> '{}' then
      perform touchline.stop_enrollments(p_business_id, v_round.replaced, 'repeat_job', p_now);
    end if;
    if v_round.enrolled > 0 then
      perform touchline.plan_enrollments(p_business_id, v_round.wanted, p_now);
    end if;

    update touchline.jobs j
    set decision = d.decision, decision_reason = d.reason, decided_at = p_now, decide_after = d.decide_after,
      blocked_by_enrollment = d.blocked_by
    from pg_catalog.jsonb_to_recordset(v_round.decided)
      d (job_id uuid, decision text, reason text, decide_after timestamptz, blocked_by uuid)
    where j.business_id = p_business_id
      and j.id = d.job_id;

    v_enrolled := v_enrolled + v_round.enrolled;
    v_left := array(select unnest(v_left) except select unnest(v_round.job_ids));
  end loop;

  if v_enrolled > 0 then
    perform touchline.lower_lanes(p_business_id, p_now);
  end if;
  return v_enrolled;
end
$$;

revoke all on function touchline.enroll_jobs(uuid, uuid[], timestamptz, integer, timestamptz, text) from public;
