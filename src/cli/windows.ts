// Sending windows as people write them: "mon-fri 08:00-20:00, sat 10:00-16:00", in the recipient's time.
import type { Window } from '../db/read/businesses.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { usage } from './problem.ts';

const days: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const example = 'Write it like "mon-fri 08:00-20:00, sat 10:00-16:00".';

type Hours = Omit<Window, 'channel'>;

function dayNumber(text: string): number {
  const index = days.indexOf(text.toLowerCase());
  if (index === -1) throw usage(`There is no weekday ${text}.${didYouMean(text, days)}`, example);
  return index + 1;
}

function daysFrom(text: string): number[] {
  const [first = '', last = first] = text.split('-');
  const [from, to] = [dayNumber(first), dayNumber(last)];
  const length = ((to - from + 7) % 7) + 1;
  return Array.from({ length }, (_, offset) => ((from - 1 + offset) % 7) + 1);
}

function parsePart(part: string): Hours[] {
  const match = /^([a-z]+(?:-[a-z]+)?)\s+((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/i.exec(part);
  const [, weekdays, opens, closes] = match ?? [];
  if (weekdays === undefined || opens === undefined || closes === undefined) {
    throw usage(`"${part}" is not a sending window.`, example);
  }
  if (opens === closes) throw usage(`The window "${part}" is empty.`, 'For the whole day write 00:00-24:00.');
  return daysFrom(weekdays).map((iso_weekday) => ({ iso_weekday, opens, closes }));
}

/**
 * Reads windows of one channel. A weekday that is not named is closed, `never` closes all and `always` opens all; a window that
 * closes before it opens goes past midnight.
 * @throws CommandProblem `usage`
 */
export function parseWindows(text: string): Hours[] {
  const word = text.trim().toLowerCase();
  if (word === 'never') return [];
  const named = word === 'always' ? 'mon-sun 00:00-24:00' : text;
  return named.split(',').flatMap((part) => parsePart(part.trim()));
}

/** Writes windows of one channel in the form {@link parseWindows} reads. */
export function describeWindows(windows: readonly Hours[]): string {
  if (windows.length === 0) return 'never';
  const parts: { from: number; to: number; hours: string }[] = [];
  const ordered = windows.toSorted((a, b) => a.opens.localeCompare(b.opens) || a.iso_weekday - b.iso_weekday);
  for (const { iso_weekday, opens, closes } of ordered) {
    const hours = `${opens}-${closes}`;
    const open = parts.find((part) => part.hours === hours && part.to === iso_weekday - 1);
    if (open === undefined) parts.push({ from: iso_weekday, to: iso_weekday, hours });
    else open.to = iso_weekday;
  }
  const name = (number: number): string => days[number - 1] ?? '';
  return parts
    .toSorted((a, b) => a.from - b.from || a.hours.localeCompare(b.hours))
    .map(({ from, to, hours }) => `${name(from)}${to > from ? `-${name(to)}` : ''} ${hours}`)
    .join(', ');
}
