-- Purpose: lanes hear that work becomes due: next_due_at of lane i is at most p_dues[i]. The last statement of whoever makes work
-- due; a lane that is busy is left to the sweep, so nobody waits for a claim here. Work that is due no later than the lane's floor
-- (a server's clock that stepped back, or one that stands still in a test) takes the floor away, as a claim looks above it only.
-- Moves: none
-- Locks: business_dispatch (SKIP LOCKED)
-- Raises: none
create or replace function touchline.lower_pointers(p_business_ids uuid[], p_channels text[], p_dues timestamptz[]) returns void
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  with lower as materialized (
    select d.business_id, d.channel, w.due_at
    from (
      select u.business_id, u.channel, min(u.due_at) as due_at
      from unnest(p_business_ids, p_channels, p_dues) u (business_id, channel, due_at)
      group by u.business_id, u.channel
    ) w
    join touchline.business_dispatch d on (d.business_id, d.channel) = (w.business_id, w.channel)
      and (d.next_due_at > w.due_at or d.floor_due_at >= w.due_at)
    order by d.business_id, d.channel
    for no key update of d skip locked
  )
  update touchline.business_dispatch d
  set next_due_at = least(d.next_due_at, l.due_at),
    floor_due_at = case when d.floor_due_at >= l.due_at then '-infinity' else d.floor_due_at end
  from lower l
  where (d.business_id, d.channel) = (l.business_id, l.channel);
end
$$;

revoke all on function touchline.lower_pointers(uuid[], text[], timestamptz[]) from public;
