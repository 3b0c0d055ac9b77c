// What concerns several rows at once is locked in one order, so that two of it meet without a deadlock.
import {
  archive,
  claim,
  complete,
  enrollAll,
  erase,
  giveSettings,
  ofTwo,
  optOut,
  pause,
  reconcile,
  settle,
} from './actions.ts';
import { stranger, twoBlocked, twoDueWithOneAddress, twoJobsOfTwo, twoOverdue, twoSending } from './arrangements.ts';
import { interleavings, type Pair } from './suite.ts';

const both = (left: string): Pair['inTurn'] => [left, left];
const twice = (left: string, rest = ''): string => `${left} | ${left}${rest}`;
const sent = 'active: sent, pending; queued; message sent';
const parked = (touch: string, rest = ''): string => `active: ${touch}, pending; parked campaign_paused${rest}`;
const optedOut = 'opted_out_email: cancelled, cancelled';

interleavings('interleavings_several', [
  {
    when: twoDueWithOneAddress,
    first: ofTwo(claim),
    second: ofTwo(optOut),
    inTurn: [twice('opted_out_email: sent, cancelled; message sent'), twice(optedOut)],
    // One of the two was busy.
    also: [
      `opted_out_email: sent, cancelled; message sent | ${optedOut}`,
      `${optedOut} | opted_out_email: sent, cancelled; message sent`,
    ],
    fence: true,
  },
  {
    when: twoSending,
    first: ofTwo(settle('accepted')),
    second: ofTwo(archive),
    inTurn: both(twice('campaign_deleted: sent, cancelled; message sent', ' | campaign archived')),
  },
  {
    when: twoSending,
    first: ofTwo(settle('accepted')),
    second: ofTwo(settle('ambiguous', 'other settle')),
    inTurn: both(twice(sent)),
  },
  {
    when: twoOverdue,
    first: ofTwo(reconcile),
    second: ofTwo(archive),
    inTurn: both(twice('campaign_deleted: unknown, cancelled; stopping; message unknown', ' | campaign archived')),
  },
  { when: twoOverdue, first: ofTwo(reconcile), second: ofTwo(settle('accepted')), inTurn: both(twice(sent)) },
  {
    when: twoBlocked,
    first: giveSettings,
    second: ofTwo(pause),
    // What is released while the campaign is paused is parked by the claim.
    inTurn: [
      `${parked('sent', '; message sent')} | ${parked('pending')} | campaign paused`,
      `${sent} | active: pending, pending; queued | campaign paused`,
    ],
  },
  {
    when: twoJobsOfTwo,
    first: enrollAll,
    second: ofTwo(optOut),
    inTurn: [twice(optedOut), 'job opted_out | job opted_out'],
  },
  {
    when: stranger,
    first: complete,
    second: erase,
    inTurn: ['customer_erased: cancelled, cancelled | customer erased', 'customer erased | job customer_erased'],
  },
]);
