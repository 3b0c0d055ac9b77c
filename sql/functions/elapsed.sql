-- Purpose: the time between two moments in hours and less, never below zero. A plain subtraction counts in days, and a day added
-- to a timestamptz is 23 or 25 hours long where the session's zone changes its clocks.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.elapsed(p_from timestamptz, p_to timestamptz) returns interval
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return pg_catalog.make_interval(secs => greatest(0, extract(epoch from p_to - p_from))::double precision);
end
$$;

revoke all on function touchline.elapsed(timestamptz, timestamptz) from public;
