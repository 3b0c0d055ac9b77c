-- Purpose: a job is done: writes it and its customer by the caller's own ids, then decides it at once and answers the decision with
-- the plan. p_job and p_customer are found by id or external_id (one of them is needed; p_customer may be null for a job that is
-- known) and hold what is to be set. Completing again answers the same. Completing never fails because enrolling did: the answer
-- then carries error, the job stays undecided and the next tick decides it.
-- Moves: scheduled, cancelled → completed; undecided → enrolled | queued | conflict | refused; none → active; active → stopped
-- Locks: business_dispatch (last, SKIP LOCKED), customers, jobs, campaign_enrollments, touch_queue, send_logs
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL201 not_found, TL202 not_allowed,
-- TL402 invalid_argument
create or replace function touchline.complete_job(
  p_business_id uuid, p_job jsonb, p_customer jsonb default null, p_now timestamptz default null) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_job jsonb;
  v_customer_id uuid;
  v_saved record;
  v_error jsonb := '{}';
begin
  perform touchline.require_access(p_business_id, 'write');
  v_now := touchline.current_moment(p_now);
  perform touchline.require_business(p_business_id);
  perform touchline.check_changes('jobs', '{id,external_id,service_type,title,notes,scheduled_for,completed_at,source,campaign_choice,chosen_campaign_id}',
    p_job, 'Job: ');
  v_job := touchline.trimmed(p_job);
  if v_job ->> 'id' is null and v_job ->> 'external_id' is null then
    raise exception 'Job: neither id nor external_id is given'
      using errcode = 'TL402', detail = 'Without one of them, a completion reported twice would be two jobs.',
        hint = 'Give your own id of the job as external_id; a new one makes a job.';
  end if;
  perform touchline.refuse_value('jobs', null, m.key, v_job, 'Job: ')
  from (values ('completed_at'), ('scheduled_for')) m (key)
  where v_job ->> m.key !~* '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|[+-]\d\d(:?\d\d)?)$';

  if p_customer not in ('null', '{}') then
    v_customer_id := touchline.save_customer(p_business_id, p_customer);
    if p_customer -> 'sms_consent' <> 'null' then
      perform touchline.save_consent(p_business_id, v_customer_id, p_customer -> 'sms_consent', p_now);
    end if;
  else
    select j.customer_id into v_customer_id
    from touchline.jobs j
    where j.business_id = p_business_id
      and j.id = coalesce((v_job ->> 'id')::uuid, (
        select o.id from touchline.jobs o where (o.business_id, o.external_id) = (p_business_id, v_job ->> 'external_id')));
    if found then
      perform touchline.lock_customer(p_business_id, v_customer_id);
    elsif v_job ->> 'id' is null then
      raise exception 'A new job needs its customer'
        using errcode = 'TL402', detail = 'There is no job with this external_id yet.', hint = 'Give the customer, too.';
    end if;
  end if;
  select * into v_saved from touchline.save_job(p_business_id, v_customer_id, v_job, v_now);

  if v_saved.decides then
    begin
      perform touchline.enroll_jobs(p_business_id, array[v_saved.job_id], v_now, null, v_now);
    exception when others then
      v_error := pg_catalog.jsonb_build_object('error', pg_catalog.jsonb_build_object('code', sqlstate, 'message', sqlerrm));
      raise warning 'job % of business % stays undecided: % %', v_saved.job_id, p_business_id, sqlstate, sqlerrm;
    end;
  end if;
  return touchline.job_answer(p_business_id, v_saved.job_id) || v_error;
end
$$;

revoke all on function touchline.complete_job(uuid, jsonb, jsonb, timestamptz) from public;
grant execute on function touchline.complete_job(uuid, jsonb, jsonb, timestamptz) to authenticated, service_role, touchline_worker;
