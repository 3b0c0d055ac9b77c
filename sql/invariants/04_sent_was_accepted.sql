-- Invariant 4: what is called sent, the provider has.
-- Scope: harness
-- Why: a person who knows that it arrived may say so (action touch.sent on the send log): that is their word, not ours.
select l.business_id, l.id as send_log_id, l.campaign_enrollment_id, l.touch_number, l.sent_at
from touchline.send_logs l
where l.state = 'sent'
  and not exists (
    select from touchline_test.acceptances a where (a.business_id, a.send_log_id) = (l.business_id, l.id))
  and not exists (
    select from touchline.audit_log r
    where (r.business_id, r.object_kind, r.object_id) = (l.business_id, 'send_log', l.id)
      and r.action = 'touch.sent')
