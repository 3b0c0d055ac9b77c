-- Purpose: a worker says that it is there, and learns whether this database may send: before its first claim and every half minute.
-- p_generation_seen is the highest generation it remembers outside of the database. Safe mode begins when the database is another
-- one than the one that checked in last (restored, copied), is behind p_generation_seen (an older backup), or lives at another place
-- while the one there was heard of within 10 min (a copy of the files beside a live one). A night switched off is none of that.
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
  if v.safe_mode_reason is null and v.system_identifier is not null then
    v_reason := case
      when v_here.system_identifier <> v.system_identifier
        then 'This database was restored on another server than the one it was last used on.'
      when v_here.database_oid <> v.database_oid
        then 'This database is a copy, or was restored, of the one that was last used.'
      when p_generation_seen > v.generation
        then pg_catalog.format('This database is older than what a worker remembers of it (%s, and it says %s): a backup was restored.',
          p_generation_seen, v.generation)
      when v_here.location <> v.location and v.heartbeat_at > v_now - interval '10 minutes'
        then pg_catalog.format('These files are a copy: the database they belong to was in use at %s.',
          pg_catalog.to_char(v.heartbeat_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
      end;
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
