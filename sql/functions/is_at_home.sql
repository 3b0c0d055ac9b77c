-- Purpose: whether anything may be handed over from this database: it is not in safe mode, nothing of a time it lost is still to be
-- doubted, and it is the database that checked in last, on its timeline. One that never checked in is new.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.is_at_home() returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return (
    select i.safe_mode_reason is null and i.doubts_since is null
      and (i.system_identifier is null
        or (i.system_identifier, i.database_oid, i.timeline) = (s.system_identifier, s.database_oid, s.timeline))
    from touchline.installation i
    cross join touchline.server_identity() s);
end
$$;

revoke all on function touchline.is_at_home() from public;
