// A decision about a job meets what changes its grounds, and the other decision about the same customer.
import { archive, claim, enroll, erase, optOut, pause, publish, resume, settle } from './actions.ts';
import {
  jobDone,
  jobDoneWhileEditing,
  jobDoneWhilePaused,
  repeating,
  repeatingWhileSending,
  twoJobsDone,
  twoJobsReplace,
} from './arrangements.ts';
import { interleavings } from './suite.ts';

const waiting = 'active: pending, pending; queued';
const done = 'completed: sent, sent; message sent, sent';

interleavings('interleavings_enroll', [
  // The older sequence ends, whether or not its touch has just left; the newer one begins.
  {
    when: repeating,
    first: claim,
    second: enroll(),
    inTurn: [
      `repeat_job: sent, cancelled; message sent | ${waiting}`,
      'repeat_job: cancelled, cancelled | active: sent, pending; queued; message sent',
    ],
    also: [`repeat_job: cancelled, cancelled | ${waiting}`],
  },
  {
    when: repeatingWhileSending,
    first: settle('accepted'),
    second: enroll(),
    inTurn: [
      `repeat_job: sent, cancelled; message sent | ${waiting}`,
      `repeat_job: sent, cancelled; message sent | ${waiting}`,
    ],
  },
  // Decided before the pause: enrolled, and parked by the pause or by the claim.
  {
    when: jobDone,
    first: enroll(),
    second: pause,
    inTurn: [
      'active: pending, pending; parked campaign_paused | campaign paused',
      'campaign paused | job campaign_paused',
    ],
    also: [`${waiting} | campaign paused`],
    ends: [done, 'job campaign_paused'],
  },
  {
    when: jobDoneWhilePaused,
    first: enroll(),
    second: resume,
    inTurn: ['job campaign_paused', waiting],
    ends: ['job campaign_paused', done],
  },
  {
    when: jobDone,
    first: enroll(),
    second: optOut,
    inTurn: ['opted_out_email: cancelled, cancelled', 'job opted_out'],
  },
  {
    when: jobDone,
    first: enroll(),
    second: erase,
    inTurn: ['customer_erased: cancelled, cancelled | customer erased', 'customer erased | job customer_erased'],
  },
  {
    when: jobDone,
    first: enroll(),
    second: archive,
    inTurn: ['campaign_deleted: cancelled, cancelled | campaign archived', 'campaign archived | job no_campaign'],
    // Decided before, committed after: the claim ends it.
    also: [`${waiting} | campaign archived`],
    ends: ['campaign_deleted: cancelled, cancelled | campaign archived', 'campaign archived | job no_campaign'],
  },
  {
    when: jobDoneWhileEditing,
    first: enroll(),
    second: publish,
    inTurn: [`${waiting} | version 2`, `${waiting} | version 2`],
  },
  { when: jobDone, first: enroll(), second: { ...enroll(), name: 'same enroll' }, inTurn: [waiting, waiting] },
  {
    name: 'one sequence at a time (defect 49)',
    when: twoJobsDone,
    first: enroll(1),
    second: enroll(2),
    inTurn: [`${waiting} | job already_active`, `${waiting} | job already_active`],
  },
  {
    when: twoJobsReplace,
    first: enroll(1),
    second: enroll(2),
    inTurn: [`repeat_job: cancelled, cancelled | ${waiting}`, `repeat_job: cancelled, cancelled | ${waiting}`],
  },
]);
