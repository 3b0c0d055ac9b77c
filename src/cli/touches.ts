// Touches as people write them, `email:24h:First message`, and as programs do, a JSON list.
import type { TouchDetail } from '../db/read/campaigns.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { type Channel, channels } from '../generated/rows.ts';
import { usage } from './problem.ts';

/** A touch of which the template is still named as it was written: by its id or its name. */
export interface TouchInput {
  channel: Channel;
  /** From the touch before; of the first touch, from the completed work. */
  delay_hours: number;
  template: string | null;
}

const form = 'Write a touch as CHANNEL:DELAY[:TEMPLATE], for example email:24h:"First message" or sms:3d.';
const hoursOf = { h: 1, d: 24 } as const;

function readChannel(text: string): Channel {
  const channel = channels.find((known) => known === text.toLowerCase());
  if (channel === undefined) throw usage(`There is no channel "${text}".${didYouMean(text, channels)}`, form);
  return channel;
}

function checkDelay(hours: number, written: string): number {
  if (Number.isInteger(hours) && hours >= 1 && hours <= 8760) return hours;
  throw usage(`The delay "${written}" is not from 1 hour to 8,760 hours (365 days).`, form);
}

function readDelay(text: string): number {
  const match = /^\+?(\d{1,6})\s*([hd]?)$/i.exec(text.trim());
  const unit = match?.[2]?.toLowerCase() === 'd' ? 'd' : 'h';
  return checkDelay(match === null ? Number.NaN : Number(match[1]) * hoursOf[unit], text);
}

/**
 * Reads one touch. The delay is in hours unless it says d for days.
 * @throws CommandProblem `usage`
 */
export function parseTouch(text: string): TouchInput {
  const [channel = '', delay, ...template] = text.split(':');
  if (delay === undefined) throw usage(`"${text}" is not a touch.`, form);
  const name = template.join(':').trim();
  return { channel: readChannel(channel.trim()), delay_hours: readDelay(delay), template: name === '' ? null : name };
}

// What `campaign show --json` prints is read as well; what follows from other keys is not needed.
const keys = [
  'channel',
  'delay_hours',
  'template_id',
  'template',
  'template_name',
  'touch_number',
  'hours_after_completion',
];

function readTouch(value: unknown, place: string): TouchInput {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usage(`${place} is not a JSON object.`, 'Each touch is like {"channel": "email", "delay_hours": 24}.');
  }
  const touch = new Map<string, unknown>(Object.entries(value));
  const wrong = [...touch.keys()].find((key) => !keys.includes(key));
  if (wrong !== undefined)
    throw usage(`${place} has the unknown key "${wrong}".${didYouMean(wrong, keys)}`, `Keys: ${keys.join(', ')}.`);
  const delay = touch.get('delay_hours');
  const template = touch.get('template_id') ?? touch.get('template') ?? touch.get('template_name') ?? null;
  if (template !== null && typeof template !== 'string') {
    throw usage(`The template of ${place} is not a text.`, 'Give its id as template_id, or its name as template.');
  }
  return {
    channel: readChannel(String(touch.get('channel') ?? '')),
    delay_hours: checkDelay(typeof delay === 'number' ? delay : Number.NaN, String(delay)),
    template,
  };
}

/**
 * Reads a JSON list of touches.
 * @param source where it comes from, for messages
 * @throws CommandProblem `usage`
 */
export function parseTouches(json: string, source: string): TouchInput[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    const why = error instanceof Error ? ` (${error.message})` : '';
    throw usage(`${source} is not JSON${why}.`, 'Write a list like [{"channel": "email", "delay_hours": 24}].');
  }
  if (!Array.isArray(value)) {
    throw usage(`${source} is not a list.`, 'Write one like [{"channel": "email", "delay_hours": 24}].');
  }
  return value.map((touch, index) => readTouch(touch, `Touch ${index + 1} of ${source}`));
}

/** `24 h`, `3 d`. */
export function describeDelay(hours: number): string {
  return hours >= 48 && hours % 24 === 0 ? `${hours / 24} d` : `${hours} h`;
}

/** `email +24 h, sms +3 d`: each delay counts from the touch before. */
export function describePlan(touches: readonly Pick<TouchDetail, 'channel' | 'delay_hours'>[]): string {
  return touches.map(({ channel, delay_hours }) => `${channel} +${describeDelay(delay_hours)}`).join(', ');
}
