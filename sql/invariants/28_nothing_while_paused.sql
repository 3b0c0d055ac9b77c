-- Invariant 28: nothing is claimed for a paused campaign or a suspended business after the pause.
-- Scope: live
-- Why: what was claimed before may still leave. Ten seconds, because either side reads its clock before it waits for the lane.
select l.business_id, l.id as send_log_id, l.campaign_id, c.paused_at, b.suspended_at, t.started_at
from touchline.send_logs l
join touchline.send_attempts t on (t.business_id, t.send_log_id) = (l.business_id, l.id)
join touchline.businesses b on b.id = l.business_id
left join touchline.campaigns c on (c.business_id, c.id) = (l.business_id, l.campaign_id)
where l.updated_at >= p_since
  and t.started_at > least(c.paused_at, b.suspended_at) + interval '10 seconds'
