// What next_allowed_at must answer, found without it: the clock of a zone from Temporal, the windows as the 10,080 minutes
// of a week, and a walk minute by minute. Shares the rules with the SQL and nothing else.
import { Temporal } from 'temporal-polyfill';

export const minuteMs = 60_000;
const dayMinutes = 1440;
const weekMinutes = 7 * dayMinutes;
const searchMinutes = 14 * dayMinutes;
/** No clock was ever moved by more than a day. */
const longestShift = dayMinutes;

/** A row of sending_windows, in minutes of the day. */
export interface SendingWindow {
  isoWeekday: number;
  opens: number;
  closes: number;
}

/** The wall clock of a zone: from `sinces[i]` (minutes of the epoch) on it is UTC plus `offsets[i]` minutes. */
export interface ZoneClock {
  zone: string;
  sinces: number[];
  offsets: number[];
}

/** For each minute of the week: how long ago the window around it opened; -1 closed; infinity where it is never closed. */
export type OpenWeek = Float64Array;

export interface Question {
  atMs: number;
  spanMs: number;
  week: OpenWeek;
  /** All of these must be open. */
  clocks: ZoneClock[];
}

/** The clock of a zone between two years, by asking Temporal for every change of its offset. */
export function clockOf(zone: string, fromYear = 2019, toYear = 2042): ZoneClock {
  const end = Temporal.Instant.from(`${toYear}-01-01T00:00Z`).epochMilliseconds;
  const clock: ZoneClock = { zone, sinces: [], offsets: [] };
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.from(`${fromYear}-01-01T00:00Z`).toZonedDateTimeISO(zone);
  while (at !== null && at.epochMilliseconds < end) {
    clock.sinces.push(wholeMinutes(at.epochMilliseconds / minuteMs));
    clock.offsets.push(wholeMinutes(at.offsetNanoseconds / 60e9));
    at = at.getTimeZoneTransition('next');
  }
  return clock;
}

function wholeMinutes(minutes: number): number {
  if (!Number.isInteger(minutes)) throw new Error('This oracle knows whole minutes only');
  return minutes;
}

function stretchAt(clock: ZoneClock, minute: number): number {
  let low = 0;
  let high = clock.sinces.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((clock.sinces[middle] ?? 0) > minute) high = middle;
    else low = middle;
  }
  return low;
}

const offsetOf = (clock: ZoneClock, stretch: number): number => clock.offsets[stretch] ?? 0;

/** What the clock shows, as minutes since 1970-01-01 00:00 on that clock. */
export function wallOf(clock: ZoneClock, minute: number): number {
  return minute + offsetOf(clock, stretchAt(clock, minute));
}

/** The moment a wall time means: the later one when the clock shows it twice or skips it. */
export function laterOf(clock: ZoneClock, wall: number): number {
  const around = [...new Set([-2, -1, 0, 1, 2].map((days) => stretchAt(clock, wall + days * longestShift)))];
  const readings = around.map((stretch) => wall - offsetOf(clock, stretch));
  const shown = readings.filter((reading) => wallOf(clock, reading) === wall);
  return Math.max(...(shown.length > 0 ? shown : readings));
}

/** Lays windows on the week; those that touch or overlap become one. */
export function openWeek(windows: readonly SendingWindow[]): OpenWeek {
  const open = new Uint8Array(weekMinutes);
  for (const { isoWeekday, opens, closes } of windows) {
    const length = closes > opens ? closes - opens : closes - opens + dayMinutes;
    for (let n = 0; n < length; n += 1) open[((isoWeekday - 1) * dayMinutes + opens + n) % weekMinutes] = 1;
  }
  const week: OpenWeek = new Float64Array(weekMinutes).fill(open.includes(0) ? -1 : Number.POSITIVE_INFINITY);
  // Twice around: the window that is open when the week begins has opened in the week before.
  let since = -1;
  for (let n = 0; open.includes(0) && n < 2 * weekMinutes; n += 1) {
    since = open[n % weekMinutes] === 1 && (since >= 0 || n > 0) ? since + 1 : -1;
    week[n % weekMinutes] = since;
  }
  return week;
}

function isOpen(week: OpenWeek, clock: ZoneClock, minute: number): boolean {
  const wall = wallOf(clock, minute);
  // 1970-01-01 was a Thursday.
  const since = week[(((wall + 3 * dayMinutes) % weekMinutes) + weekMinutes) % weekMinutes] ?? -1;
  if (since < 0) return false;
  return since > 2 * longestShift || laterOf(clock, wall - since) <= minute;
}

/** The earliest moment from `atMs` on with the whole span open on every clock, as epoch ms; null without one in 14 days. */
export function nextAllowed({ atMs, spanMs, week, clocks }: Question): number | null {
  const first = Math.floor(atMs / minuteMs);
  const last = Math.ceil((atMs + spanMs) / minuteMs) + searchMinutes;
  let startMs: number | null = null;
  for (let minute = first; minute <= last; minute += 1) {
    if (!clocks.every((clock) => isOpen(week, clock, minute))) {
      startMs = null;
      continue;
    }
    startMs ??= Math.max(atMs, minute * minuteMs);
    if (startMs >= atMs + searchMinutes * minuteMs) return null;
    if (startMs + spanMs < (minute + 1) * minuteMs) return startMs;
  }
  return null;
}
