-- Invariant 6: a touch is handed over again, or due again, only with proof that the attempt before it was not accepted.
-- Scope: live
-- Why: proof is a definite reject, a look-up that found nothing (absent), or not_started by the claim itself; it stands on the
-- attempt. A replay hands over the same key and bytes, which its provider takes once, and needs none. Without proof, the policy
-- resend_once excuses the first such attempt and its replays, and a resend in the audit log any. An attempt that proved to be
-- accepted after all has made the message sent, so it is asked only while the message is something else.
select l.business_id, l.id as send_log_id, l.campaign_enrollment_id, l.touch_number, l.state, t.attempt, t.outcome
from touchline.send_logs l
join touchline.send_attempts t on (t.business_id, t.send_log_id) = (l.business_id, l.id)
join touchline.sending_policies p on p.business_id = l.business_id
where l.updated_at >= p_since
  and (l.state = 'retry' or exists (
    select from touchline.send_attempts n
    where (n.business_id, n.send_log_id) = (t.business_id, t.send_log_id)
      and n.attempt > t.attempt
      and not n.is_replay))
  and (coalesce(t.outcome, 'ambiguous') = 'ambiguous' or t.outcome = 'accepted' and l.state <> 'sent')
  and not (
    case l.channel when 'sms' then p.unknown_sms else p.unknown_email end = 'resend_once'
    and not exists (
      select from touchline.send_attempts o
      where (o.business_id, o.send_log_id) = (t.business_id, t.send_log_id)
        and not o.is_replay
        and not t.is_replay
        and o.attempt < t.attempt
        and coalesce(o.outcome, 'ambiguous') = 'ambiguous'))
  and not exists (
    select from touchline.audit_log r
    where (r.business_id, r.object_kind, r.object_id) = (l.business_id, 'send_log', l.id)
      and r.action = 'touch.resend')
