-- Invariant 7: all attempts of an intent carry the same key, bytes and recipient, the recipient that the claim froze; no two
-- intents share a key.
-- Scope: harness
select a.business_id, a.send_log_id, a.attempt, a.recipient, l.recipient as frozen_recipient, a.idempotency_key, a.body_hash
from touchline_test.acceptances a
left join touchline.send_logs l on (l.business_id, l.id) = (a.business_id, a.send_log_id)
where a.recipient <> l.recipient
  or exists (
    select from touchline_test.acceptances o
    where (o.business_id, o.send_log_id) = (a.business_id, a.send_log_id)
      and (o.recipient, o.idempotency_key, o.body_hash) is distinct from (a.recipient, a.idempotency_key, a.body_hash))
  or exists (
    select from touchline_test.acceptances o
    where o.idempotency_key = a.idempotency_key
      and (o.business_id, o.send_log_id) is distinct from (a.business_id, a.send_log_id))
