-- Invariant 36: every active enrollment has one queue row with its current touch, channel and plan, leased exactly while that touch
-- is sending and parked while it is unknown or held; any other has one only while `stopping`, for a touch that is on its way.
-- Scope: live
select q.business_id, q.enrollment_id, e.status, e.current_touch, q.touch_number, c.status as touch_status, q.channel,
  q.scheduled_at, q.due_at, q.claim_id, q.stopping
from touchline.touch_queue q
join touchline.campaign_enrollments e on (e.business_id, e.id) = (q.business_id, q.enrollment_id)
left join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number)
  = (e.business_id, e.campaign_id, e.campaign_version, q.touch_number)
cross join lateral (
  select (array[e.touch_1_scheduled_at, e.touch_2_scheduled_at, e.touch_3_scheduled_at, e.touch_4_scheduled_at])[q.touch_number]
      as scheduled_at,
    (array[e.touch_1_status, e.touch_2_status, e.touch_3_status, e.touch_4_status])[q.touch_number] as status
) c
where q.stopping <> (e.status <> 'active')
  or e.status <> 'active' and coalesce(c.status not in ('sending', 'unknown', 'held'), true)
  or e.status = 'completed'
  or q.touch_number <> e.current_touch
  or q.scheduled_at is distinct from c.scheduled_at
  or q.channel is distinct from t.channel
  or (q.claim_id is not null) <> (c.status = 'sending')
  or c.status in ('unknown', 'held') and q.due_at < 'infinity'
union all
select e.business_id, e.id, e.status, e.current_touch, null, null, null, null, null, null, null
from touchline.campaign_enrollments e
where e.updated_at >= p_since
  and e.status = 'active'
  and not exists (
    select from touchline.touch_queue q where (q.business_id, q.enrollment_id) = (e.business_id, e.id))
