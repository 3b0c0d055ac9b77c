-- Purpose: one batch of messages that belong to no enrollment (written by hand, or left by a purge), for prune: looks at the p_limit
-- messages of a business that follow p_from by id, and lets those go that old_messages() names; otherwise as prune_enrollments.
-- Moves: settled → none
-- Locks: send_logs (SKIP LOCKED)
-- Raises: none
create or replace function touchline.prune_messages(
  p_business_id uuid, p_from uuid, p_days integer, p_limit integer, p_dry_run boolean, p_now timestamptz,
  out seen integer, out last uuid, out gone jsonb)
language plpgsql volatile security definer
set search_path = ''
set lock_timeout = '200ms'
set plan_cache_mode = force_custom_plan
as $$
declare
  v_asked timestamptz := p_now - pg_catalog.make_interval(hours => 24 * p_days);
  v_before timestamptz := touchline.kept_since(p_business_id, p_days, p_now);
  v_ids uuid[];
begin
  v_ids := array(
    select l.id
    from touchline.send_logs l
    where l.business_id = p_business_id
      and l.id > p_from
      and l.id < touchline.ids_before(v_asked)
    order by l.id
    limit p_limit);
  seen := pg_catalog.cardinality(v_ids);
  last := v_ids[p_limit];
  v_ids := array(
    select l.id
    from touchline.send_logs l
    where l.business_id = p_business_id and l.id = any (v_ids) and l.campaign_enrollment_id is null);
  v_ids := array(select touchline.old_messages(p_business_id, v_ids, v_before));
  if p_dry_run then
    gone := pg_catalog.jsonb_build_object('send_logs', pg_catalog.cardinality(v_ids));
    return;
  end if;

  v_ids := array(
    select l.id
    from touchline.send_logs l
    where l.business_id = p_business_id and l.id = any (v_ids)
    order by l.id
    for update skip locked);
  v_ids := array(select touchline.old_messages(p_business_id, v_ids, v_before));
  gone := pg_catalog.jsonb_build_object('send_logs', touchline.delete_messages(p_business_id, v_ids, v_asked));
exception when lock_not_available then
  gone := pg_catalog.jsonb_build_object('send_logs', 0);
end
$$;

revoke all on function touchline.prune_messages(uuid, uuid, integer, integer, boolean, timestamptz) from public;
