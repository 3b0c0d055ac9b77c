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
  select pg_catalog.array_agg(k.id) into v_customers
  from (
    select distinct i.business_id, j.customer_id
    from touchline.keys_of(p_business_id, p_job_ids) i
    cross join lateral (
      select x.customer_id from touchline.jobs x where (x.business_id, x.id) = (i.business_id, i.id) offset 0) j
    order by j.customer_id) o
  cross join lateral (
    select x.id
    from touchline.customers x
    where (x.business_id, x.id) = (o.business_id, o.customer_id)
    for no key update skip locked) k;

  -- Read after the locks: what another tick has decided meanwhile is not waiting any more.
  select pg_catalog.array_agg(j.id) into v_jobs
  from (select i.business_id, i.id from touchline.keys_of(p_business_id, p_job_ids) i order by i.id) o
  cross join lateral (
    select x.id
    from touchline.jobs x
    where (x.business_id, x.id) = (o.business_id, o.id)
      and x.customer_id = any (v_customers)
      and (x.status = 'completed' and x.decision is null or x.decision = 'queued')
    for no key update skip locked) j;
  if v_jobs is null then
    return 0;
  end if;
  perform touchline.enroll_jobs(p_business_id, v_jobs, p_now, null, p_now);
  return pg_catalog.cardinality(v_jobs);
end
$$;

revoke all on function touchline.enroll_free_jobs(uuid, uuid[], timestamptz) from public;
