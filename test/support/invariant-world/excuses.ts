// What looks like a fault and is none: the invariants must keep silent about it. Written like the faults.

export interface Excuse {
  what: string;
  sql: string;
}

export const excuses: readonly Excuse[] = [
  {
    what: 'the policy resend_once sends an unproved message again, once',
    sql: `update touchline.sending_policies set unknown_email = 'resend_once' where business_id = :A.business;
      insert into touchline.send_attempts (business_id, send_log_id, attempt, claim_id, worker, started_at, deadline_at)
      values (:A.business, :unknown.intent1, 2, :unknown.claim, 'w', :now, :now);
      update touchline.send_logs set attempt = 2 where id = :unknown.intent1;
      insert into touchline_test.acceptances
      select (pg_catalog.jsonb_populate_record(a, '{"attempt": 2, "accepted_at": "2026-03-04T17:00:01Z"}')).*
      from touchline_test.acceptances a where a.send_log_id = :unknown.intent1`,
  },
  {
    what: 'somebody resends a held message, taking the risk of a duplicate',
    sql: `insert into touchline.audit_log (business_id, actor_kind, action, object_kind, object_id, occurred_at)
      values (:A.business, 'member', 'touch.resend', 'send_log', :failed.intent1, :now);
      update touchline.send_attempts set outcome = 'ambiguous' where send_log_id = :failed.intent1 and attempt = 1`,
  },
  {
    what: 'an acceptance comes to light while a later touch is already sent',
    sql: `update touchline.send_logs set state = 'sent', sent_at = :now, settled_at = :now where id = :completed.intent3;
      update touchline.campaign_enrollments set touch_3_status = 'sent', touch_3_sent_at = :now where id = :completed.enrollment;
      select touchline.recount_daily_stats(:A.business)`,
  },
  {
    what: 'counts outlive what was pruned',
    sql: `update touchline.installation set messages_pruned_before = :now;
      update touchline.daily_stats set sent = sent + 1, skipped = skipped + 1`,
  },
  {
    what: 'a blocked lane sleeps over its work',
    sql: `update touchline.business_dispatch set next_due_at = 'infinity', blocked_at = :now, blocked_reason = 'claim failed'
      where business_id = :A.business and channel = 'email'`,
  },
  {
    what: 'a lane waits for its paused sender',
    sql: `update touchline.sender_accounts set status = 'paused', paused_at = :now, pause_reason = '401' where id = :A.emailSender;
      update touchline.business_dispatch set next_due_at = 'infinity' where business_id = :A.business and channel = 'email'`,
  },
  {
    what: 'an SMS at midnight, in a window that ends on the next day',
    sql: `update touchline.sending_windows set opens = '11:00', closes = '02:00' where business_id = :A.business;
      update touchline_test.acceptances set accepted_at = accepted_at + interval '12 hours' where send_log_id = :completed.intent2`,
  },
  {
    what: 'a machine opens a message',
    sql: `insert into touchline.message_events (business_id, send_log_id, kind, rank, is_automatic, occurred_at)
      values (:A.business, :completed.intent1, 'opened', 3, true, :now)`,
  },
  {
    what: 'an address bounces whose owner consents',
    sql: `insert into touchline.consent_events
        (business_id, customer_id, channel, kind, source, address_hash, occurred_at, recorded_at)
      select business_id, customer_id, channel, 'opt_out', 'bounce', address_hash, :now, :now
      from touchline.consent_events where customer_id = :waiting.customer and channel = 'sms';
      insert into touchline.suppressions (business_id, channel, address_hash, reason, suppressed_at)
      select business_id, channel, address_hash, 'bounced', :now
      from touchline.consent_events where customer_id = :waiting.customer and source = 'bounce'`,
  },
];
