-- Purpose: whose session this is; null when there is none, or when it is over.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.session_user_id(p_session_hash bytea, p_now timestamptz default null) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform touchline.require_worker();
  return (
    select s.user_id
    from touchline.sessions s
    where s.token_hash = p_session_hash
      and s.expires_at > touchline.current_moment(p_now));
end
$$;

revoke all on function touchline.session_user_id(bytea, timestamptz) from public;
grant execute on function touchline.session_user_id(bytea, timestamptz) to service_role;
