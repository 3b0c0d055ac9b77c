// What a customer does when a message arrives in the mailbox: mostly nothing. Decided by the seed and by which message of which
// person it is, so that the same messages get the same answers.
import type { Channel } from '../../generated/rows.ts';
import { chanceOf } from './random.ts';

export type Reaction =
  | { kind: 'review'; rating: number; comment: string | null; how: 'review_clicked' | 'feedback_submitted' }
  | { kind: 'reply' }
  | { kind: 'booking' }
  | { kind: 'stop' }
  | { kind: 'bounce' }
  | { kind: 'complaint' };

type Kind = Reaction['kind'];

/** A message that arrived, as far as a reaction depends on it. */
export interface Arrival {
  business: string;
  recipient: string;
  channel: Channel;
  /** How many of all to this recipient it is, from 1. */
  ordinal: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How likely each is, and how long after the message it comes. */
const habits: Readonly<Record<Channel, readonly { kind: Kind; likelihood: number; fromMs: number; toMs: number }[]>> = {
  email: [
    { kind: 'bounce', likelihood: 0.025, fromMs: 10_000, toMs: 3 * minuteMs },
    { kind: 'review', likelihood: 0.13, fromMs: 20 * minuteMs, toMs: 20 * hourMs },
    { kind: 'reply', likelihood: 0.04, fromMs: 15 * minuteMs, toMs: 12 * hourMs },
    { kind: 'booking', likelihood: 0.015, fromMs: 2 * hourMs, toMs: 40 * hourMs },
    { kind: 'stop', likelihood: 0.03, fromMs: 5 * minuteMs, toMs: 10 * hourMs },
    { kind: 'complaint', likelihood: 0.004, fromMs: hourMs, toMs: 24 * hourMs },
  ],
  sms: [
    { kind: 'bounce', likelihood: 0.012, fromMs: 5_000, toMs: minuteMs },
    { kind: 'review', likelihood: 0.17, fromMs: 3 * minuteMs, toMs: 8 * hourMs },
    { kind: 'reply', likelihood: 0.06, fromMs: 2 * minuteMs, toMs: 4 * hourMs },
    { kind: 'booking', likelihood: 0.01, fromMs: hourMs, toMs: 24 * hourMs },
    { kind: 'stop', likelihood: 0.06, fromMs: minuteMs, toMs: 2 * hourMs },
  ],
};

const comments = [
  'On time, tidy, and explained everything.',
  'Great work at a fair price.',
  'Friendly crew. Would call again.',
  'Fine in the end, but the first appointment was moved twice.',
  null,
];

function reactionOf(kind: Kind, seed: number, { business, recipient, ordinal }: Arrival): Reaction {
  if (kind !== 'review') return { kind };
  const chance = chanceOf(seed, 'review', business, recipient, ordinal);
  const how = chance.happens(0.6) ? 'review_clicked' : 'feedback_submitted';
  return { kind, how, rating: chance.pick([5, 5, 5, 5, 4, 4, 3, 2]), comment: chance.pick(comments) };
}

/**
 * What follows from a message, and how much later.
 * @param promised what is to follow in any case: every story has each kind once
 */
export function reactTo(
  seed: number,
  arrival: Arrival,
  promised: Kind | undefined,
): { afterMs: number; reaction: Reaction } | undefined {
  const chance = chanceOf(seed, 'reaction', arrival.business, arrival.recipient, arrival.ordinal);
  const roll = chance.next();
  let upTo = 0;
  const found = habits[arrival.channel].find(({ kind, likelihood }) => {
    upTo += likelihood;
    return promised === undefined ? roll < upTo : kind === promised;
  });
  // An address that took a message does not bounce the next one.
  if (found === undefined || (found.kind === 'bounce' && arrival.ordinal > 1)) return undefined;
  const { kind, fromMs, toMs } = found;
  return { afterMs: Math.round(fromMs + chance.next() * (toMs - fromMs)), reaction: reactionOf(kind, seed, arrival) };
}

/** What the first messages of every story are answered with, by channel: one of each kind. */
const promises: Readonly<Record<Channel, readonly Kind[]>> = {
  email: ['review', 'complaint', 'bounce', 'booking', 'stop'],
  sms: ['reply', 'stop', 'review'],
};

/** Hands out the promised reactions one by one, to messages in the order of their arrival. */
export function promisedReactions(): (channel: Channel) => Kind | undefined {
  const left = { email: [...promises.email], sms: [...promises.sms] };
  return (channel) => left[channel].shift();
}
