// What an import did, in words.
import type { ChannelCapacity, EnrollSummary } from '../../db/call/import.ts';
import { counted, listed } from '../words.ts';
import type { Tally } from './tally.ts';

const numbers = new Intl.NumberFormat('en-US');

function byReason(reasons: Readonly<Record<string, number>>): string {
  const parts = Object.entries(reasons)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${numbers.format(count)} ${reason}`);
  return parts.length === 0 ? '' : ` (${listed(parts, 20)})`;
}

/** How many SMS touches the imported jobs' campaigns would skip because no consent is known. */
export function countSmsSkips(tally: Tally, smsTouches: ReadonlyMap<string | null, number>): number {
  let skips = 0;
  for (const [serviceType, jobs] of tally.withoutConsent) {
    skips += jobs * (smsTouches.get(serviceType) ?? smsTouches.get(null) ?? 0);
  }
  return skips;
}

const howToRecord =
  'Add a column "SMS Consent" to the file with yes where there is proof of consent (with "SMS Consent At" and "SMS Consent Method"), ' +
  'and import it again; or call record_opt_in.';

export function describeConsent(jobs: number, skips: number): string {
  if (jobs === 0) return '';
  const whose = `${counted(jobs, 'completed job')} ${jobs === 1 ? 'is' : 'are'} of customers with a phone and no known consent to texts`;
  const touches = `${counted(skips, 'SMS touch', 'SMS touches')} of the live campaigns would be skipped for that`;
  return `Consent: ${whose}; ${touches}. ${howToRecord}`;
}

export function describeTally(tally: Tally, dryRun: boolean): string {
  const { total, imported, updated, unchanged, left_out: leftOut, rejected } = tally.rows;
  const lines = [
    ['rows', total, ''],
    ['imported', imported, ''],
    ['updated', updated, ''],
    ['unchanged', unchanged, ''],
    ['left out', leftOut, byReason(tally.reasons)],
    ['rejected', rejected, ''],
  ] as const;
  const table = lines.map(([name, count, more]) => `${name.padEnd(9)} ${numbers.format(count).padStart(9)}${more}`);
  return [dryRun ? 'This was a dry run: nothing was written.' : '', ...table].filter(Boolean).join('\n');
}

function hoursAndMinutes(hours: number): string {
  const minutes = Math.ceil(hours * 60);
  const whole = counted(Math.floor(minutes / 60), 'hour');
  if (minutes < 60) return counted(minutes, 'minute');
  return minutes % 60 === 0 ? whole : `${whole} ${minutes % 60} min`;
}

const hourMs = 3_600_000;

/** How long from the first to the last, in words. */
function duration(hours: number): string {
  return hours < 24 ? hoursAndMinutes(hours) : `${(hours / 24).toFixed(1)} days`;
}

function pace({ first_slot: first, last_slot: last }: EnrollSummary, perHour: number | null): string {
  if (perHour === null) return 'All begin at once; --per-hour N lets them begin one after the other.';
  const hours = first === null || last === null ? 0 : (Date.parse(last) - Date.parse(first)) / hourMs;
  return `At ${numbers.format(perHour)} per hour, counting the hours in which messages may leave, they begin within ${duration(hours)}.`;
}

const namesOf = { email: 'emails', sms: 'texts' } as const;

/** How long the accounts need for all that is planned; nothing about a channel whose account has no rate. */
function capacity(messages: Readonly<Record<string, number>>, channels: readonly ChannelCapacity[]): string[] {
  return channels.flatMap(({ channel, rate_per_hour: rate, open_hours: open }) => {
    const planned = messages[channel] ?? 0;
    if (planned === 0) return [];
    const what = `${numbers.format(planned)} ${namesOf[channel]}`;
    if (open === 0) return [`Capacity: ${what}, and no sending window in which one may leave.`];
    if (rate === null) return [];
    const hours = Math.round(open * 10) / 10;
    const days = planned / rate / open;
    const takes = days < 1 ? hoursAndMinutes(planned / rate) : `${days.toFixed(1)} days`;
    return [`Capacity: ${what} at the account's ${numbers.format(rate)} an hour, ${hours} hours a day: ${takes}.`];
  });
}

function inZone(moment: string, zone: string): string {
  const options = { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' } as const;
  return `${new Intl.DateTimeFormat('en-US', options).format(new Date(moment))} (${zone})`;
}

export interface Enrolled {
  perHour: number | null;
  /** Of the business. */
  zone: string;
  isDone: boolean;
}

export function describeEnrolling(
  found: EnrollSummary,
  channels: readonly ChannelCapacity[],
  { perHour, zone, isDone }: Enrolled,
): string {
  const { enrolled, refused, queued, conflict, already_enrolled: already, reasons, planned_skips: skips } = found;
  const verb = isDone ? 'Enrolled' : 'Would enroll';
  const others = byReason({ ...reasons, queued, conflict, already_enrolled: already });
  const left = refused + queued + conflict + already;
  const first = found.first_slot;
  const last = found.last_slot;
  return [
    `${verb} ${numbers.format(enrolled)} of ${counted(found.jobs, 'job')}.`,
    left > 0 ? `Not now: ${numbers.format(left)}${others}.` : '',
    first !== null && last !== null
      ? `First message ${inZone(first, zone)}, last first message ${inZone(last, zone)}.`
      : '',
    enrolled > 0 ? pace(found, perHour) : '',
    ...capacity(found.messages, channels),
    Object.keys(skips).length > 0 ? `Touches that would be skipped as things stand:${byReason(skips)}.` : '',
    isDone || enrolled === 0 ? '' : 'Nobody was enrolled: add --yes to do it.',
  ]
    .filter(Boolean)
    .join('\n');
}
