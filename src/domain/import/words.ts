// What words in a cell mean: the state of a job, the kind of service, yes and no, countries and states.
import { type ConsentMethod, consentMethods, type ServiceType, serviceTypes } from '../../generated/rows.ts';
import { Refusal, shown } from './refusal.ts';

function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

export type JobState = 'completed' | 'scheduled' | 'cancelled';

const states: Readonly<Record<JobState, readonly string[]>> = {
  completed: [
    'completed',
    'complete',
    'done',
    'finished',
    'closed',
    'invoiced',
    'paid',
    'archived',
    'requires invoicing',
    'complete rated',
    'complete unrated',
    'completed rated',
    'completed unrated',
  ],
  scheduled: [
    'scheduled',
    'unscheduled',
    'needs scheduling',
    'upcoming',
    'active',
    'today',
    'late',
    'on hold',
    'hold',
    'pending',
    'open',
    'new',
    'action required',
    'in progress',
    'inprogress',
    'started',
    'dispatched',
    'working',
    'on my way',
    'expiring within 30 days',
  ],
  cancelled: [
    'cancelled',
    'canceled',
    'user canceled',
    'pro canceled',
    'customer canceled',
    'void',
    'voided',
    'deleted',
    'declined',
    'lost',
  ],
};

/** @throws Refusal */
export function readState(text: string): JobState {
  const words = plainWords(text);
  for (const state of ['completed', 'scheduled', 'cancelled'] as const) if (states[state].includes(words)) return state;
  throw new Refusal(
    `${shown(text)} is not a state of a job that is known here.`,
    'Write Completed, Scheduled or Cancelled.',
  );
}

// In this order: drain cleaning is plumbing, duct cleaning is hvac, before both are cleaning.
const services: readonly (readonly [ServiceType, RegExp])[] = [
  [
    'hvac',
    /\b(?:hvac|heating|cooling|furnaces?|boilers?|heat pumps?|air condition\w*|a c|ac|ducts?|thermostats?|mini splits?)\b/,
  ],
  [
    'plumbing',
    /\b(?:plumb\w*|drains?|sewers?|water heaters?|faucets?|toilets?|sinks?|leaks?|pipes?|septic|sump pumps?)\b/,
  ],
  ['electrical', /\b(?:electric\w*|wiring|outlets?|breakers?|panel upgrades?|lighting|ev chargers?|generators?)\b/],
  ['roofing', /\b(?:roof\w*|shingles?|gutter (?:install\w*|repair\w*|replace\w*))\b/],
  ['painting', /\b(?:paint\w*|stain(?:ing)?|drywall)\b/],
  [
    'cleaning',
    /\b(?:clean\w*|maid|janitorial|housekeeping|carpets?|pressure wash\w*|power wash\w*|gutters?|windows?)\b/,
  ],
  ['handyman', /\b(?:handyman|odd jobs?|carpentry|furniture assembly|door repairs?|fence repairs?)\b/],
];

/** Our service type for words like `AC Tune-Up`; undefined when they say nothing. */
export function serviceOf(text: string): ServiceType | undefined {
  const words = plainWords(text);
  return serviceTypes.find((type) => type === words) ?? services.find(([, pattern]) => pattern.test(words))?.[0];
}

const yes = ['yes', 'y', 'true', '1', 'x', 'on', 'enabled'];
const no = ['', 'no', 'n', 'false', '0', 'off', 'disabled', 'unknown', 'none', 'not asked', 'n a'];
const optedIn = [...yes, 'opted in', 'opt in', 'subscribed', 'consented', 'granted', 'agreed', 'given'];
const optedOut = [
  'opted out',
  'opt out',
  'unsubscribed',
  'stop',
  'stopped',
  'declined',
  'refused',
  'denied',
  'revoked',
  'do not text',
];

/** @throws Refusal */
export function readFlag(text: string): boolean {
  const words = plainWords(text);
  if (yes.includes(words)) return true;
  if (no.includes(words)) return false;
  throw new Refusal(`${shown(text)} is neither yes nor no.`, 'Write yes or no.');
}

/**
 * Consent in a cell. A mere no is no opt-out: nobody may have asked. Undefined: nothing is known.
 * @throws Refusal
 */
export function readConsent(text: string): 'opted_in' | 'opted_out' | undefined {
  const words = plainWords(text);
  if (optedIn.includes(words)) return 'opted_in';
  if (optedOut.includes(words)) return 'opted_out';
  if (no.includes(words)) return undefined;
  throw new Refusal(
    `${shown(text)} does not say whether there is consent.`,
    'Write "opted in" or "opted out", or leave the cell empty.',
  );
}

/** @throws Refusal */
export function readMethod(text: string): ConsentMethod {
  const wanted = plainWords(text).replaceAll(' ', '_');
  const method = consentMethods.find((known) => known === wanted);
  if (method !== undefined) return method;
  throw new Refusal(`${shown(text)} is not a way to consent.`, `Write one of ${consentMethods.join(', ')}.`);
}

const countries: Readonly<Record<string, string>> = {
  usa: 'US',
  'united states': 'US',
  'united states of america': 'US',
  canada: 'CA',
  'united kingdom': 'GB',
  uk: 'GB',
  australia: 'AU',
  'new zealand': 'NZ',
  ireland: 'IE',
};

/** Two letters; undefined when the word is not known. */
export function countryOf(text: string): string | undefined {
  const words = plainWords(text);
  return countries[words] ?? (/^[a-z]{2}$/.test(words) ? words.toUpperCase() : undefined);
}

/** A code of a state or province; undefined for anything longer. */
export function stateOf(text: string): string | undefined {
  return /^[a-z]{2,3}$/i.test(text) ? text.toUpperCase() : undefined;
}
