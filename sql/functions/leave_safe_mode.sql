-- Purpose: the operator's word that this database may send again: it is the one in use from now on, wherever it lives, and the other is
-- not. Refused while something that may have left in the lost time (since p_since) was not looked for, or is still open.
-- p_generation_seen is what a worker's memory says, which this database overtakes. False when it was not in safe mode.
-- Moves: none
-- Locks: campaign_enrollments, touch_queue (of what it refuses to leave open); installation
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused, TL315 doubts_open
create or replace function touchline.leave_safe_mode(
  p_since timestamptz, p_generation_seen bigint default null, p_now timestamptz default null) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v touchline.installation;
  v_open integer;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  select i.* into v from touchline.installation i for update;
  if v.safe_mode_reason is null then
    return false;
  end if;
  v_open := touchline.doubt_touches(p_since, 1, p_now) + touchline.open_doubts();
  if v_open > 0 then
    raise exception 'Not everything that may have been sent is resolved'
      using errcode = 'TL315', detail = 'Messages that may have left in the time this database lost are open.',
        hint = 'Run touchline reconcile --since MOMENT until it says that nothing is open.';
  end if;
  update touchline.installation i
  set safe_mode_at = null, safe_mode_reason = null, doubts_since = null, system_identifier = s.system_identifier,
    database_oid = s.database_oid, timeline = s.timeline, location = s.location,
    generation = greatest(i.generation, p_generation_seen) + 1, heartbeat_at = v_now
  from touchline.server_identity() s;
  insert into touchline.audit_log (business_id, actor_kind, action, object_kind, object_id, detail, occurred_at)
  values (touchline.system_business_id(), 'operator', 'safe_mode.leave', 'installation', v.id,
    pg_catalog.jsonb_build_object('since', p_since, 'reason', v.safe_mode_reason, 'began', v.safe_mode_at), v_now);
  return true;
end
$$;

revoke all on function touchline.leave_safe_mode(timestamptz, bigint, timestamptz) from public;
grant execute on function touchline.leave_safe_mode(timestamptz, bigint, timestamptz) to service_role;
