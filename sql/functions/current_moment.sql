-- Purpose: the one clock of SQL: p_now where the database carries the mark virtual_clock, the server's clock where p_now is null.
-- Moves: none
-- Locks: none
-- Raises: TL102 clock_refused
create or replace function touchline.current_moment(p_now timestamptz) returns timestamptz
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if p_now is null then
    return pg_catalog.clock_timestamp();
  end if;
  if not (select i.virtual_clock from touchline.installation i) then
    raise exception 'This database keeps its own time'
      using errcode = 'TL102', detail = 'A moment was given, and only a database made for tests, demo or simulation takes one. Nothing was done.',
        hint = 'Leave p_now out; or make an empty database with touchline migrate --virtual-clock.';
  end if;
  return p_now;
end
$$;

revoke all on function touchline.current_moment(timestamptz) from public;
