-- Purpose: how long a worker may sleep: milliseconds until the next lane wants somebody, 0 when one does already, null when
-- nothing waits, or nothing is handed out (is_at_home). A hint: a worker also wakes every 30 s, and then reconciles.
-- Moves: none
-- Locks: none
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused
create or replace function touchline.ms_until_next_due(p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
set enable_seqscan = off
set jit = off
as $$
declare
  v_now timestamptz;
  v_next timestamptz;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  select d.next_due_at into v_next
  from touchline.business_dispatch d
  where d.blocked_at is null and d.next_due_at < 'infinity'
  order by d.next_due_at
  limit 1;
  if v_next is null or not touchline.is_at_home() then
    return null;
  end if;
  return least(greatest(0, pg_catalog.ceil(extract(epoch from v_next - v_now) * 1000)), 2147483647)::integer;
end
$$;

revoke all on function touchline.ms_until_next_due(timestamptz) from public;
grant execute on function touchline.ms_until_next_due(timestamptz) to touchline_worker, service_role;
