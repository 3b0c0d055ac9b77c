// What can go wrong with states, tenancy, numbers and the queue.
import { type Fault, fault } from './fault.ts';

const lifeCycle: Fault[] = [
  fault(
    '21_touches_in_order',
    'touch 2 skipped while touch 1 waits',
    `update touchline.campaign_enrollments set touch_2_status = 'skipped', touch_2_reason = 'no_phone'
     where id = :waiting.enrollment`,
  ),
  fault(
    '22_one_unsettled_touch',
    'the current touch is another one',
    'update touchline.campaign_enrollments set current_touch = 2 where id = :waiting.enrollment',
  ),
  fault(
    '22_one_unsettled_touch',
    'a stopped enrollment that still has work',
    `update touchline.campaign_enrollments set touch_3_status = 'pending' where id = :stopped.enrollment`,
  ),
  fault(
    '22_one_unsettled_touch',
    'a completed enrollment that is not through',
    `update touchline.campaign_enrollments set touch_3_status = 'held' where id = :completed.enrollment`,
  ),
  fault(
    '23_completed_at_last_touch',
    'completed before the last touch',
    'update touchline.campaign_enrollments set current_touch = 2 where id = :completed.enrollment',
  ),
  fault(
    '24_no_intent_after_stop',
    'stopped for no reason',
    `alter table touchline.campaign_enrollments drop constraint campaign_enrollments_stopped;
     update touchline.campaign_enrollments set stop_reason = null where id = :stopped.enrollment`,
  ),
  fault(
    '24_no_intent_after_stop',
    'claimed a minute after the stop',
    `update touchline.send_attempts set started_at = :now::timestamptz + interval '1 minute'
     where send_log_id = :stopping.intent1`,
  ),
  fault(
    '25_sending_has_an_end',
    'sending long after its lease',
    `update touchline.lane_claims
     set claimed_at = claimed_at - interval '1 hour', lease_until = lease_until - interval '1 hour',
       check_at = check_at - interval '1 hour'
     where claim_id = :sending.claim`,
  ),
  fault(
    '25_sending_has_an_end',
    'sending, and the reconciler does not know it',
    'delete from touchline.lane_claims where claim_id = :sending.claim',
  ),
  fault(
    '26_legal_transitions',
    'a campaign is a draft again',
    `update touchline.campaigns set status = 'draft', paused_at = null where id = :A.paused`,
  ),
  fault(
    '26_legal_transitions',
    'an erased customer comes back',
    `update touchline.customers set status = 'active', erased_at = null where id = :erased.customer`,
  ),
  fault(
    '27_one_sequence_per_customer',
    'a customer in two campaigns at once',
    'update touchline.campaign_enrollments set customer_id = :waiting.customer where id = :parked.enrollment',
  ),
  fault(
    '27_one_sequence_per_customer',
    'a customer twice in one campaign',
    `drop index touchline.campaign_enrollments_one_active;
     update touchline.campaign_enrollments set customer_id = :waiting.customer where id = :retrying.enrollment`,
  ),
  fault(
    '28_nothing_while_paused',
    'claimed an hour after the pause',
    `update touchline.campaigns set status = 'paused', paused_at = :now::timestamptz - interval '1 hour' where id = :A.live`,
  ),
  fault(
    '28_nothing_while_paused',
    'claimed an hour after the suspension',
    `update touchline.businesses
     set status = 'suspended', suspended_at = :now::timestamptz - interval '1 hour', suspend_reason = 'unpaid'
     where id = :A.business`,
  ),
  fault(
    '29_books_balance',
    'a planned touch in no state',
    `alter table touchline.campaign_enrollments drop constraint campaign_enrollments_touch_2_planned;
     update touchline.campaign_enrollments set touch_2_status = null where id = :waiting.enrollment`,
  ),
];

const tenancyAndNumbers: Fault[] = [
  fault(
    '30_one_business',
    'enrolled into the campaign of another business',
    `alter table touchline.campaign_enrollments drop constraint campaign_enrollments_business_id_campaign_id_fkey;
     alter table touchline.campaign_enrollments drop constraint campaign_enrollments_business_id_campaign_id_campaign_vers_fkey;
     update touchline.campaign_enrollments set campaign_id = :B.live where id = :waiting.enrollment`,
  ),
  fault(
    '30_one_business',
    'enrolled for the job of somebody else',
    'update touchline.campaign_enrollments set job_id = :completed.job where id = :waiting.enrollment',
  ),
  fault(
    '30_one_business',
    'an intent for another customer than the enrollment has',
    'update touchline.send_logs set customer_id = :waiting.customer where id = :failed.intent1',
  ),
  fault(
    '31_own_sender',
    'a message through the sender of another business',
    'update touchline.send_logs set sender_account_id = :B.emailSender where id = :failed.intent1',
  ),
  fault(
    '31_accepted_from_own_sender',
    'accepted from another sender than the intent names',
    'update touchline_test.acceptances set sender_account_id = :B.emailSender where send_log_id = :advanced.intent1',
  ),
  fault(
    '32_no_canary_elsewhere',
    "the brand of another business in a customer's message",
    `update touchline.send_logs set variables = pg_catalog.jsonb_build_object('brand', 'canary-' || :B.business)
     where id = :advanced.intent1`,
  ),
  fault(
    '33_webhooks_once',
    'an event twice in the inbox',
    `alter table touchline.webhook_inbox drop constraint webhook_inbox_event_key;
     insert into touchline.webhook_inbox (business_id, provider, event_id, body)
     select business_id, provider, event_id, body from touchline.webhook_inbox`,
  ),
  fault(
    '34_delivery_is_monotone',
    'delivered after bounced un-bounces',
    `insert into touchline.message_events (business_id, send_log_id, kind, rank, occurred_at)
     values (:A.business, :completed.intent1, 'bounced', 5, :now)`,
  ),
  fault(
    '34_delivery_is_monotone',
    'an event that moved nothing',
    `update touchline.send_logs set status = 'sent' where id = :completed.intent1`,
  ),
  fault(
    '35_rollups_equal_recount',
    'a count that is one too high',
    'update touchline.daily_stats set sent = sent + 1 where delivered = 1',
  ),
  fault('35_rollups_equal_recount', 'a day that was not counted', 'delete from touchline.daily_stats where failed = 1'),
  fault(
    '35_rollups_equal_recount',
    'a message that its counts do not know to be delivered',
    'update touchline.daily_stats set delivered = 0 where delivered = 1',
  ),
  fault(
    '35_rollups_equal_recount',
    'a change that was written twice',
    `insert into touchline.daily_stats_changes (business_id, campaign_id, touch_number, channel, at, measure, change)
     select business_id, campaign_id, touch_number, channel, sent_at, 'sent', 1
     from touchline.send_logs where id = :completed.intent1`,
  ),
  fault(
    '35_rollups_equal_recount',
    'a skip that nobody counted',
    'update touchline.daily_stats set skipped = 0 where skipped = 1',
  ),
  fault(
    '35_skips_equal_recount',
    'a skip that was counted twice',
    'update touchline.daily_stats set skipped = 2 where skipped = 1',
  ),
  fault(
    '36_queue_row_per_enrollment',
    'an active enrollment that nobody will come back to',
    'delete from touchline.touch_queue where enrollment_id = :waiting.enrollment',
  ),
  fault(
    '36_queue_row_per_enrollment',
    'work for a completed enrollment',
    `insert into touchline.touch_queue (business_id, enrollment_id, touch_number, channel, scheduled_at, due_at, late_after)
     select business_id, id, 3, 'email', touch_3_scheduled_at, :now::timestamptz + interval '1 year', :now
     from touchline.campaign_enrollments where id = :completed.enrollment`,
  ),
  fault(
    '36_queue_row_per_enrollment',
    'a queue row for another channel',
    `update touchline.touch_queue set channel = 'sms' where enrollment_id = :held.enrollment`,
  ),
  fault(
    '37_touches_agree_with_log',
    'the touch knows another moment of acceptance',
    `update touchline.send_logs set sent_at = sent_at - interval '1 second' where id = :advanced.intent1`,
  ),
  fault(
    '37_touches_agree_with_log',
    'sent, and no log of it',
    'update touchline.send_logs set campaign_enrollment_id = null where id = :advanced.intent1',
  ),
  fault(
    '38_lanes_know_their_work',
    'a lane that sleeps over its work',
    `update touchline.business_dispatch set next_due_at = 'infinity' where business_id = :A.business and channel = 'email'`,
  ),
  fault(
    '38_lanes_know_their_work',
    'work without a lane',
    `delete from touchline.business_dispatch where business_id = :A.business and channel = 'sms'`,
  ),
  fault(
    '39_parked_exactly_when_blocked',
    'blocked, and still due',
    `alter table touchline.touch_queue drop constraint touch_queue_parked;
     update touchline.touch_queue set blocked_by = 'campaign_paused' where enrollment_id = :waiting.enrollment`,
  ),
];

export const faultsOfState: readonly Fault[] = [...lifeCycle, ...tenancyAndNumbers];
