// A claim meets what forbids it. It never waits: what somebody holds is skipped, and looked at again later.
import {
  archive,
  claim,
  claimOf,
  erase,
  optOut,
  pause,
  publish,
  reply,
  resume,
  rivalClaimOf,
  stop,
  suspend,
} from './actions.ts';
import { due, dueOnceMore, dueWhilePaused, dueWithDraft, retrying, twoLanes } from './arrangements.ts';
import { interleavings, type Pair } from './suite.ts';

const sent = 'active: sent, pending; queued; message sent';
const done = 'completed: sent, sent; message sent, sent';
const waiting = 'active: pending, pending; queued';

/** Whoever comes first: the message leaves and the rest is cancelled, or no message leaves. */
const stopped = (reason: string, end = ''): Pair['inTurn'] => [
  `${reason}: sent, cancelled; message sent${end}`,
  `${reason}: cancelled, cancelled${end}`,
];

interleavings('interleavings_claim', [
  {
    name: 'no message is claimed after an opt-out (defect 10)',
    when: due,
    first: claim,
    second: optOut,
    inTurn: stopped('opted_out_email'),
    fence: true,
  },
  { when: dueOnceMore, first: claim, second: optOut, inTurn: stopped('opted_out_email'), fence: true },
  {
    when: retrying,
    first: claim,
    second: optOut,
    inTurn: [
      'opted_out_email: sent, cancelled; message sent',
      'opted_out_email: cancelled, cancelled; message cancelled',
    ],
    fence: true,
  },
  { when: due, first: claim, second: stop, inTurn: stopped('owner_stopped'), fence: true },
  { when: due, first: claim, second: reply, inTurn: stopped('replied'), fence: true },
  {
    when: due,
    first: claim,
    second: erase,
    inTurn: [
      'customer_erased: sent, cancelled; message sent to nobody | customer erased',
      'customer_erased: cancelled, cancelled | customer erased',
    ],
    fence: true,
  },
  {
    when: retrying,
    first: claim,
    second: erase,
    inTurn: [
      'customer_erased: sent, cancelled; message sent to nobody | customer erased',
      'customer_erased: cancelled, cancelled; message cancelled to nobody | customer erased',
    ],
    fence: true,
  },
  {
    name: 'nothing is claimed after a pause (defects 6, 38)',
    when: due,
    first: claim,
    second: pause,
    inTurn: [`${sent} | campaign paused`, 'active: pending, pending; parked campaign_paused | campaign paused'],
    ends: [done],
    fence: true,
  },
  {
    when: due,
    first: claim,
    second: suspend,
    inTurn: [
      `${sent} | business suspended`,
      'active: pending, pending; parked business_suspended | business suspended',
    ],
    fence: true,
  },
  {
    when: due,
    first: claim,
    second: archive,
    inTurn: stopped('campaign_deleted', ' | campaign archived'),
    fence: true,
  },
  // What the claim finds parked it leaves to the resume.
  { when: dueWhilePaused, first: claim, second: resume, inTurn: [waiting, sent] },
  {
    when: dueWithDraft,
    first: claim,
    second: publish,
    inTurn: [`${sent} | version 2`, `${sent} | version 2`],
    also: [`${waiting} | version 2`],
  },
  {
    name: 'one claim at a time in a lane, and one message for a touch (defect 2)',
    when: due,
    first: claim,
    second: rivalClaimOf(10),
    inTurn: [sent, sent],
    also: [waiting],
  },
  {
    name: 'one passes where each alone would (defect 16)',
    when: twoLanes,
    first: claimOf(1),
    second: rivalClaimOf(1),
    inTurn: [
      'completed: sent; message sent | active: pending; queued',
      'completed: sent; message sent | active: pending; queued',
    ],
    also: [
      'active: pending; queued | completed: sent; message sent',
      'active: pending; queued | active: pending; queued',
    ],
    ends: ['completed: sent; message sent | completed: sent; message sent'],
  },
]);
