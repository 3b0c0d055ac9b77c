-- Purpose: jobs whose decision is due: completed ones nobody decided, and queued ones whose moment has come or whose blocking
-- enrollment has ended. At most p_limit, businesses taking turns, so that none waits for the backlog of another; looks at a
-- bounded window: the oldest and the newest undecided, and the queued that are due first.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.waiting_jobs(p_limit integer, p_now timestamptz)
returns table (business_id uuid, job_ids uuid[])
language sql stable security definer
set search_path = ''
as $$
  with undecided as (
    (select j.completed_at as since, j.business_id, j.id
    from touchline.jobs j
    where j.status = 'completed' and j.decision is null
    order by j.completed_at, j.business_id, j.id
    limit 10 * p_limit)
    union
    (select j.completed_at, j.business_id, j.id
    from touchline.jobs j
    where j.status = 'completed' and j.decision is null
    order by j.completed_at desc, j.business_id desc, j.id desc
    limit 10 * p_limit)
  ), queued as (
    select q.decide_after as since, q.business_id, q.id
    from (
      select j.decide_after, j.business_id, j.id, j.blocked_by_enrollment
      from touchline.jobs j
      where j.decision = 'queued'
      order by j.decide_after, j.business_id, j.id
      limit 10 * p_limit) q
    where q.decide_after <= p_now
      or not exists (
        select from touchline.campaign_enrollments e
        where (e.business_id, e.id) = (q.business_id, q.blocked_by_enrollment)
          and e.status = 'active')
  ), turns as (
    select w.business_id, w.id,
      pg_catalog.row_number() over (partition by w.business_id order by w.since, w.id) as turn
    from (select * from undecided union all select * from queued) w
    where w.business_id <> touchline.system_business_id()
  )
  select p.business_id, pg_catalog.array_agg(p.id)
  from (select t.business_id, t.id from turns t order by t.turn, t.business_id limit p_limit) p
  group by p.business_id
  order by p.business_id
$$;

revoke all on function touchline.waiting_jobs(integer, timestamptz) from public;
