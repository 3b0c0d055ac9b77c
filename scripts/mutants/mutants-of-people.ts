// Messages after an opt-out, at night, too early, too late, or while paused.
import type { Mutant } from './mutant.ts';

const stopBySms = 'a STOP by SMS while the sequence goes on by email, and an old START after it';
const outage = 'workers come back after a day, and again after two weeks';
const night = 'workers come back at night';
const pause = 'a campaign is paused while its message is refused for now';

const consent: Mutant[] = [
  {
    name: 'asks-no-consent',
    what: 'asks neither consent nor suppressions before a send',
    scenario: stopBySms,
    breaks: ['10_no_intent_after_opt_out'],
    changes: [
      {
        function: 'touch_decisions',
        from: 'where p_explain or not x.passes',
        to: "where p_explain or not x.passes and x.guard not in ('consent', 'suppression')",
      },
    ],
  },
  {
    name: 'claims-without-locks',
    what: 'decides about people whom somebody else has locked',
    scenario: 'a STOP that has not committed yet when its message is claimed',
    breaks: ['10_no_intent_after_opt_out'],
    changes: [{ function: 'lock_due_touches', from: 'for no key update skip locked', to: '', everywhere: true }],
  },
  {
    name: 'ignores-the-fence',
    what: 'sends however long ago it claimed',
    scenario: 'a worker freezes for ten minutes, and a STOP comes meanwhile',
    breaks: ['11_no_acceptance_after_opt_out'],
    wrap: { file: 'src/engine/hand-over.ts', clock: (clock) => ({ ...clock, monotonicMs: () => 0 }) },
  },
  {
    name: 'an-opt-out-suppresses-nothing',
    what: 'notes an opt-out without keeping its address from being written to',
    scenario: stopBySms,
    breaks: ['12_opt_outs_are_in_force'],
    changes: [
      { function: 'event_effects', from: "p.by_policy, 'opt_out', true, false", to: 'p.by_policy, null, true, false' },
    ],
  },
  {
    name: 'an-old-start-undoes-a-stop',
    what: 'lets a START that happened before the STOP lift it',
    scenario: stopBySms,
    breaks: ['12_opt_outs_are_in_force'],
    changes: [
      {
        function: 'record_opt_in',
        from: "if not v_event.is_new or (v_answer ->> 'outdated')::boolean then",
        to: 'if not v_event.is_new then',
      },
    ],
  },
  {
    name: 'writes-to-an-erased-address',
    what: 'does not ask for suppressions before a send',
    scenario: 'an erased address comes back with another job',
    breaks: ['14_no_intent_for_erased'],
    changes: [{ function: 'touch_decisions', from: "'suppression', not j.is_suppressed", to: "'suppression', true" }],
  },
];

const time: Mutant[] = [
  {
    name: 'sends-at-night',
    what: 'does not ask for quiet hours at the moment of sending',
    scenario: night,
    breaks: ['15_no_sms_in_quiet_hours'],
    changes: [{ function: 'touch_decisions', from: 'coalesce(j.allowed_at <= p_now, false)', to: 'true' }],
  },
  {
    name: "asks-the-business's-clock",
    what: "asks for quiet hours in the business's zone alone",
    scenario: night,
    breaks: ['15_no_sms_in_quiet_hours'],
    changes: [
      {
        function: 'touch_decisions',
        from: 'x.business_id, x.time_zone, x.time_zone_source, x.span',
        to: 'x.business_id, null, null, x.span',
      },
    ],
  },
  {
    name: 'claims-an-hour-early',
    what: 'claims what is due within the next hour',
    scenario: 'three touches by email and SMS, for three people',
    breaks: ['18_nothing_before_due'],
    changes: [{ function: 'lock_due_touches', from: 'q.due_at <= p_now', to: "q.due_at <= p_now + interval '1 hour'" }],
  },
  {
    name: 'sends-however-late',
    what: 'does not ask whether it is too late',
    scenario: 'workers come back after five days, and the provider does not answer',
    breaks: ['19_nothing_claimed_late', '19_nothing_handed_over_late'],
    changes: [{ function: 'touch_decisions', from: 'p_now <= j.late_after', to: 'true' }],
  },
  {
    name: 'lateness-counts-tenfold',
    what: 'gives later touches ten times the lateness of the policy',
    scenario: outage,
    breaks: ['19_nothing_handed_over_late'],
    changes: [
      {
        function: 'advance_enrollments',
        from: 'make_interval(hours => p.max_late_hours)',
        to: 'make_interval(hours => 10 * p.max_late_hours)',
      },
    ],
  },
  {
    name: 'no-gap-after-an-outage',
    what: 'neither plans nor asks for the minimum gap',
    scenario: outage,
    breaks: ['20_acceptances_keep_the_gap', '20_minimum_gap'],
    changes: [
      { function: 'touch_decisions', from: 'coalesce(j.gap_until <= p_now, true)', to: 'true' },
      { function: 'advance_enrollments', from: 'p_now, g.gap_until) as due_at', to: 'p_now) as due_at' },
    ],
  },
  {
    name: 'counts-by-the-age-of-the-row',
    what: 'counts for the cap what was first tried lately, not what was handed over lately',
    scenario: 'a message waits out a long pause, and another follows it',
    breaks: ['40_frequency_cap'],
    changes: [
      { function: 'touch_decisions', from: 'and coalesce(s.claimed_at, s.created_at) >', to: 'and s.created_at >' },
    ],
  },
];

const fences: Mutant[] = [
  {
    name: 'replays-after-a-stop',
    what: 'does not ask whether the enrollment is still active',
    scenario: 'a stop while nobody knows whether the message arrived',
    breaks: ['24_no_intent_after_stop'],
    changes: [
      {
        function: 'touch_decisions',
        from: "'enrollment', j.status = 'active' and j.current_touch = j.touch_number",
        to: "'enrollment', true",
      },
    ],
  },
  {
    name: 'sends-for-a-paused-campaign',
    what: 'does not ask whether the campaign is paused',
    scenario: pause,
    breaks: ['28_nothing_while_paused'],
    changes: [
      { function: 'touch_decisions', from: "'campaign', j.campaign_status = 'active'", to: "'campaign', true" },
    ],
  },
  {
    name: 'sends-for-a-suspended-business',
    what: 'does not ask whether the business is suspended',
    scenario: 'a business is suspended while its message is refused for now',
    breaks: ['28_nothing_while_paused'],
    changes: [
      { function: 'touch_decisions', from: "'business', j.business_status = 'active'", to: "'business', true" },
    ],
  },
  {
    name: 'a-pause-leaves-touches-due',
    what: 'marks waiting touches as paused and leaves them due',
    scenario: pause,
    breaks: ['39_parked_exactly_when_blocked'],
    changes: [{ function: 'park_touches', from: "set due_at = 'infinity',", to: 'set' }],
    drops: 'touch_queue touch_queue_parked',
  },
];

export const mutantsOfPeople: readonly Mutant[] = [...consent, ...time, ...fences];
