-- Invariant 31: what a provider accepted came through the sender account that the intent names.
-- Scope: harness
select a.business_id, a.send_log_id, a.sender_account_id, l.sender_account_id as intended_sender_account_id
from touchline_test.acceptances a
join touchline.send_logs l on (l.business_id, l.id) = (a.business_id, a.send_log_id)
left join touchline.sender_accounts s on (s.business_id, s.id) = (a.business_id, a.sender_account_id)
where a.sender_account_id is distinct from l.sender_account_id
  or s.id is null
