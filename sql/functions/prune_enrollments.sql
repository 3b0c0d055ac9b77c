-- Purpose: one batch of ended enrollments and all their messages, for prune: of p_ids those go that old_enrollments() names. What somebody
-- holds is left for another time: an enrollment or a message of it, and the whole batch where somebody holds what refers to them.
-- Answers rows by table. With p_dry_run nothing is locked or deleted.
-- Moves: completed, stopped → none
-- Locks: campaign_enrollments, send_logs (SKIP LOCKED)
-- Raises: none
create or replace function touchline.prune_enrollments(
  p_business_id uuid, p_ids uuid[], p_days integer, p_dry_run boolean, p_now timestamptz) returns jsonb
language plpgsql volatile security definer
set search_path = ''
set lock_timeout = '200ms'
set plan_cache_mode = force_custom_plan
as $$
declare
  v_before timestamptz := touchline.kept_since(p_business_id, p_days, p_now);
  v_ids uuid[] := array(select touchline.old_enrollments(p_business_id, p_ids, v_before));
  v_logs uuid[];
  v_messages integer;
begin
  if p_dry_run then
    return pg_catalog.jsonb_build_object('campaign_enrollments', pg_catalog.cardinality(v_ids), 'send_logs', (
      select pg_catalog.count(*)
      from touchline.send_logs l
      where l.business_id = p_business_id and l.campaign_enrollment_id = any (v_ids)));
  end if;

  v_ids := array(
    select e.id
    from touchline.campaign_enrollments e
    where e.business_id = p_business_id and e.id = any (v_ids)
    order by e.id
    for update skip locked);
  v_logs := array(
    select l.id
    from touchline.send_logs l
    where l.business_id = p_business_id and l.campaign_enrollment_id = any (v_ids)
    order by l.id
    for update skip locked);
  -- Decided anew under the locks, in a statement that sees what was written until they were taken.
  v_ids := array(
    select o.id
    from touchline.old_enrollments(p_business_id, v_ids, v_before) o (id)
    where not exists (
      select from touchline.send_logs l
      where l.business_id = p_business_id
        and l.campaign_enrollment_id = o.id
        and l.id <> all (v_logs)));
  v_messages := touchline.delete_messages(p_business_id, array(
    select l.id from touchline.send_logs l where l.business_id = p_business_id and l.campaign_enrollment_id = any (v_ids)),
    p_now - pg_catalog.make_interval(hours => 24 * p_days));
  delete from touchline.campaign_enrollments e
  where e.business_id = p_business_id
    and e.id = any (v_ids);
  return pg_catalog.jsonb_build_object('campaign_enrollments', pg_catalog.cardinality(v_ids), 'send_logs', v_messages);
exception when lock_not_available then
  return '{"campaign_enrollments": 0, "send_logs": 0}';
end
$$;

revoke all on function touchline.prune_enrollments(uuid, uuid[], integer, boolean, timestamptz) from public;
