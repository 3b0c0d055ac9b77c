-- Purpose: the session is over. Whether there was one.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.end_session(p_session_hash bytea) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform touchline.require_worker();
  delete from touchline.sessions s where s.token_hash = p_session_hash;
  return found;
end
$$;

revoke all on function touchline.end_session(bytea) from public;
grant execute on function touchline.end_session(bytea) to service_role;
