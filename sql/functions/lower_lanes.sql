-- Purpose: both lanes of a business hear of the earliest touch in them that could be claimed: the last statement of whoever
-- makes work due for one business. Never below p_now: old work of the lane does not let it overtake lanes that wait as long.
-- A lane that already knows, and one that is busy, is left alone; the sweep puts the latter right. Workers that sleep are told
-- of what is due within a minute: a hint. What is due later they find by themselves, and claim and settle tell nobody, as the
-- commit of whoever notifies waits for the commits of all others that do.
-- Work is never made due before p_now: where the lane's low watermark is behind that, the look begins there, past what was claimed
-- before and is not cleaned up yet.
-- Moves: none
-- Locks: business_dispatch (SKIP LOCKED)
-- Raises: none
create or replace function touchline.lower_lanes(p_business_id uuid, p_now timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v record;
begin
  select pg_catalog.array_agg(p_business_id) as businesses, pg_catalog.array_agg(l.channel) as channels,
    pg_catalog.array_agg(greatest(q.due_at, p_now)) as dues
  into v
  from (
    select d.channel, case when d.floor_due_at < p_now then d.floor_due_at else '-infinity' end as floor_due_at, d.floor_enrollment_id
    from touchline.business_dispatch d
    where d.business_id = p_business_id
  ) l
  cross join lateral (
    select w.due_at
    from touchline.touch_queue w
    where w.business_id = p_business_id
      and w.channel = l.channel
      and (w.due_at, w.enrollment_id) > (l.floor_due_at, l.floor_enrollment_id)
      and w.due_at < 'infinity'
      and w.claim_id is null
    order by w.due_at, w.enrollment_id
    limit 1
  ) q;
  if v.businesses is not null then
    perform touchline.lower_pointers(v.businesses, v.channels, v.dues);
    if p_now + interval '1 minute' >= any (v.dues) then
      perform pg_catalog.pg_notify('touchline_due', '');
    end if;
  end if;
end
$$;

revoke all on function touchline.lower_lanes(uuid, timestamptz) from public;
