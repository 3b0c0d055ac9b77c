-- Purpose: what a person decided about a job whose customer is in a sequence already: replace (the running sequence stops, this job's
-- begins), wait (begin after it), skip. Every other rule is asked again: a job that is refused now stops nothing.
-- Moves: conflict → enrolled | queued | refused; none → active; active → stopped
-- Locks: business_dispatch (last, SKIP LOCKED), customers, jobs, campaign_enrollments, touch_queue, send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed, TL306 job_state,
-- TL402 invalid_argument
create or replace function touchline.resolve_conflict(
  p_business_id uuid, p_job_id uuid, p_choice text, p_now timestamptz default null) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_job touchline.jobs;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  if p_choice is null or p_choice not in ('replace', 'wait', 'skip') then
    raise exception 'A conflict is resolved by replace, wait or skip'
      using errcode = 'TL402', detail = pg_catalog.format('Got %L.', p_choice), hint = 'Choose one of the three.';
  end if;
  perform touchline.lock_jobs(p_business_id, array[p_job_id]);
  select j.* into v_job
  from touchline.jobs j
  where j.business_id = p_business_id
    and j.id = p_job_id;
  if v_job.id is null then
    raise exception 'There is no such job'
      using errcode = 'TL201', detail = 'It does not exist, or belongs to another business.', hint = 'Check the id of the job.';
  end if;
  if v_job.decision is distinct from 'conflict' then
    raise exception 'The job has no conflict to resolve'
      using errcode = 'TL306', detail = pg_catalog.format('Its decision is %s.', coalesce(v_job.decision, 'not taken yet')),
        hint = 'Look at the job again: it was resolved meanwhile, or there never was a conflict.';
  end if;

  if p_choice = 'skip' then
    update touchline.jobs j
    set decision = 'refused', decided_at = v_now, blocked_by_enrollment = null
    where j.business_id = p_business_id
      and j.id = p_job_id;
  else
    perform touchline.enroll_jobs(p_business_id, array[p_job_id], v_now, null, v_now,
      case p_choice when 'replace' then 'replace' else 'queue_after' end);
  end if;
  return touchline.job_answer(p_business_id, p_job_id);
end
$$;

revoke all on function touchline.resolve_conflict(uuid, uuid, text, timestamptz) from public;
grant execute on function touchline.resolve_conflict(uuid, uuid, text, timestamptz) to authenticated, service_role, touchline_worker;
