-- Purpose: the end of a claim for each of its lanes, of which p_taken names one for each intent that was written: when the lane has
-- its next turn, how far its low watermark has come, and which slots its account has used. A lane that was granted nothing waits
-- until its account opens. The first row above the floor that is still to be claimed tells the lane's next moment; the floor follows
-- what was taken (p_last_…, null where nothing was), but never passes such a row: it was skipped as locked by somebody else.
-- Moves: none
-- Locks: business_dispatch, sender_accounts of limited rate (held by the caller)
-- Raises: none
create or replace function touchline.set_next_turns(
  p_business_ids uuid[], p_channels text[], p_granted integer[], p_opens_ats timestamptz[], p_accounts uuid[],
  p_slots_from timestamptz[], p_everys interval[], p_taken integer[], p_last_due_ats timestamptz[], p_last_enrollment_ids uuid[],
  p_now timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_written integer[] := array(
    select pg_catalog.count(t.lane)::integer
    from pg_catalog.generate_series(1, pg_catalog.cardinality(p_business_ids)) l (place)
    left join unnest(p_taken) t (lane) on t.lane = l.place
    group by l.place
    order by l.place);
begin
  update touchline.sender_accounts a
  set next_slot_at = l.slots_from + l.every * l.written
  from unnest(p_business_ids, p_accounts, p_slots_from, p_everys, v_written) l (business_id, id, slots_from, every, written)
  where a.business_id = l.business_id and a.id = l.id and l.every is not null and l.written > 0;

  update touchline.business_dispatch d
  set next_due_at = l.next_due_at,
    floor_due_at = case when l.is_passed then l.last_due_at else d.floor_due_at end,
    floor_enrollment_id = case when l.is_passed then l.last_enrollment_id else d.floor_enrollment_id end
  from (
    select b.business_id, b.channel, t.last_due_at, t.last_enrollment_id,
      case t.granted
        when 0 then t.opens_at
        else greatest(coalesce(n.due_at, 'infinity'), p_now, t.slots_from + t.every * t.written)
      end as next_due_at,
      t.last_due_at is not null
        and (n.due_at is null or (n.due_at, n.enrollment_id) > (t.last_due_at, t.last_enrollment_id)) as is_passed
    from unnest(p_business_ids, p_channels, p_granted, p_opens_ats, p_slots_from, p_everys, v_written, p_last_due_ats,
        p_last_enrollment_ids)
      t (business_id, channel, granted, opens_at, slots_from, every, written, last_due_at, last_enrollment_id)
    join touchline.business_dispatch b on (b.business_id, b.channel) = (t.business_id, t.channel)
    left join lateral (
      select q.due_at, q.enrollment_id
      from touchline.touch_queue q
      where q.business_id = b.business_id
        and q.channel = b.channel
        and (q.due_at, q.enrollment_id) > (b.floor_due_at, b.floor_enrollment_id)
        and q.claim_id is null
        and t.granted > 0
      order by q.due_at, q.enrollment_id
      limit 1) n on true
  ) l
  where (d.business_id, d.channel) = (l.business_id, l.channel);
end
$$;

revoke all on function touchline.set_next_turns(
  uuid[], text[], integer[], timestamptz[], uuid[], timestamptz[], interval[], integer[], timestamptz[], uuid[], timestamptz)
from public;
