// What a worker reports is never lost, whatever happens to the enrollment at that moment, and it counts once.
import { erase, optOut, pause, publish, reconcile, resume, settle, stop } from './actions.ts';
import { lastSending, overdue, sending, sendingWhilePaused, sendingWithDraft } from './arrangements.ts';
import { interleavings, type Pair } from './suite.ts';

const accepted = settle('accepted');
const sent = 'active: sent, pending; queued; message sent';
const done = 'completed: sent, sent; message sent, sent';
const both = (left: string): Pair['inTurn'] => [left, left];

interleavings('interleavings_settle', [
  {
    name: 'the acceptance is recorded and the stop stays (defect 9)',
    when: sending,
    first: accepted,
    second: stop,
    inTurn: both('owner_stopped: sent, cancelled; message sent'),
  },
  {
    when: sending,
    first: settle('retry'),
    second: stop,
    inTurn: both('owner_stopped: cancelled, cancelled; message cancelled'),
  },
  {
    when: sending,
    first: settle('not_started'),
    second: stop,
    inTurn: both('owner_stopped: cancelled, cancelled; message cancelled'),
  },
  {
    when: sending,
    first: settle('rejected'),
    second: stop,
    inTurn: both('owner_stopped: failed, cancelled; message failed'),
  },
  {
    when: sending,
    first: settle('ambiguous'),
    second: stop,
    inTurn: both('owner_stopped: unknown, cancelled; stopping; message unknown'),
    ends: ['owner_stopped: presumed_sent, cancelled; message presumed_sent'],
  },
  {
    when: lastSending,
    first: accepted,
    second: stop,
    inTurn: ['completed: sent; message sent', 'owner_stopped: sent; message sent'],
  },
  { when: sending, first: accepted, second: optOut, inTurn: both('opted_out_email: sent, cancelled; message sent') },
  {
    when: sending,
    first: accepted,
    second: erase,
    inTurn: both('customer_erased: sent, cancelled; message sent to nobody | customer erased'),
  },
  {
    when: sending,
    first: settle('retry'),
    second: erase,
    inTurn: both('customer_erased: cancelled, cancelled; message cancelled to nobody | customer erased'),
  },
  // The next touch is parked by the pause or, where the settle comes later, by the claim.
  {
    when: sending,
    first: accepted,
    second: pause,
    inTurn: [
      'active: sent, pending; parked campaign_paused; message sent | campaign paused',
      `${sent} | campaign paused`,
    ],
  },
  {
    when: sending,
    first: settle('not_started'),
    second: pause,
    inTurn: [
      'active: pending, pending; parked campaign_paused; message retry | campaign paused',
      'active: pending, pending; queued; message retry | campaign paused',
    ],
  },
  { when: sendingWhilePaused, first: accepted, second: resume, inTurn: both(sent), ends: [done] },
  // Rules.md 3 measured a settle that found no rows after a concurrent publish.
  { when: sendingWithDraft, first: accepted, second: publish, inTurn: both(`${sent} | version 2`) },
  { when: sending, first: accepted, second: settle('accepted', 'same settle'), inTurn: both(sent), ends: [done] },
  { when: sending, first: accepted, second: settle('ambiguous', 'other settle'), inTurn: both(sent), ends: [done] },
  { when: sending, first: accepted, second: settle('rejected', 'other settle'), inTurn: both(sent), ends: [done] },
  { when: sending, first: accepted, second: settle('retry', 'other settle'), inTurn: both(sent), ends: [done] },
  {
    when: sending,
    first: settle('retry'),
    second: settle('retry', 'same settle'),
    inTurn: both('active: pending, pending; queued after 1; message retry'),
    ends: [done],
  },
  { when: overdue, first: accepted, second: reconcile, inTurn: both(sent), ends: [done] },
  {
    when: overdue,
    first: stop,
    second: reconcile,
    inTurn: both('owner_stopped: unknown, cancelled; stopping; message unknown'),
    // Somebody holds the claim: it is left to the next pass, and the worker reports after all.
    also: ['owner_stopped: sent, cancelled; message sent'],
  },
  {
    when: overdue,
    first: reconcile,
    second: erase,
    inTurn: both('customer_erased: unknown, cancelled; stopping; message unknown | customer erased'),
    also: ['customer_erased: sent, cancelled; message sent to nobody | customer erased'],
  },
]);
