// What people type to complete a job, and the job it makes or what is wrong with it, field by field.
import { readEmail, readPhone } from '../../domain/import/address.ts';
import { Refusal } from '../../domain/import/refusal.ts';
import { momentOfWall } from '../../domain/import/zone.ts';
import { serviceTypes } from '../../generated/rows.ts';
import type { BusinessSummary, JobForm } from './port.ts';

const whens = ['now', 'day', 'three_days', 'exact'] as const;
type When = (typeof whens)[number];

/** The form as it was typed; shown again when something is wrong. */
export interface TypedJob {
  /** Makes a second click on the button the same job. */
  key: string;
  name: string;
  email: string;
  phone: string;
  smsConsent: boolean;
  serviceType: string;
  when: string;
  exact: string;
}

export type Field = 'name' | 'email' | 'phone' | 'smsConsent' | 'serviceType' | 'when' | 'exact';
export type Wrong = Partial<Record<Field, string>>;

export const emptyJob = (key: string): TypedJob => ({
  key,
  name: '',
  email: '',
  phone: '',
  smsConsent: false,
  serviceType: '',
  when: 'now',
  exact: '',
});

/** Reads a body as a browser sends it. */
export function typedJob(body: Readonly<Record<string, unknown>>): TypedJob {
  const text = (name: string): string => {
    const value = body[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  return {
    key: text('key'),
    name: text('name'),
    email: text('email'),
    phone: text('phone'),
    smsConsent: text('sms_consent') === 'yes',
    serviceType: text('service_type'),
    when: text('when'),
    exact: text('exact'),
  };
}

const longestName = 120;
const dayMs = 86_400_000;
const daysBefore: Readonly<Partial<Record<When, number>>> = { day: 1, three_days: 3 };

function nameProblem(name: string): string | undefined {
  if (name === '') return 'Say who the work was for.';
  return name.length > longestName ? `A name has at most ${longestName} characters.` : undefined;
}

/** @returns the address, or what is wrong with it */
function reading<T>(read: () => T): { value: T } | { wrong: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof Refusal) return { wrong: `${error.message} ${error.fix}` };
    throw error;
  }
}

function exactMoment(text: string, { timeZone }: BusinessSummary, now: Date): { value: Date } | { wrong: string } {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::\d\d)?$/.exec(text);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match?.slice(1).map(Number) ?? [];
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const isReal = match !== null && new Date(wall).toISOString().slice(0, 16) === text.slice(0, 16);
  if (!isReal) return { wrong: 'Say the day and the time, like 2026-03-04 and 15:30.' };
  const moment = new Date(momentOfWall(wall, timeZone));
  if (moment > now) return { wrong: 'This is still to come. A job is completed when the work is done.' };
  return { value: moment };
}

function completedAt(
  typed: TypedJob,
  business: BusinessSummary,
  now: Date,
): { value: Date | null } | { wrong: string } {
  if (typed.when === 'exact') return exactMoment(typed.exact, business, now);
  const days = daysBefore[typed.when as When];
  return { value: days === undefined ? null : new Date(now.getTime() - days * dayMs) };
}

const wrongOf = (answer: object): string | undefined => ('wrong' in answer ? String(answer.wrong) : undefined);

/** Either the job, or what is wrong; never both. */
export function readJob(typed: TypedJob, business: BusinessSummary, now: Date): { job: JobForm } | { wrong: Wrong } {
  const email = reading(() => readEmail(typed.email));
  const phone = reading(() => readPhone(typed.phone, business.country));
  const at = completedAt(typed, business, now);
  const nobody = 'Give an email address or a phone number: there must be a way to reach them.';
  const isKnown = <T extends string>(list: readonly T[], value: string): value is T =>
    list.some((item) => item === value);
  const found: Record<Field, string | undefined> = {
    name: nameProblem(typed.name),
    email: wrongOf(email) ?? (typed.email === '' && typed.phone === '' ? nobody : undefined),
    phone: wrongOf(phone),
    smsConsent:
      typed.smsConsent && typed.phone === '' ? 'They can only agree to text messages with a phone number.' : undefined,
    serviceType: isKnown(serviceTypes, typed.serviceType) ? undefined : 'Choose the kind of work.',
    when: isKnown(whens, typed.when) ? undefined : 'Say when the work was done.',
    exact: wrongOf(at),
  };
  const wrong = Object.fromEntries(Object.entries(found).filter(([, words]) => words !== undefined)) as Wrong;
  if ('wrong' in email || 'wrong' in phone || 'wrong' in at || Object.keys(wrong).length > 0) return { wrong };
  const { key, name, smsConsent, serviceType } = typed;
  const customer = { name, email: email.value, phone: phone.value, smsConsent };
  return { job: { externalId: key, serviceType, completedAt: at.value, customer } };
}
