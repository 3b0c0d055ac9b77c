-- Invariant 19: what a provider accepted was claimed no later than the next allowed moment after its plan, plus max_late.
-- Scope: harness
-- Why: late_after goes with the queue row, so it is computed anew; plan_shift only grows, so today's is no earlier than it was.
-- Not comparable where the policy was changed after the claim.
select l.business_id, l.id as send_log_id, l.campaign_enrollment_id, l.touch_number, l.claimed_at, x.late_after
from touchline.send_logs l
join touchline.campaign_enrollments e on (e.business_id, e.id) = (l.business_id, l.campaign_enrollment_id)
join touchline.sending_policies s on s.business_id = l.business_id
join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
cross join touchline.installation i
cross join lateral (
  select e.plan_shift + (array[e.touch_1_scheduled_at, e.touch_2_scheduled_at, e.touch_3_scheduled_at, e.touch_4_scheduled_at])
    [l.touch_number] as wanted_at
) p
cross join lateral (
  select pg_catalog.make_interval(hours => s.max_late_hours) + coalesce(
    touchline.next_allowed_at(p.wanted_at, l.channel, l.business_id, k.time_zone, k.time_zone_source), p.wanted_at) as late_after
) x
where exists (select from touchline_test.acceptances a where (a.business_id, a.send_log_id) = (l.business_id, l.id))
  and (i.virtual_clock or s.updated_at <= l.created_at)
  and l.claimed_at > x.late_after
