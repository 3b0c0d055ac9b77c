-- Invariant 11: a message claimed before an opt-out is accepted within deadline and io timeout of its claim, or never.
-- Scope: harness
-- Why: so none is accepted later than opt-out + deadline + io timeout: its claim is older than the opt-out (which 10 proves by
-- their order). Measured from the claim, because both moments are then read from one clock.
select a.business_id, a.send_log_id, a.attempt, t.started_at, a.accepted_at, m.deadline + m.io_timeout as exposure,
  o.id as opt_out_id
from touchline_test.acceptances a
join touchline.send_logs l on (l.business_id, l.id) = (a.business_id, a.send_log_id)
join touchline.send_attempts t on (t.business_id, t.send_log_id, t.attempt) = (a.business_id, a.send_log_id, a.attempt)
join touchline.consent_events o on (o.business_id, o.channel, o.customer_id) = (l.business_id, l.channel, l.customer_id)
left join touchline.sender_accounts s on (s.business_id, s.id) = (l.business_id, l.sender_account_id)
cross join lateral touchline.send_limits(l.channel, s.kind) m
where o.kind = 'opt_out'
  and o.sequence > l.sequence
  and a.accepted_at > t.started_at + m.deadline + m.io_timeout
