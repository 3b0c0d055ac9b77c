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
  from (
    select distinct i.business_id, j.customer_id
    from touchline.keys_of(p_business_id, p_job_ids) i
    cross join lateral (
      select x.customer_id from touchline.jobs x where (x.business_id, x.id) = (i.business_id, i.id) offset 0) j
    order by j.customer_id) o
  cross join lateral (
    select from touchline.customers x where (x.business_id, x.id) = (o.business_id, o.customer_id) for no key update) k;

  perform
  from (select i.business_id, i.id from touchline.keys_of(p_business_id, p_job_ids) i order by i.id) o
  cross join lateral (
    select from touchline.jobs x where (x.business_id, x.id) = (o.business_id, o.id) for no key update) j;
end
$$;

revoke all on function touchline.lock_jobs(uuid, uuid[]) from public;
