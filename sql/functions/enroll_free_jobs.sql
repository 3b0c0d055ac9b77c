-- Purpose: decides those of the given waiting jobs of one business whose customer nobody holds at this moment; the others are left
-- to the next tick, so that overlapping ticks share the work and a long transaction of somebody else stops nothing. Answers how
-- many jobs it decided.
-- Moves: undecided, queued → enrolled | queued | conflict | refused; none → active; active → stopped
-- Locks: business_dispatch (last, SKIP LOCKED), customers, jobs (both SKIP LOCKED), campaign_enrollments, touch_queue, send_logs
-- Raises: none
create or replace function touchline.enroll_free_jobs(p_business_id uuid, p_job_ids uuid[], p_now timestamptz) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_customers uuid[];
  v_jobs uuid[];
begin
  with free as materialized (
    select k.id
    from touchline.customers k
    where k.business_id = p_business_id
      and k.id = any (array(
        select j.customer_id from touchline.jobs j where j.business_id = p_business_id and j.id = any (p_job_ids)))
    order by k.id
    for no key update skip locked
  )
  select pg_catalog.array_agg(f.id) into v_customers
  from free f;

  -- Read after the locks: what another tick has decided meanwhile is not waiting any more.
  with free as materialized (
    select j.id
    from touchline.jobs j
    where j.business_id = p_business_id
      and j.id = any (p_job_ids)
      and j.customer_id = any (v_customers)
      and (j.status = 'completed' and j.decision is null or j.decision = 'queued')
    order by j.id
    for no key update skip locked
  )
  select pg_catalog.array_agg(f.id) into v_jobs
  from free f;
  if v_jobs is null then
    return 0;
  end if;
  perform touchline.enroll_jobs(p_business_id, v_jobs, p_now, null, p_now);
  return pg_catalog.cardinality(v_jobs);
end
$$;

revoke all on function touchline.enroll_free_jobs(uuid, uuid[], timestamptz) from public;
