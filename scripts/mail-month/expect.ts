// Who gets which email when, from the rows, the delays and the rules as they are promised; nothing here asks the engine.
import { Temporal } from 'temporal-polyfill';
import type { Product } from './exports.ts';
import type { Visit } from './people.ts';

/** One email that has to arrive. */
export interface Expected {
  product: string;
  recipient: string;
  touch: number;
  /** The tick at which it leaves. */
  at: number;
}

const hourMs = 3_600_000;
const oldestMs = 14 * 24 * hourMs;
const gapMs = 20 * hourMs;
// A message may start as long as it is surely over when the window closes: 5 s to begin with it, 120 s for the mail server.
const spanMs = 125_000;
const opensAtMs = 7 * hourMs;
const closesAtMs = 21 * hourMs;

function completion({ date, minutes }: Visit, { zone, datesOnly }: Product): number {
  const time = datesOnly ? '12:00' : Temporal.PlainTime.from('00:00').add({ minutes });
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
}

/** Whether an email may leave in the zone of the business: between 7 and 21 o'clock, every day. */
function isOpen(at: number, zone: string): boolean {
  const { hour, minute, second } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const sinceMidnight = ((hour * 60 + minute) * 60 + second) * 1000;
  return sinceMidnight >= opensAtMs && sinceMidnight + spanMs < closesAtMs;
}

/** Of several jobs of one person the one completed first counts: the others meet a sequence that is running. */
function firstJobs(product: Product, rows: readonly Visit[], importedAt: number): Map<number, number> {
  const found = new Map<number, number>();
  for (const visit of rows) {
    const at = completion(visit, product);
    if (visit.state !== 'completed' || at < importedAt - oldestMs) continue;
    const earlier = found.get(visit.person);
    if (earlier === undefined || at < earlier) found.set(visit.person, at);
  }
  return found;
}

/**
 * The emails of one product.
 * @param ticks moments at which the engine looks, in order; the first one is at or after the import
 * @param endedAt addresses that ended it, and when
 */
export function expectedOf(
  product: Product,
  rows: readonly Visit[],
  importedAt: number,
  ticks: readonly number[],
  endedAt: ReadonlyMap<string, number>,
): Expected[] {
  const wantsNone = new Set(
    rows.filter(({ noEmail, state }) => noEmail && state !== 'cancelled').map((row) => row.person),
  );
  return [...firstJobs(product, rows, importedAt)].flatMap(([person, completedAt]) => {
    const recipient = rows.find((row) => row.person === person)?.email ?? '';
    if (recipient === '' || wantsNone.has(person)) return [];
    const all: Expected[] = [];
    // A plan that would have begun already begins now, and keeps its distances.
    let planned = completedAt + Math.max(0, importedAt - completedAt - (product.touches[0]?.[1] ?? 0) * hourMs);
    let last = Number.NEGATIVE_INFINITY;
    for (const [index, [channel, delay]] of product.touches.entries()) {
      planned += delay * hourMs;
      if (channel === 'sms') continue;
      const earliest = Math.max(planned, last + gapMs);
      const at = ticks.find((tick) => tick >= earliest && isOpen(tick, product.zone));
      if (at === undefined || at >= (endedAt.get(recipient) ?? Number.POSITIVE_INFINITY)) break;
      all.push({ product: product.name, recipient, touch: index + 1, at });
      last = at;
    }
    return all;
  });
}
