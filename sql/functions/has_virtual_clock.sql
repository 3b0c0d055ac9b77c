-- Purpose: whether this database may be given a clock: one made for tests, demo or simulation, which never writes to real people.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.has_virtual_clock() returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return (select i.virtual_clock from touchline.installation i);
end
$$;

revoke all on function touchline.has_virtual_clock() from public;
grant execute on function touchline.has_virtual_clock() to service_role, touchline_worker;
