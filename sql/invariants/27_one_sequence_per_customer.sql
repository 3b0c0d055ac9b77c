-- Invariant 27: a customer is in at most one active enrollment of a campaign, and of a business.
-- Scope: live
-- Why: whatever the overlap policy is, the second sequence is refused, waits, or replaces the first. Within one campaign it is
-- also impossible by the unique index campaign_enrollments_one_active.
select e.business_id, e.customer_id, e.id as enrollment_id, e.campaign_id, o.id as other_enrollment_id,
  o.campaign_id as other_campaign_id
from touchline.campaign_enrollments e
join touchline.campaign_enrollments o on (o.business_id, o.customer_id) = (e.business_id, e.customer_id)
where e.updated_at >= p_since
  and e.status = 'active'
  and o.status = 'active'
  and o.id <> e.id
