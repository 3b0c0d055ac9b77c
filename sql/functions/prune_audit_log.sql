-- Purpose: one batch of the audit log, for prune: looks at the p_limit rows of a business that follow p_from by id, and lets go those that
-- happened long enough ago and are no message's excuse: the invariants ask for a resend or a decision as long as the message is there.
-- last: the last one looked at; null: no more follow. With p_dry_run nothing is deleted.
-- Moves: none
-- Locks: none of the order
-- Raises: none
create or replace function touchline.prune_audit_log(
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
    select a.id
    from touchline.audit_log a
    where a.business_id = p_business_id
      and a.id > p_from
      and a.id < touchline.ids_before(v_before)
    order by a.id
    limit p_limit);
  seen := pg_catalog.cardinality(v_ids);
  last := v_ids[p_limit];
  v_ids := array(
    select a.id
    from touchline.audit_log a
    where a.business_id = p_business_id
      and a.id = any (v_ids)
      and a.occurred_at < v_before
      and not (a.object_kind = 'send_log' and exists (
        select from touchline.send_logs l where (l.business_id, l.id) = (a.business_id, a.object_id))));
  if not p_dry_run then
    delete from touchline.audit_log a where a.business_id = p_business_id and a.id = any (v_ids);
  end if;
  gone := pg_catalog.jsonb_build_object('audit_log', pg_catalog.cardinality(v_ids));
end
$$;

revoke all on function touchline.prune_audit_log(uuid, uuid, integer, integer, boolean, timestamptz) from public;
