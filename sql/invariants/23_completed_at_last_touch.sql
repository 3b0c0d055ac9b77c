-- Invariant 23: an enrollment is completed at the last touch of its version, and says when.
-- Scope: live
select e.business_id, e.id as enrollment_id, e.campaign_version, e.current_touch, t.last_touch, e.completed_at
from touchline.campaign_enrollments e
cross join lateral (
  select max(x.touch_number) as last_touch
  from touchline.campaign_touches x
  where (x.business_id, x.campaign_id, x.version) = (e.business_id, e.campaign_id, e.campaign_version)
) t
where e.updated_at >= p_since
  and e.status = 'completed'
  and (e.current_touch is distinct from t.last_touch or e.completed_at is null)
