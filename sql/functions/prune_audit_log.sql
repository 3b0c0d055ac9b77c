-- Purpose: one batch of the audit log, for prune: of p_ids those go that happened long enough ago and are no message's excuse: the
-- invariants ask for a resend or a decision as long as the message is there. Answers rows by table. With p_dry_run nothing is deleted.
-- Moves: none
-- Locks: none of the order
-- Raises: none
create or replace function touchline.prune_audit_log(
  p_business_id uuid, p_ids uuid[], p_days integer, p_dry_run boolean, p_now timestamptz) returns jsonb
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_ids uuid[] := array(
    select a.id
    from touchline.audit_log a
    where a.business_id = p_business_id
      and a.id = any (p_ids)
      and a.occurred_at < p_now - pg_catalog.make_interval(hours => 24 * p_days)
      and not (a.object_kind = 'send_log' and exists (
        select from touchline.send_logs l where (l.business_id, l.id) = (a.business_id, a.object_id))));
begin
  if not p_dry_run then
    delete from touchline.audit_log a where a.business_id = p_business_id and a.id = any (v_ids);
  end if;
  return pg_catalog.jsonb_build_object('audit_log', pg_catalog.cardinality(v_ids));
end
$$;

revoke all on function touchline.prune_audit_log(uuid, uuid[], integer, boolean, timestamptz) from public;
