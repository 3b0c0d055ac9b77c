-- Invariant 5: what the provider accepted is sent, presumed sent or held, or still on its way there (sending, unknown).
-- Scope: harness
-- Why: a message called failed, cancelled or due again although it was delivered is a duplicate in the making. That nothing
-- stays on its way for ever is said by 9 and 25. A skip in the audit log (action touch.skip) was somebody's decision.
select a.business_id, a.send_log_id, a.attempt, a.accepted_at, l.state, l.outcome
from touchline_test.acceptances a
join touchline.send_logs l on (l.business_id, l.id) = (a.business_id, a.send_log_id)
where coalesce(l.state not in ('sent', 'presumed_sent', 'held', 'sending', 'unknown'), true)
  and not exists (
    select from touchline.audit_log r
    where (r.business_id, r.object_kind, r.object_id) = (l.business_id, 'send_log', l.id)
      and r.action = 'touch.skip')
