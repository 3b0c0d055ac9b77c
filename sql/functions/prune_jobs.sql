-- Purpose: one batch of jobs, for prune: looks at the p_limit jobs of a business that follow p_from by id, and lets those go that
-- old_jobs() names; what somebody holds is left for another time. last: the last one looked at; null: no more follow. With p_dry_run
-- nothing is locked or deleted.
-- Moves: completed, cancelled, do_not_send → none
-- Locks: jobs (SKIP LOCKED)
-- Raises: none
create or replace function touchline.prune_jobs(
  p_business_id uuid, p_from uuid, p_days integer, p_limit integer, p_dry_run boolean, p_now timestamptz,
  out seen integer, out last uuid, out gone jsonb)
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_before timestamptz := p_now - pg_catalog.make_interval(hours => 24 * p_days);
  v_ids uuid[];
begin
  v_ids := array(
    select j.id
    from touchline.jobs j
    where j.business_id = p_business_id
      and j.id > p_from
      and j.id < touchline.ids_before(v_before)
    order by j.id
    limit p_limit);
  seen := pg_catalog.cardinality(v_ids);
  last := v_ids[p_limit];
  v_ids := array(select touchline.old_jobs(p_business_id, v_ids, v_before, p_now));
  if not p_dry_run then
    v_ids := array(
      select j.id
      from touchline.jobs j
      where j.business_id = p_business_id and j.id = any (v_ids)
      order by j.id
      for update skip locked);
    -- Whoever enrolled a job of these meanwhile is seen now: with the job its enrollment would go.
    v_ids := array(select touchline.old_jobs(p_business_id, v_ids, v_before, p_now));
    delete from touchline.jobs j where j.business_id = p_business_id and j.id = any (v_ids);
  end if;
  gone := pg_catalog.jsonb_build_object('jobs', pg_catalog.cardinality(v_ids));
end
$$;

revoke all on function touchline.prune_jobs(uuid, uuid, integer, integer, boolean, timestamptz) from public;
