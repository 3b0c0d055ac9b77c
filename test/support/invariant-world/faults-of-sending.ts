// What can go wrong with messages, consent and time.
import { type Fault, fault } from './fault.ts';

/** Copies one acceptance with some of its columns changed. */
const acceptAgain = (intent: string, changes: string): string =>
  `insert into touchline_test.acceptances
   select (pg_catalog.jsonb_populate_record(a, pg_catalog.to_jsonb(a) || ${changes})).*
   from touchline_test.acceptances a where a.send_log_id = ${intent}`;

const messages: Fault[] = [
  fault('01_one_acceptance_per_touch', 'a touch is accepted twice', acceptAgain(':advanced.intent1', `'{}'`)),
  fault(
    '01_one_acceptance_per_touch',
    'resend_once resends a second time',
    `update touchline.sending_policies set unknown_email = 'resend_once' where business_id = :A.business;
     insert into touchline.send_attempts (business_id, send_log_id, attempt, claim_id, worker, started_at, deadline_at)
     values (:A.business, :unknown.intent1, 2, :unknown.claim, 'w', :now, :now);
     update touchline.send_logs set attempt = 2 where id = :unknown.intent1;
     ${acceptAgain(':unknown.intent1', `'{"attempt": 2}'`)};
     ${acceptAgain(':unknown.intent1', `'{}'`)}`,
  ),
  fault(
    '02_one_intent_per_touch',
    'a second intent for a touch',
    `drop index touchline.idx_send_logs_enrollment;
     insert into touchline.send_logs
     select (pg_catalog.jsonb_populate_record(l, '{"id": "00000000-0000-7000-8000-000000000001"}')).*
     from touchline.send_logs l where l.id = :failed.intent1`,
  ),
  fault(
    '03_acceptance_has_intent',
    'an acceptance of an attempt that was never claimed',
    'update touchline_test.acceptances set attempt = 9 where send_log_id = :advanced.intent1',
  ),
  fault(
    '03_acceptance_has_intent',
    'a submission before its claim',
    `update touchline_test.acceptances set accepted_at = accepted_at - interval '1 hour' where send_log_id = :advanced.intent1`,
  ),
  fault(
    '04_sent_was_accepted',
    'called sent, never accepted',
    'delete from touchline_test.acceptances where send_log_id = :advanced.intent1',
  ),
  fault(
    '05_acceptance_is_not_lost',
    'called failed, but accepted',
    `insert into touchline_test.acceptances select business_id, id, campaign_enrollment_id, touch_number, attempt, channel,
       recipient, id::text, id::text, claimed_at, sender_account_id from touchline.send_logs where id = :failed.intent1`,
  ),
  fault(
    '06_retry_needs_proof',
    'due again after an ambiguous outcome',
    `update touchline.send_attempts set outcome = 'ambiguous' where send_log_id = :retrying.intent1`,
  ),
  fault(
    '06_retry_needs_proof',
    'claimed again without any outcome',
    `update touchline.send_attempts set outcome = null, finished_at = null
     where send_log_id = :failed.intent1 and attempt = 1`,
  ),
  fault(
    '07_same_message_every_time',
    'sent to another address than the claim froze',
    `update touchline_test.acceptances set recipient = 'other@example.test' where send_log_id = :advanced.intent1`,
  ),
  fault(
    '07_same_message_every_time',
    'other bytes the second time',
    acceptAgain(':advanced.intent1', `'{"body_hash": "other"}'`),
  ),
  fault(
    '07_same_message_every_time',
    'two intents with one key',
    `update touchline_test.acceptances set idempotency_key = 'one'
     where send_log_id in (:advanced.intent1, :returned.intent1)`,
  ),
  fault(
    '08_attempts_are_limited',
    'a poison touch that loops',
    `insert into touchline.send_attempts
     select (pg_catalog.jsonb_populate_record(t, pg_catalog.jsonb_build_object('attempt', n))).*
     from touchline.send_attempts t, pg_catalog.generate_series(3, 6) n where t.send_log_id = :failed.intent1 and t.attempt = 1;
     update touchline.send_logs set attempt = 6 where id = :failed.intent1`,
  ),
  fault(
    '09_unknown_is_resolved',
    'an unknown past its horizon',
    `update touchline.lane_claims
     set claimed_at = claimed_at - interval '1 hour', lease_until = lease_until - interval '1 hour',
       check_at = check_at - interval '1 hour'
     where claim_id = :unknown.claim`,
  ),
  fault(
    '09_unknown_is_resolved',
    'an unknown that the reconciler does not know',
    'delete from touchline.lane_claims where claim_id = :unknown.claim',
  ),
];

const intentAfterOptOut = `update touchline.send_logs set sequence = nextval('touchline.fence_sequence')
  where id = :optedOut.intent1`;

const consent: Fault[] = [
  fault('10_no_intent_after_opt_out', 'an intent after the opt-out of its customer', intentAfterOptOut),
  fault(
    '10_no_intent_after_opt_out',
    'an intent after the opt-out of an address whose customer is gone',
    `update touchline.consent_events set customer_id = null where kind = 'opt_out' and customer_id = :optedOut.customer;
     ${intentAfterOptOut}`,
  ),
  fault(
    '10_no_intent_after_opt_out',
    'an opt-out that nothing lifted',
    `delete from touchline.consent_events where channel = 'email' and kind = 'opt_in'`,
  ),
  fault(
    '10_no_intent_after_opt_out',
    'an intent without a place in the order',
    'update touchline.send_logs set sequence = null where id = :advanced.intent1',
  ),
  fault(
    '11_no_acceptance_after_opt_out',
    'accepted minutes after an opt-out that came after the claim',
    `update touchline_test.acceptances set accepted_at = accepted_at + interval '3 minutes'
     where send_log_id = :optedOut.intent1`,
  ),
  fault(
    '12_opt_outs_are_in_force',
    'an opt-out that suppressed nothing',
    `delete from touchline.suppressions where reason = 'opt_out'`,
  ),
  fault(
    '12_opt_outs_are_in_force',
    'an old START, arriving late, undoes a STOP',
    `insert into touchline.consent_events
       (business_id, customer_id, channel, kind, source, address_hash, occurred_at, recorded_at)
     select business_id, customer_id, channel, 'opt_in', source, address_hash, occurred_at - interval '1 day', :now
     from touchline.consent_events where kind = 'opt_out' and customer_id = :optedOut.customer;
     update touchline.suppressions set lifted_at = :now where reason = 'opt_out';
     update touchline.customers set email_consent_status = 'opted_in' where id = :optedOut.customer`,
  ),
  fault(
    '14_no_intent_for_erased',
    'an intent for an erased customer',
    `update touchline.send_logs set claimed_at = :now::timestamptz - interval '39 hours' where id = :erased.intent1`,
  ),
  fault(
    '14_no_intent_for_erased',
    'an intent to an address that the business suppressed',
    `insert into touchline.suppressions (business_id, channel, address_hash, reason, suppressed_at)
     select business_id, channel, touchline.address_hash(channel, recipient), 'manual', claimed_at - interval '1 day'
     from touchline.send_logs where id = :advanced.intent1`,
  ),
];

const time: Fault[] = [
  fault(
    '15_no_sms_in_quiet_hours',
    'an SMS at midnight',
    `update touchline_test.acceptances set accepted_at = accepted_at + interval '12 hours'
     where send_log_id = :completed.intent2`,
  ),
  fault(
    '15_no_sms_in_quiet_hours',
    'an SMS at noon in the business, at six where the area code says',
    `update touchline.customers set time_zone = 'Pacific/Auckland', time_zone_source = 'area_code'
     where id = :completed.customer`,
  ),
  fault(
    '16_plan_follows_delays',
    'a plan that moved',
    `update touchline.campaign_enrollments set touch_2_scheduled_at = touch_2_scheduled_at + interval '1 hour'
     where id = :waiting.enrollment`,
  ),
  fault(
    '16_plan_follows_delays',
    'a touch of the version that nobody planned',
    'update touchline.campaign_enrollments set touch_3_scheduled_at = null, touch_3_status = null where id = :waiting.enrollment',
  ),
  fault(
    '17_plan_begins_at_completion',
    'an anchor that is not the completion',
    `update touchline.jobs set completed_at = completed_at - interval '1 hour' where id = :waiting.job`,
  ),
  fault(
    '18_nothing_before_due',
    'claimed an hour before it is due',
    `update touchline.send_logs set due_at = claimed_at + interval '1 hour' where id = :advanced.intent1`,
  ),
  fault(
    '18_nothing_before_due',
    'a first attempt before the plan',
    `update touchline.send_attempts set started_at = started_at - interval '3 hours' where send_log_id = :failed.intent1`,
  ),
  fault(
    '19_nothing_claimed_late',
    'claimed past late_after',
    `update touchline.touch_queue set late_after = :now::timestamptz - interval '1 hour'
     where enrollment_id = :sending.enrollment`,
  ),
  fault(
    '19_nothing_handed_over_late',
    'claimed two days and two hours after its plan',
    `update touchline.send_logs set claimed_at = claimed_at + interval '50 hours' where id = :completed.intent1`,
  ),
  fault(
    '20_minimum_gap',
    'two touches claimed 72 hours apart where 80 are the least',
    'update touchline.sending_policies set min_gap_hours = 80 where business_id = :A.business',
  ),
  fault(
    '20_acceptances_keep_the_gap',
    'two touches accepted an hour apart',
    `update touchline_test.acceptances set accepted_at = :now::timestamptz - interval '385 hours'
     where send_log_id = :completed.intent1`,
  ),
  fault(
    '40_frequency_cap',
    'a second message to one customer within a day, where one is the most',
    `update touchline.sending_policies set cap_messages_per_24h = 1 where business_id = :A.business;
     update touchline.send_logs set customer_id = :advanced.customer where id = :sending.intent1`,
  ),
];

export const faultsOfSending: readonly Fault[] = [...messages, ...consent, ...time];
