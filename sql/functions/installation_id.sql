-- Purpose: the id by which workers remember this installation outside of its database; a restored backup and a copy have the same.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.installation_id() returns uuid
language sql stable security definer
set search_path = ''
as $$
  select i.id from touchline.installation i
$$;

revoke all on function touchline.installation_id() from public;
grant execute on function touchline.installation_id() to touchline_worker, service_role;
