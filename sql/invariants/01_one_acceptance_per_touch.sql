-- Invariant 1: the provider accepts at most one message per touch of an enrollment.
-- Scope: harness
-- Why: this is the promise. One more is allowed where the policy resend_once sent an unproved attempt again, and for each
-- resend in the audit log (action touch.resend on the send log) by which somebody took the risk of a duplicate.
select a.business_id, a.enrollment_id, a.touch_number, a.acceptances, a.accepted_ats, x.excused
from (
  select c.business_id, c.enrollment_id, c.touch_number, c.channel, pg_catalog.count(*) as acceptances,
    pg_catalog.array_agg(c.accepted_at order by c.accepted_at) as accepted_ats
  from touchline_test.acceptances c
  where c.enrollment_id is not null
  group by c.business_id, c.enrollment_id, c.touch_number, c.channel
) a
left join touchline.send_logs l on (l.business_id, l.campaign_enrollment_id, l.touch_number)
  = (a.business_id, a.enrollment_id, a.touch_number)
left join touchline.sending_policies p on p.business_id = a.business_id
cross join lateral (
  select pg_catalog.count(*) as excused
  from (
    select t.attempt::text
    from touchline.send_attempts t
    where (t.business_id, t.send_log_id) = (l.business_id, l.id)
      and t.attempt < l.attempt
      and coalesce(t.outcome, 'ambiguous') in ('ambiguous', 'accepted')
      and case a.channel when 'sms' then p.unknown_sms else p.unknown_email end = 'resend_once'
    union all
    select r.id::text
    from touchline.audit_log r
    where (r.business_id, r.object_kind, r.object_id) = (l.business_id, 'send_log', l.id)
      and r.action = 'touch.resend'
  ) e
) x
where a.acceptances > 1 + x.excused
