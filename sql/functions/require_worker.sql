-- Purpose: a function for all businesses goes on only for the worker or the operator, and only under read committed: what is
-- decided after a lock must be read after that lock.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level
create or replace function touchline.require_worker() returns void
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if touchline.acting_role() not in ('touchline_worker', 'service_role') then
    raise exception 'This function is for the worker, not for role %', touchline.acting_role()
      using errcode = 'TL100', detail = 'Nothing of Touchline runs as the owner of its tables: row level security would not hold.',
        hint = 'Begin the transaction with: set local role touchline_worker.';
  end if;
  if pg_catalog.current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'Isolation level % is not supported here', pg_catalog.current_setting('transaction_isolation')
      using errcode = 'TL101', detail = 'What is decided after waiting for a lock must see what was committed meanwhile.',
        hint = 'Begin the transaction with: begin isolation level read committed.';
  end if;
end
$$;

revoke all on function touchline.require_worker() from public;
