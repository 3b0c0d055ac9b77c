-- Invariant 4: what is called sent, the provider has.
-- Scope: harness
select l.business_id, l.id as send_log_id, l.campaign_enrollment_id, l.touch_number, l.sent_at
from touchline.send_logs l
where l.state = 'sent'
  and not exists (
    select from touchline_test.acceptances a where (a.business_id, a.send_log_id) = (l.business_id, l.id))
