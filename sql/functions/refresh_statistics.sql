-- Purpose: lets the planner see what an import has just written, so that the next rows go by their keys. By itself the server looks
-- once a minute, and until then takes a table of 20,000 people for an empty one. In a transaction of its own: its locks end there.
-- Moves: none
-- Locks: none that readers and writers wait for
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL202 not_allowed
create or replace function touchline.refresh_statistics() returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform touchline.require_worker();
  analyze touchline.customers, touchline.jobs, touchline.consent_events;
end
$$;

revoke all on function touchline.refresh_statistics() from public;
grant execute on function touchline.refresh_statistics() to service_role, touchline_worker;
