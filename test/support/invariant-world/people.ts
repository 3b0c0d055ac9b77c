// The people of a small world in which every invariant holds: one in every state an enrollment and a touch can be in.

/** Wednesday noon in New York. */
export const worldNow = new Date('2026-03-04T17:00:00Z');

export const second = 1000;
const minute = 60 * second;
export const hour = 60 * minute;

export const before = (length: number): Date => new Date(worldNow.getTime() - length);
export const after = (moment: Date, length: number): Date => new Date(moment.getTime() + length);

/** Of a person: who, what was done for them, and their way through a campaign. */
export interface PersonIds {
  customer: string;
  job: string;
  enrollment: string;
  /** The intents of touches 1 to 3, whether there is one or not. */
  intents: [string, string, string];
  claim: string;
}

export interface Touch {
  status: string;
  reason?: string;
  /** How long before now the last attempt was claimed; absent: never claimed. */
  claimed?: number;
  /** The state of the intent, where it is not the touch's. */
  state?: string;
  /** Outcomes of the attempts, the last one's last; the others were an hour apart. */
  outcomes?: (string | null)[];
}

export interface Person {
  /** How long before now the job was completed. */
  completed: number;
  touches: [Touch, Touch, Touch];
  current?: number;
  status?: 'completed' | 'stopped';
  stopReason?: string;
  /** How long before now it ended. */
  ended?: number;
  business?: 'A' | 'S';
  campaign?: 'live' | 'paused';
  /** What the queue row has besides the plan; absent: there is none. */
  queue?: Record<string, unknown>;
  customer?: Record<string, unknown>;
}

const pending: Touch = { status: 'pending' };
const cancelled: Touch = { status: 'cancelled' };
const sent = (claimed: number): Touch => ({ status: 'sent', claimed, outcomes: ['accepted'] });
const onTheWay = (status: string, claimed: number, outcome: string | null): Touch => ({
  status,
  claimed,
  outcomes: [outcome],
});

/** Keeps the names, so that a misspelt one is an error. */
const everybody = <Name extends string>(known: Record<Name, Person>): Record<Name, Person> => known;

export const people = everybody({
  waiting: { completed: 2 * hour, touches: [pending, pending, pending], queue: {} },
  sending: {
    completed: 24 * hour + minute,
    touches: [onTheWay('sending', 30 * second, null), pending, pending],
    queue: { leased: true },
  },
  unknown: {
    completed: 24 * hour + 4 * minute,
    touches: [onTheWay('unknown', 200 * second, 'ambiguous'), pending, pending],
    queue: { due_at: 'infinity', blocked_by: 'unknown' },
  },
  held: {
    completed: 26 * hour,
    touches: [onTheWay('held', 2 * hour, 'ambiguous'), pending, pending],
    queue: { due_at: 'infinity', blocked_by: 'held' },
  },
  retrying: {
    completed: 24 * hour + 2 * minute,
    touches: [{ ...pending, state: 'retry', claimed: minute, outcomes: ['retry'] }, pending, pending],
    queue: { due_at: after(worldNow, minute), attempts: 1 },
  },
  advanced: { completed: 48 * hour, touches: [sent(24 * hour), pending, pending], current: 2, queue: {} },
  failed: {
    completed: 51 * hour,
    touches: [
      { status: 'failed', reason: 'rejected', claimed: 26 * hour, outcomes: ['retry', 'rejected'] },
      pending,
      pending,
    ],
    current: 2,
    queue: {},
  },
  completed: {
    completed: 480 * hour,
    touches: [sent(456 * hour), sent(384 * hour), onTheWay('presumed_sent', 216 * hour, 'ambiguous')],
    current: 3,
    status: 'completed',
    ended: 215 * hour,
  },
  stopped: {
    completed: 96 * hour,
    touches: [sent(72 * hour), cancelled, cancelled],
    current: 2,
    status: 'stopped',
    stopReason: 'replied',
    ended: 60 * hour,
  },
  stopping: {
    completed: 24 * hour + minute,
    touches: [onTheWay('sending', 20 * second, null), cancelled, cancelled],
    status: 'stopped',
    stopReason: 'owner_stopped',
    ended: 10 * second,
    queue: { leased: true, stopping: true },
  },
  parked: {
    completed: 30 * hour,
    touches: [pending, pending, pending],
    campaign: 'paused',
    queue: { due_at: 'infinity', blocked_by: 'campaign_paused' },
  },
  suspended: {
    completed: 30 * hour,
    touches: [pending, pending, pending],
    business: 'S',
    queue: { due_at: 'infinity', blocked_by: 'business_suspended' },
  },
  optedOut: {
    completed: 144 * hour,
    touches: [sent(120 * hour), { status: 'skipped', reason: 'no_phone' }, cancelled],
    current: 3,
    status: 'stopped',
    stopReason: 'opted_out_email',
    ended: 30 * hour,
    customer: { email_consent_status: 'opted_out', email_consent_at: before(30 * hour) },
  },
  returned: { completed: 72 * hour, touches: [sent(48 * hour), pending, pending], current: 2, queue: {} },
  erased: {
    completed: 120 * hour,
    touches: [sent(96 * hour), cancelled, cancelled],
    current: 2,
    status: 'stopped',
    stopReason: 'customer_erased',
    ended: 40 * hour,
    customer: { status: 'erased', erased_at: before(40 * hour), email: null, phone: null },
  },
});

export type PersonName = keyof typeof people;

export const personNames = Object.keys(people) as PersonName[];

const idOf = (kind: string, n: number): string => `${kind.repeat(8)}-2222-7000-8000-${String(n).padStart(12, '0')}`;

function personIds(name: PersonName): PersonIds {
  const n = personNames.indexOf(name) + 1;
  return {
    customer: idOf('1', n),
    job: idOf('2', n),
    enrollment: idOf('3', n),
    intents: [idOf('4', 10 * n + 1), idOf('4', 10 * n + 2), idOf('4', 10 * n + 3)],
    claim: idOf('5', n),
  };
}

/** The ids of everybody in the world. */
export const worldPeople = Object.fromEntries(personNames.map((name) => [name, personIds(name)])) as Record<
  PersonName,
  PersonIds
>;
