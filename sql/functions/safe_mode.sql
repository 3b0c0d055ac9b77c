-- Purpose: since when and why nothing is sent from this database, and how many messages of the time it lost are still open: one row in
-- safe mode, none outside of it.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.safe_mode(out since timestamptz, out reason text, out open_doubts integer) returns setof record
language sql stable security definer
set search_path = ''
as $$
  select i.safe_mode_at, i.safe_mode_reason, touchline.open_doubts()
  from touchline.installation i
  where i.safe_mode_reason is not null
$$;

revoke all on function touchline.safe_mode() from public;
grant execute on function touchline.safe_mode() to authenticated, service_role, touchline_worker;
