-- Purpose: the correctness path of the pointers: whatever was missed (a lane that was busy when work became due, a row below the
-- low watermark) is found here. Looks up each lane's earliest claimable touch from the very beginning and writes only lanes that lag;
-- a lane that somebody holds is left to the next sweep. Paused and rate-limited senders keep their lane where it is. Returns
-- the number of lanes corrected.
-- Moves: none
-- Locks: business_dispatch (SKIP LOCKED)
-- Raises: TL100 called_as_owner, TL101 isolation_level, TL102 clock_refused
create or replace function touchline.sweep_lanes(p_now timestamptz default null) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_count integer;
begin
  perform touchline.require_worker();
  v_now := touchline.current_moment(p_now);
  with lagging as materialized (
    select d.business_id, d.channel, e.due_at, e.enrollment_id,
      greatest(e.due_at, case when a.status = 'paused' then coalesce(a.paused_until, 'infinity')
        when a.rate_per_hour is not null then a.next_slot_at end) as next_due_at
    from touchline.business_dispatch d
    join touchline.sender_accounts a on (a.business_id, a.channel) = (d.business_id, d.channel) and a.in_use
    cross join lateral (
      select q.due_at, q.enrollment_id
      from touchline.touch_queue q
      where q.business_id = d.business_id and q.channel = d.channel and q.claim_id is null and q.due_at < 'infinity'
      order by q.due_at, q.enrollment_id
      limit 1
    ) e
    where d.blocked_at is null
  ), locked as materialized (
    select l.*
    from lagging l
    join touchline.business_dispatch d on (d.business_id, d.channel) = (l.business_id, l.channel)
      and (d.next_due_at > greatest(l.next_due_at, v_now) or (d.floor_due_at, d.floor_enrollment_id) >= (l.due_at, l.enrollment_id))
    order by l.business_id, l.channel
    for no key update of d skip locked
  )
  update touchline.business_dispatch d
  set next_due_at = least(d.next_due_at, greatest(l.next_due_at, v_now)),
    floor_due_at = case when (d.floor_due_at, d.floor_enrollment_id) >= (l.due_at, l.enrollment_id) then '-infinity' else d.floor_due_at end,
    floor_enrollment_id = case when (d.floor_due_at, d.floor_enrollment_id) >= (l.due_at, l.enrollment_id)
      then '00000000-0000-0000-0000-000000000000' else d.floor_enrollment_id end
  from locked l
  where (d.business_id, d.channel) = (l.business_id, l.channel);
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

revoke all on function touchline.sweep_lanes(timestamptz) from public;
grant execute on function touchline.sweep_lanes(timestamptz) to touchline_worker, service_role;
