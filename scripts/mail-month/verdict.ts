// Expected against received.
import type { Expected } from './expect.ts';
import { products } from './exports.ts';
import type { Arrived } from './inbox.ts';

const shown = (at: number | undefined): string =>
  at === undefined ? 'never' : new Date(at).toISOString().slice(0, 16);

function byRecipient<T extends { recipient: string; at: number }>(all: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) found.set(one.recipient, [...(found.get(one.recipient) ?? []), one]);
  return found;
}

/** One sentence per person and touch that is not as expected: the n-th mail of a person is that of the n-th expected touch. */
export function compare(expected: readonly Expected[], arrived: readonly Arrived[]): string[] {
  const [wanted, got] = [byRecipient(expected), byRecipient(arrived)];
  return [...new Set([...wanted.keys(), ...got.keys()])].flatMap((recipient) => {
    const [touches, mails] = [wanted.get(recipient) ?? [], got.get(recipient) ?? []];
    return Array.from(
      { length: Math.max(touches.length, mails.length) },
      (_, index) => [touches[index], mails[index]] as const,
    )
      .filter(([touch, mail]) => touch?.at !== mail?.at)
      .map(([touch, mail]) => {
        const which = touch === undefined ? 'an email too many' : `touch ${touch.touch}`;
        return `${recipient}, ${which}: expected ${shown(touch?.at)}, received ${shown(mail?.at)}`;
      });
  });
}

/** Counts per product and touch. */
export function tableOf(expected: readonly Expected[], arrived: readonly Arrived[]): string[] {
  const got = byRecipient(arrived);
  const lines = products.flatMap(({ name, format, touches }) =>
    touches.flatMap(([channel], index) => {
      const touch = index + 1;
      if (channel !== 'email') return [];
      const place = touches.slice(0, touch).filter(([one]) => one === 'email').length;
      const received = [...got].filter(([recipient, all]) => recipient.startsWith(name) && all.length >= place).length;
      const wanted = expected.filter((one) => one.product === name && one.touch === touch).length;
      return [`${format.padEnd(14)} touch ${touch}   ${String(wanted).padStart(8)} ${String(received).padStart(9)}`];
    }),
  );
  return [`${''.padEnd(22)}    expected  received`, ...lines];
}
