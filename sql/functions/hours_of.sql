-- Purpose: how many hours all ranges together are long; zero for none.
-- Moves: none
-- Locks: none
-- Raises: none
create or replace function touchline.hours_of(p_moments tstzmultirange) returns double precision
language sql immutable parallel safe
set search_path = ''
as $$
  select coalesce(pg_catalog.sum(extract(epoch from pg_catalog.upper(m.r) - pg_catalog.lower(m.r))), 0)::double precision / 3600
  from (select pg_catalog.unnest(p_moments) as r) m
$$;

revoke all on function touchline.hours_of(tstzmultirange) from public;
