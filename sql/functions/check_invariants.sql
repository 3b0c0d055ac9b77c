-- Purpose: says whether the data is consistent: runs every installed invariant (sql/invariants) and returns one row per thing that
-- breaks one: the invariant's name, the business and what a person needs to see. p_since leaves out what nobody wrote since (by
-- the server's clock, updated_at), so that a large database can be asked often; p_now is the moment that is judged.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused
create or replace function touchline.check_invariants(p_since timestamptz default '-infinity', p_now timestamptz default null)
returns table (invariant text, business_id uuid, detail jsonb)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_function record;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  for v_function in
    select p.proname, pg_catalog.substr(p.proname::text, 11) as name
    from pg_catalog.pg_proc p
    where p.pronamespace = 'touchline'::pg_catalog.regnamespace
      and p.proname like 'invariant\_%'
    order by p.proname
  loop
    return query execute pg_catalog.format(
      'select %L::text, (r ->> ''business_id'')::uuid, r - ''business_id'' from touchline.%I($1, $2) r',
      v_function.name, v_function.proname)
    using coalesce(p_since, '-infinity'), v_now;
  end loop;
end
$$;

revoke all on function touchline.check_invariants(timestamptz, timestamptz) from public;
grant execute on function touchline.check_invariants(timestamptz, timestamptz) to touchline_worker, service_role;
