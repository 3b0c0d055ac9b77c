-- Purpose: part of every tick: clears out what the worker may clear out by itself (retention(): automatic), at most p_limit rows of each
-- table, and again at once while one had more; then not for an hour. Workers take turns: who comes while another is at it does
-- nothing. The mailbox of a virtual clock is left alone, as is everything in safe mode, where somebody may be looking at a backup.
-- Returns how many rows went.
-- Moves: none
-- Locks: none of the order (rows of those tables, SKIP LOCKED)
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused
create or replace function touchline.clear_out(p_limit integer default 1000, p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_rule record;
  v_rows integer;
  v_gone integer := 0;
  v_is_clear boolean := true;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  if exists (select from touchline.installation i where i.pruned_at between v_now - interval '1 hour' and v_now)
    or not touchline.is_at_home()
    or not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('touchline.clear_out', 0)) then
    return 0;
  end if;
  for v_rule in
    select r.*
    from touchline.retention() r
    where r.how = 'automatic'
      and not (r.table_name = 'mailbox_messages' and touchline.has_virtual_clock())
  loop
    v_rows := (touchline.prune(v_rule.table_name, null, p_limit, null, false, p_now) #>> array['gone', v_rule.table_name])::integer;
    v_is_clear := v_is_clear and v_rows < p_limit;
    v_gone := v_gone + v_rows;
  end loop;
  if v_is_clear then
    update touchline.installation i set pruned_at = v_now;
  end if;
  return v_gone;
end
$$;

revoke all on function touchline.clear_out(integer, timestamptz) from public;
grant execute on function touchline.clear_out(integer, timestamptz) to touchline_worker, service_role;
