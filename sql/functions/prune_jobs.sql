-- Purpose: one batch of jobs, for prune: of p_ids those go that old_jobs() names; what somebody holds is left for another time. Answers
-- rows by table. With p_dry_run nothing is locked or deleted.
-- Moves: completed, cancelled, do_not_send → none
-- Locks: jobs (SKIP LOCKED)
-- Raises: none
create or replace function touchline.prune_jobs(
  p_business_id uuid, p_ids uuid[], p_days integer, p_dry_run boolean, p_now timestamptz) returns jsonb
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_before timestamptz := p_now - pg_catalog.make_interval(hours => 24 * p_days);
  v_ids uuid[] := array(select touchline.old_jobs(p_business_id, p_ids, v_before, p_now));
begin
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
  return pg_catalog.jsonb_build_object('jobs', pg_catalog.cardinality(v_ids));
end
$$;

revoke all on function touchline.prune_jobs(uuid, uuid[], integer, boolean, timestamptz) from public;
