-- Invariant 38: every lane with work has a dispatch row whose pointer is not later than its earliest touch that could be claimed,
-- once a sweep has passed.
-- Scope: live
-- Why: a touch below no pointer is never claimed. A blocked lane is left out by claim and sweep alike; a paused or limited sender
-- holds its pointer back. A minute for the sweep, and for the retry of a sender that another claim holds.
select q.business_id, q.channel, q.enrollment_id, q.due_at, d.next_due_at
from (
  select distinct on (w.business_id, w.channel) w.business_id, w.channel, w.enrollment_id, w.due_at
  from touchline.touch_queue w
  join touchline.campaign_enrollments e on (e.business_id, e.id) = (w.business_id, w.enrollment_id)
  cross join touchline.installation i
  where w.claim_id is null
    and w.due_at < 'infinity'
    and (i.virtual_clock or e.updated_at < pg_catalog.now() - interval '1 minute')
  order by w.business_id, w.channel, w.due_at, w.enrollment_id
) q
left join touchline.business_dispatch d on (d.business_id, d.channel) = (q.business_id, q.channel)
left join touchline.sender_accounts a on (a.business_id, a.channel) = (q.business_id, q.channel) and a.in_use
where d.business_id is null
  or d.blocked_at is null
    and a.id is not null
    and p_now > '-infinity'
    and d.next_due_at > greatest(q.due_at, p_now + interval '1 minute',
      case
        when a.status = 'paused' then coalesce(a.paused_until, 'infinity')
        when a.rate_per_hour is not null then a.next_slot_at
      end)
