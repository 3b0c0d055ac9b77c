// Dates as exports write them. Nothing is guessed: 03/04/2026 is refused until somebody says which number is the month.
import { Refusal, shown } from './refusal.ts';
import { momentOfWall } from './zone.ts';

/** Month first, as in the US, or day first. */
export type DateOrder = 'mdy' | 'dmy';

interface Day {
  year: number;
  month: number;
  day: number;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours from UTC of the abbreviations that US exports print. */
const abbreviations: Readonly<Record<string, number>> = {
  z: 0,
  utc: 0,
  gmt: 0,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
};

const timePattern =
  /^(?:t|at|,)?\s*(\d{1,2})(?::(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?\s*([ap])?\.?(?:m\b\.?)?\s*(z|utc|gmt|[ecmp][sd]t|[+-]\d\d(?::?\d\d)?)?$/i;

const noonHour = 12;

/** Of a day with its two numbers in doubt: the order they prove, `ambiguous`, or null where it does not matter. */
export function dateOrderOf(text: string): DateOrder | 'ambiguous' | null {
  const match = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d\d)\b/.exec(text);
  if (match === null) return null;
  const [first, second] = [Number(match[1]), Number(match[2])];
  if (first > 12 && second <= 12) return 'dmy';
  if (second > 12 && first <= 12) return 'mdy';
  return first === second ? null : 'ambiguous';
}

function fullYear(text: string): number {
  return text.length === 2 ? 2000 + Number(text) : Number(text);
}

function numericDay(match: RegExpExecArray, text: string, order: DateOrder | undefined): Day {
  const [first, second] = [Number(match[1]), Number(match[2])];
  const proven = dateOrderOf(text);
  if (proven === 'ambiguous' && order === undefined) {
    throw new Refusal(
      `${shown(text)} could be month/day or day/month.`,
      'Say which with --date-order mdy (month first) or --date-order dmy (day first).',
    );
  }
  const chosen = proven === 'ambiguous' ? order : (proven ?? 'mdy');
  const year = fullYear(match[3] ?? '');
  return chosen === 'dmy' ? { year, month: second, day: first } : { year, month: first, day: second };
}

function monthOf(name: string): number {
  return months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

/** The day at the beginning of a text, and what follows it. */
function splitDay(text: string, order: DateOrder | undefined): { day: Day; rest: string } | null {
  const bare = text.replace(/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+/i, '');
  const forms: readonly [RegExp, (match: RegExpExecArray) => Day][] = [
    [
      /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?!\d)/,
      ([, year, month, day]) => ({ year: Number(year), month: Number(month), day: Number(day) }),
    ],
    [/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)(?!\d)/, (match) => numericDay(match, bare, order)],
    [
      /^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)/i,
      ([, month = '', day, year]) => ({ year: Number(year), month: monthOf(month), day: Number(day) }),
    ],
    [
      /^(\d{1,2})[\s-]([a-z]{3,9})\.?[\s,-]+(\d{4})(?!\d)/i,
      ([, day, month = '', year]) => ({ year: Number(year), month: monthOf(month), day: Number(day) }),
    ],
  ];
  for (const [pattern, read] of forms) {
    const match = pattern.exec(bare);
    if (match !== null) return { day: read(match), rest: bare.slice(match[0].length).trim() };
  }
  return null;
}

function offsetMsOf(text: string): number {
  const hours = abbreviations[text.toLowerCase()];
  if (hours !== undefined) return hours * 3_600_000;
  const [, sign, hour, minute = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hour) * 60 + Number(minute)) * 60_000;
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function unreadable(text: string): Refusal {
  const serial = /^\d{5}(?:\.\d+)?$/.test(text);
  return new Refusal(
    `${shown(text)} is not a date.`,
    serial
      ? 'It is the number a spreadsheet keeps for a day: format the column as a date and save the file again.'
      : 'Write it like 2026-03-04 or 2026-03-04 15:30.',
  );
}

/** The time of day after a date, in milliseconds, and the offset it names. Without a time: noon, so that no zone moves the day. */
function readTime(rest: string, text: string): { time: number; offset: number | undefined } {
  if (rest === '') return { time: noonHour * 3_600_000, offset: undefined };
  const match = timePattern.exec(rest);
  const [, hourText, minute = '0', second = '0', half, offset] = match ?? [];
  const hour = hourOf(Number(hourText), half);
  if (match === null || !(hour < 24) || Number(minute) > 59 || Number(second) > 59) throw unreadable(text);
  const time = ((hour * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  return { time, offset: offset === undefined ? undefined : offsetMsOf(offset) };
}

/**
 * A date with or without a time, as a moment in RFC 3339; without an offset in `zone`, without a time at noon.
 * @throws Refusal
 */
export function readMoment(text: string, zone: string, order: DateOrder | undefined): string {
  const split = splitDay(text, order);
  if (split === null) throw unreadable(text);
  const { year, month, day } = split.day;
  const midnight = Date.UTC(year, month - 1, day);
  const found = new Date(midnight);
  if (month < 1 || found.getUTCMonth() !== month - 1 || found.getUTCDate() !== day || year < 1970 || year > 2200) {
    throw new Refusal(
      `There is no day ${shown(text)}.`,
      'Correct the date; with day before month use --date-order dmy.',
    );
  }
  const { time, offset } = readTime(split.rest, text);
  const wall = midnight + time;
  return new Date(offset === undefined ? momentOfWall(wall, zone) : wall - offset).toISOString();
}
