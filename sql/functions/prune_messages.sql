-- Purpose: one batch of messages that belong to no enrollment (written by hand, or left by a purge), for prune: of p_ids those go that
-- old_messages() names; otherwise as prune_enrollments.
-- Moves: settled → none
-- Locks: send_logs (SKIP LOCKED)
-- Raises: none
create or replace function touchline.prune_messages(
  p_business_id uuid, p_ids uuid[], p_days integer, p_dry_run boolean, p_now timestamptz) returns jsonb
language plpgsql volatile security definer
set search_path = ''
set lock_timeout = '200ms'
set plan_cache_mode = force_custom_plan
as $$
declare
  v_before timestamptz := touchline.kept_since(p_business_id, p_days, p_now);
  v_ids uuid[] := array(
    select l.id
    from touchline.send_logs l
    where l.business_id = p_business_id and l.id = any (p_ids) and l.campaign_enrollment_id is null);
begin
  v_ids := array(select touchline.old_messages(p_business_id, v_ids, v_before));
  if p_dry_run then
    return pg_catalog.jsonb_build_object('send_logs', pg_catalog.cardinality(v_ids));
  end if;

  v_ids := array(
    select l.id
    from touchline.send_logs l
    where l.business_id = p_business_id and l.id = any (v_ids)
    order by l.id
    for update skip locked);
  v_ids := array(select touchline.old_messages(p_business_id, v_ids, v_before));
  return pg_catalog.jsonb_build_object('send_logs',
    touchline.delete_messages(p_business_id, v_ids, p_now - pg_catalog.make_interval(hours => 24 * p_days)));
exception when lock_not_available then
  return '{"send_logs": 0}';
end
$$;

revoke all on function touchline.prune_messages(uuid, uuid[], integer, boolean, timestamptz) from public;
