-- Invariant 8: no message has more counted attempts than the policy allows.
-- Scope: live
-- Why: a poison touch ends failed or skipped and never loops. What says nothing about the message (not started, trouble with the
-- account, its rate) is not counted, nor is a replay. A policy that was tightened later does not condemn older messages: for
-- them the limit is that of the schema, 20.
select l.business_id, l.id as send_log_id, l.campaign_enrollment_id, l.touch_number, l.state, c.counted, m.allowed
from touchline.send_logs l
join touchline.sending_policies p on p.business_id = l.business_id
cross join touchline.installation i
cross join lateral (
  select case when i.virtual_clock or p.updated_at <= l.created_at then p.max_attempts else 20 end as allowed
) m
cross join lateral (
  select pg_catalog.count(*) as counted
  from touchline.send_attempts t
  where (t.business_id, t.send_log_id) = (l.business_id, l.id)
    and not t.is_replay
    and t.outcome in ('accepted', 'rejected', 'retry', 'ambiguous', 'absent')
) c
where l.updated_at >= p_since
  and l.attempt > m.allowed
  and c.counted > m.allowed
