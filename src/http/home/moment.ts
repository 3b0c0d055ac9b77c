// Moments as people read them: by the clock of a place, with that place's name for its time.
import { html } from 'hono/html';
import type { Html } from '../page.ts';

/** Two formatters are made for each zone and kept: making one takes longer than using it a thousand times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${key} ${zone}`;
  const known = formats.get(name);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
  formats.set(name, made);
  return made;
}

const inThisYear = { weekday: 'short', month: 'short', day: 'numeric' } as const;
const ofDay = { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const;

function yearIn(zone: string, at: Date): string {
  return format(zone, 'year', { year: 'numeric' }).format(at);
}

// Intl puts narrow no-break spaces before AM, which some fonts do not have.
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

/** `Tue, Mar 3, 8:00 AM CST`; with the year where it is not this one. */
function momentText(at: Date, zone: string, now: Date): string {
  const isThisYear = yearIn(zone, at) === yearIn(zone, now);
  const options = isThisYear ? { ...inThisYear, ...ofDay } : { ...inThisYear, year: 'numeric' as const, ...ofDay };
  return plain(format(zone, isThisYear ? 'near' : 'far', options).format(at));
}

export function momentTag(at: Date, zone: string, now: Date): Html {
  return html`<time datetime="${at.toISOString()}">${momentText(at, zone, now)}</time>`;
}

/** `8:00 AM`, and whether that is a morning. */
export function clockText(at: Date, zone: string): string {
  return plain(format(zone, 'clock', { hour: 'numeric', minute: '2-digit' }).format(at));
}

/** `morning`, `afternoon` or `evening` where the customer is. */
export function partOfDay(at: Date, zone: string): string {
  const hour = Number(format(zone, 'hour', { hour: 'numeric', hourCycle: 'h23' }).format(at));
  if (hour < 12) return 'morning';
  return hour < 18 ? 'afternoon' : 'evening';
}

/** The day alone, to tell whether two moments share it. */
export function dayText(at: Date, zone: string): string {
  return format(zone, 'day', { weekday: 'long', month: 'long', day: 'numeric' }).format(at);
}

/** `Central Time (America/Chicago)`; the zone alone where it has no such name. */
export function zoneText(zone: string, at: Date): string {
  const name = format(zone, 'zone', { timeZoneName: 'longGeneric' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return name === undefined || name === zone ? zone : `${name} (${zone})`;
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `in 3 hours`, `2 days ago`, `now`. */
export function awayText(at: Date, now: Date): string {
  const ms = at.getTime() - now.getTime();
  const [unit, size] =
    steps.find(([, size]) => Math.abs(ms) >= size) ?? (['second', Number.POSITIVE_INFINITY] as const);
  return relative.format(Math.round(ms / size), unit);
}

/** The reading of a clock there, as an `<input type="datetime-local">` holds it. */
export function wallText(at: Date, zone: string): string {
  const parts: Record<string, string> = {};
  const two = '2-digit';
  const options = { year: 'numeric', month: two, day: two, hour: two, minute: two, hourCycle: 'h23' } as const;
  for (const { type, value } of format(zone, 'wall', options).formatToParts(at)) parts[type] = value;
  const { year, month, day, hour, minute } = parts;
  return `${year}-${month}-${day}T${hour}:${minute}`;
}
