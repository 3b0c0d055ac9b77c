-- Purpose: a worker says that it is there, and learns whether this database may send: before its first claim and every half minute.
-- p_generation_seen is the highest generation it remembers outside of the database. Safe mode begins for an away_reason.
-- After a change of timeline (a replica that took over, a recovery to a moment) what may have been lost is doubted from 10 min before
-- the last heartbeat on (doubt_touches). Answers {installation_id, generation, safe_mode_at, safe_mode_reason, doubts_since}.
-- Moves: none
-- Locks: none of the order (installation)
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused
create or replace function touchline.check_in(p_generation_seen bigint default null, p_now timestamptz default null) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v touchline.installation;
  v_here record;
  v_reason text;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  select i.* into v from touchline.installation i for update;
  select s.* into v_here from touchline.server_identity() s;
  if v.safe_mode_reason is null then
    v_reason := touchline.away_reason(p_generation_seen, v_now);
  end if;

  if v_reason is not null then
    update touchline.installation i set safe_mode_at = v_now, safe_mode_reason = v_reason returning i.* into v;
    insert into touchline.audit_log (business_id, actor_kind, action, object_kind, object_id, detail, occurred_at)
    values (touchline.system_business_id(), 'worker', 'safe_mode.begin', 'installation', v.id,
      pg_catalog.jsonb_build_object('reason', v_reason), v_now);
  elsif v.safe_mode_reason is null then
    update touchline.installation i
    set doubts_since = case when v.timeline <> v_here.timeline
        then least(v.doubts_since, v.heartbeat_at - interval '10 minutes') else v.doubts_since end,
      system_identifier = v_here.system_identifier, database_oid = v_here.database_oid, timeline = v_here.timeline,
      location = v_here.location, generation = v.generation + 1, heartbeat_at = v_now
    returning i.* into v;
  end if;
  return pg_catalog.jsonb_build_object('installation_id', v.id, 'generation', v.generation, 'safe_mode_at', v.safe_mode_at,
    'safe_mode_reason', v.safe_mode_reason, 'doubts_since', v.doubts_since);
end
$$;

revoke all on function touchline.check_in(bigint, timestamptz) from public;
grant execute on function touchline.check_in(bigint, timestamptz) to touchline_worker, service_role;
