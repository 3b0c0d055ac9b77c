-- Invariant 22: an active enrollment has exactly one current touch that is not settled, with settled ones before it and pending
-- ones after it; a completed one has none; a stopped one has none pending and at most one sending, unknown or held.
-- Scope: live
select e.business_id, e.id as enrollment_id, e.status, e.current_touch, t.statuses
from touchline.campaign_enrollments e
cross join lateral (
  select pg_catalog.array_agg(s.status order by s.touch_number) as statuses,
    pg_catalog.count(*) filter (where s.status = 'pending') as pending,
    pg_catalog.count(*) filter (where s.status in ('sending', 'unknown', 'held')) as on_the_way,
    pg_catalog.count(*) filter (where s.status = 'cancelled') as cancelled,
    pg_catalog.count(*) filter (where case pg_catalog.sign(s.touch_number - e.current_touch)
      when 0 then s.status in ('pending', 'sending', 'unknown', 'held')
      when 1 then s.status = 'pending'
      else s.status in ('sent', 'presumed_sent', 'failed', 'skipped') end) as in_place
  from unnest(array[e.touch_1_status, e.touch_2_status, e.touch_3_status, e.touch_4_status])
    with ordinality s (status, touch_number)
  where s.status is not null
) t
where e.updated_at >= p_since
  and case e.status
    when 'active' then t.in_place < pg_catalog.cardinality(t.statuses) or e.current_touch > pg_catalog.cardinality(t.statuses)
    when 'completed' then t.pending + t.on_the_way + t.cancelled > 0
    else t.pending > 0 or t.on_the_way > 1 end
