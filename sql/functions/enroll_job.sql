-- Purpose: decides one completed job now, and answers the decision with the plan. Asking for it again is how a refused or an
-- imported job is decided anew; a job that led to an enrollment before, and a conflict, answer what they are.
-- Moves: undecided, queued, refused, imported → enrolled | queued | conflict | refused; none → active; active → stopped
-- Locks: business_dispatch (last, SKIP LOCKED), customers, jobs, campaign_enrollments, touch_queue, send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed, TL306 job_state
create or replace function touchline.enroll_job(p_business_id uuid, p_job_id uuid, p_now timestamptz default null) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_status text;
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  perform touchline.lock_jobs(p_business_id, array[p_job_id]);
  select j.status into v_status
  from touchline.jobs j
  where j.business_id = p_business_id
    and j.id = p_job_id;
  if v_status is null then
    raise exception 'There is no such job'
      using errcode = 'TL201', detail = 'It does not exist, or belongs to another business.', hint = 'Check the id of the job.';
  end if;
  if v_status <> 'completed' then
    raise exception 'The job is not completed'
      using errcode = 'TL306', detail = pg_catalog.format('Its status is %s; only a completed job is enrolled.', v_status),
        hint = 'Complete the job first (complete_job decides it at once).';
  end if;
  perform touchline.enroll_jobs(p_business_id, array[p_job_id], v_now, null, v_now);
  return touchline.job_answer(p_business_id, p_job_id);
end
$$;

revoke all on function touchline.enroll_job(uuid, uuid, timestamptz) from public;
grant execute on function touchline.enroll_job(uuid, uuid, timestamptz) to authenticated, service_role, touchline_worker;
