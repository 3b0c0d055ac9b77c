// Plans that drift, sequences that lose their place, rows that disagree.
import type { Mutant } from './mutant.ts';

const life = 'three touches by email and SMS, for three people';
const stopWhileSending = 'a stop while the provider has the message';

const plans: Mutant[] = [
  {
    name: 'a-plan-with-an-hour-more',
    what: 'plans the second touch an hour later than its delay',
    scenario: life,
    breaks: ['16_plan_follows_delays'],
    changes: [{ function: 'plan_enrollments', from: '(hours => h.to_2)', to: '(hours => h.to_2 + 1)' }],
  },
  {
    name: 'a-plan-from-enrollment',
    what: "anchors the plan at the enrollment instead of the job's completion",
    scenario: life,
    breaks: ['17_plan_begins_at_completion'],
    changes: [{ function: 'plan_enrollments', from: 'j.completed_at as anchor_at', to: 'p_now as anchor_at' }],
  },
  {
    name: 'a-touch-without-a-state',
    what: 'plans the third touch without a state',
    scenario: life,
    breaks: ['29_books_balance'],
    changes: [
      {
        function: 'plan_enrollments',
        from: "p.at_3, case when p.at_3 is not null then 'pending' end",
        to: 'p.at_3, null',
      },
    ],
    drops: 'campaign_enrollments campaign_enrollments_touch_3_planned',
  },
];

const sequences: Mutant[] = [
  {
    name: 'goes-on-while-unknown',
    what: 'goes on to the next touch while nobody knows of the one before',
    scenario: 'the provider is slow to tell, and later touches wait',
    breaks: ['21_touches_in_order', '22_one_unsettled_touch'],
    changes: [
      {
        function: 'move_touches',
        from: "in ('sent', 'presumed_sent', 'failed', 'cancelled') as ends",
        to: "in ('sent', 'presumed_sent', 'failed', 'cancelled', 'unknown') as ends",
      },
    ],
  },
  {
    name: 'a-stop-forgets-touch-2',
    what: 'leaves the second touch pending when somebody is stopped',
    scenario: stopWhileSending,
    breaks: ['22_one_unsettled_touch'],
    changes: [
      {
        function: 'stop_enrollments',
        from: "touch_2_status = case e.touch_2_status when 'pending' then 'cancelled'",
        to: "touch_2_status = case e.touch_2_status when 'pending' then 'pending'",
      },
    ],
  },
  {
    name: 'a-failure-completes',
    what: 'completes a sequence at its first failed touch',
    scenario: 'a first touch that the provider rejects',
    breaks: ['22_one_unsettled_touch', '23_completed_at_last_touch'],
    changes: [
      {
        function: 'advance_enrollments',
        from: 'case when p.scheduled_at is null then 0',
        to: "case when p.scheduled_at is null or p.status = 'failed' then 0",
      },
    ],
  },
  {
    name: 'replaces-without-a-stop',
    what: 'enrolls a second job without stopping the sequence it replaces',
    scenario: 'a second job replaces the running sequence',
    breaks: ['27_one_sequence_per_customer'],
    changes: [{ function: 'enroll_jobs', from: "if v_round.replaced <> '{}' then", to: 'if false then' }],
  },
];

const rows: Mutant[] = [
  {
    name: 'a-stop-leaves-its-queue-row',
    what: 'does not mark the queue row of a stopped enrollment',
    scenario: stopWhileSending,
    breaks: ['36_queue_row_per_enrollment'],
    changes: [{ function: 'stop_enrollments', from: 'set stopping = true', to: 'set stopping = false' }],
  },
  {
    name: 'a-stop-leaves-a-retry',
    what: 'lets the message of a stopped enrollment wait for another attempt',
    scenario: 'a stop while the message waits for another attempt',
    breaks: ['37_touches_agree_with_log'],
    changes: [{ function: 'stop_enrollments', from: "and l.state = 'retry';", to: 'and false;' }],
  },
  {
    name: 'an-acceptance-without-a-moment',
    what: 'does not write down when a message was accepted',
    scenario: life,
    breaks: ['37_touches_agree_with_log'],
    changes: [
      {
        function: 'apply_outcomes',
        from: "sent_at = case j.new_state when 'sent' then p_now else l.sent_at end",
        to: 'sent_at = l.sent_at',
      },
    ],
  },
  {
    name: 'a-sweep-without-a-broom',
    what: 'leaves a lane asleep that missed its work',
    scenario: 'a lane is busy while work becomes due in it',
    breaks: ['38_lanes_know_their_work'],
    changes: [
      {
        function: 'sweep_lanes',
        from: 'set next_due_at = least(d.next_due_at, greatest(l.next_due_at, v_now))',
        to: 'set next_due_at = d.next_due_at',
      },
    ],
  },
];

export const mutantsOfLife: readonly Mutant[] = [...plans, ...sequences, ...rows];
