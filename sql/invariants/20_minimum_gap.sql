-- Invariant 20: no touch is claimed closer than the minimum gap to an earlier acceptance of its enrollment that was known then.
-- Scope: live
-- Why: an acceptance that came to light after the later claim could not be waited for. Not comparable where the policy was
-- changed after the claim. In a harness 20_acceptances_keep_the_gap asks the provider.
select l.business_id, l.id as send_log_id, l.campaign_enrollment_id, l.touch_number, l.claimed_at, o.touch_number as after_touch,
  o.sent_at, s.min_gap_hours
from touchline.send_logs l
join touchline.send_logs o on (o.business_id, o.campaign_enrollment_id) = (l.business_id, l.campaign_enrollment_id)
join touchline.sending_policies s on s.business_id = l.business_id
cross join touchline.installation i
where l.updated_at >= p_since
  and l.state is not null
  and o.touch_number <> l.touch_number
  and l.claimed_at >= o.sent_at
  and l.claimed_at < o.sent_at + pg_catalog.make_interval(hours => s.min_gap_hours)
  and (i.virtual_clock or s.updated_at <= l.created_at)
