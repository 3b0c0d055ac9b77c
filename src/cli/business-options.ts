// What of a business can be set, as options of `business add` and `business set`.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PolicyChanges, Profile } from '../db/call/businesses.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { optOutPolicies, overlapPolicies, serviceTypes, unknownPolicies } from '../generated/rows.ts';

interface Field {
  /** Column. */
  key: string;
  /** Stands for the value in --help. */
  value: string;
  meaning: string;
  choices?: readonly string[];
  parse?: (text: string) => string[] | number | boolean;
  /** An empty text removes the setting. */
  mayBeEmpty?: boolean;
}

function readServiceTypes(text: string): string[] {
  const types = text.split(',').map((part) => part.trim().toLowerCase());
  for (const type of types) {
    if (!serviceTypes.some((known) => known === type)) {
      throw new InvalidArgumentError(`There is no service type ${type}.${didYouMean(type, serviceTypes)}`);
    }
  }
  return types;
}

function readWhole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function readYes(text: string): boolean {
  if (text !== 'yes' && text !== 'no') throw new InvalidArgumentError('It must be yes or no.');
  return text === 'yes';
}

const profile: readonly Field[] = [
  { key: 'name', value: 'text', meaning: 'what it is called here' },
  { key: 'time_zone', value: 'zone', meaning: 'IANA name, like America/New_York' },
  { key: 'country', value: 'code', meaning: 'two letters, like US' },
  { key: 'state', value: 'code', meaning: 'like NY', mayBeEmpty: true },
  { key: 'postal_address', value: 'text', meaning: 'stands at the end of every email, by law', mayBeEmpty: true },
  { key: 'brand_name', value: 'text', meaning: 'the name customers know it by', mayBeEmpty: true },
  { key: 'sender_name', value: 'text', meaning: 'the person who signs', mayBeEmpty: true },
  { key: 'contact_phone', value: 'number', meaning: 'like +12125550100', mayBeEmpty: true },
  { key: 'contact_email', value: 'address', meaning: 'where answers go', mayBeEmpty: true },
  { key: 'review_url', value: 'url', meaning: 'where customers write a review; https', mayBeEmpty: true },
  {
    key: 'service_types',
    value: 'list',
    meaning: `separated by commas: ${serviceTypes.join(', ')}`,
    parse: readServiceTypes,
  },
];

const hours = { value: 'hours', parse: readWhole };
const count = { value: 'count', parse: readWhole };
const daysOf = { value: 'days', parse: readWhole };

const policy: readonly Field[] = [
  { key: 'max_late_hours', ...hours, meaning: 'a touch later than this is skipped' },
  { key: 'min_gap_hours', ...hours, meaning: 'between two messages to one person' },
  { key: 'cap_messages_per_24h', ...count, meaning: 'messages to one person, at most' },
  { key: 'cap_sms_per_day', ...count, meaning: 'SMS to one person, at most' },
  { key: 'reentry_days_after_review', ...daysOf, meaning: 'before somebody who reviewed is asked again' },
  { key: 'reentry_days_after_enrollment', ...daysOf, meaning: 'before somebody who did not is asked again' },
  {
    key: 'overlap',
    value: 'what',
    choices: overlapPolicies,
    meaning: 'when a job is done while a campaign still runs',
  },
  { key: 'queue_gap_days', ...daysOf, meaning: 'between the two, with queue_after' },
  { key: 'max_enroll_age_days', ...daysOf, meaning: 'a job done longer ago is left alone' },
  { key: 'after_opt_out', value: 'what', choices: optOutPolicies, meaning: 'when somebody ends one channel' },
  { key: 'stop_on_reply', value: 'yes|no', parse: readYes, meaning: 'whether an answer ends the campaign' },
  { key: 'unknown_sms', value: 'what', choices: unknownPolicies, meaning: 'when it stays unknown whether an SMS left' },
  {
    key: 'unknown_email',
    value: 'what',
    choices: unknownPolicies,
    meaning: 'when it stays unknown whether an email left',
  },
  { key: 'max_attempts', ...count, meaning: 'tries per message' },
];

function optionOf({ key, value, meaning, choices, parse }: Field, group: string): Option {
  const option = new Option(`--${key.replaceAll('_', '-')} <${value}>`, meaning).helpGroup(group);
  if (choices !== undefined) option.choices(choices);
  if (parse !== undefined) option.argParser(parse);
  return option;
}

/** For commands about things of one business. */
export function addBusinessOption(command: Command): Command {
  return command.option('--business <business>', 'its id or name; not needed when there is only one');
}

/** Adds the options of the profile; `required` ones must be given. */
export function addProfileOptions(command: Command, required: readonly string[] = []): void {
  for (const field of profile) {
    command.addOption(optionOf(field, 'Profile:').makeOptionMandatory(required.includes(field.key)));
  }
}

export function addPolicyOptions(command: Command): void {
  for (const field of policy) command.addOption(optionOf(field, 'Sending policy:'));
}

function given<T>(fields: readonly Field[], options: Readonly<Record<string, unknown>>): Record<string, T> {
  const found = fields.flatMap(({ key, mayBeEmpty }) => {
    const name = key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (!(name in options)) return [];
    const value = options[name];
    return [[key, (mayBeEmpty === true && value === '' ? null : value) as T] as const];
  });
  return Object.fromEntries(found);
}

/** The profile as far as options give it, by column. */
export function profileFrom(options: Readonly<Record<string, unknown>>): Profile {
  return given<string | string[] | null>(profile, options);
}

/** The sending policy as far as options give it, by column. */
export function policyFrom(options: Readonly<Record<string, unknown>>): PolicyChanges {
  return given<string | number | boolean>(policy, options);
}
