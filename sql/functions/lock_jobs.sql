-- Purpose: the locks under which jobs are decided: first their customers, which is what serialises two decisions about one person
-- and fences opt-outs and erasure, then the jobs. Whoever waits here decides in later statements.
-- Moves: none
-- Locks: customers, jobs
-- Raises: none
create or replace function touchline.lock_jobs(p_business_id uuid, p_job_ids uuid[]) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform
  from touchline.customers k
  where k.business_id = p_business_id
    and k.id = any (array(
      select j.customer_id from touchline.jobs j where j.business_id = p_business_id and j.id = any (p_job_ids)))
  order by k.id
  for no key update;

  perform
  from touchline.jobs j
  where j.business_id = p_business_id
    and j.id = any (p_job_ids)
  order by j.id
  for no key update;
end
$$;

revoke all on function touchline.lock_jobs(uuid, uuid[]) from public;
