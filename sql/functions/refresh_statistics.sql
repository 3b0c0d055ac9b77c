-- Purpose: counts the tables that are not empty any more, or twice as large as when they were last counted, so that rows go by
-- their keys. By itself the server looks once a minute, or never where autovacuum is off, and until then takes a table of 20,000
-- rows for an empty one. In a transaction of its own: its locks end there. A table that somebody else counts is left out.
-- Moves: none
-- Locks: none that readers and writers wait for
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL202 not_allowed
create or replace function touchline.refresh_statistics() returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_table text;
begin
  perform touchline.require_worker();
  for v_table in
    select c.oid::regclass::text
    from pg_catalog.pg_class c
    cross join lateral (
      select pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::integer as pages) s
    where c.relnamespace = pg_catalog.to_regnamespace('touchline') and c.relkind = 'r'
      and (c.reltuples < 0 and s.pages > 0 or s.pages > 2 * c.relpages)
    order by c.relname
  loop
    execute 'analyze (skip_locked) ' || v_table;
  end loop;
end
$$;

revoke all on function touchline.refresh_statistics() from public;
grant execute on function touchline.refresh_statistics() to service_role, touchline_worker;
