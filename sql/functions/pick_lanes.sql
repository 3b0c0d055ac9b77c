-- Purpose: locks the lanes that have waited longest for their turn and returns them, longest first; a lane that another claim
-- holds is left out. Who holds a lane's row is the only claimer of that lane.
-- Moves: none
-- Locks: business_dispatch
-- Raises: none
create or replace function touchline.pick_lanes(p_limit integer, p_now timestamptz)
returns table (business_id uuid, channel text)
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select d.business_id, d.channel
  from touchline.business_dispatch d
  where d.next_due_at <= p_now
    and d.blocked_at is null
  order by d.next_due_at, d.business_id, d.channel
  limit p_limit
  for no key update skip locked;
end
$$;

revoke all on function touchline.pick_lanes(integer, timestamptz) from public;
