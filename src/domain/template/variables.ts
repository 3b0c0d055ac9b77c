// The only names a template may use. Each has a home in the database; whoever sends fills in all that it knows.
import { editDistance } from '../edit-distance.ts';

export type MessageChannel = 'email' | 'sms';

interface VariableFacts {
  /** True when every message has a value for it; otherwise a text must also read well without it. */
  always: boolean;
  channels: readonly MessageChannel[];
  /** What a person sees beside the name in the editor. */
  meaning: string;
  /** A realistic, rather long value: previews and lengths are made with it. */
  example: string;
  /** Names that people and other programs use for it. */
  alsoCalled: readonly string[];
}

const both: readonly MessageChannel[] = ['email', 'sms'];

const facts = {
  first_name: {
    always: false,
    channels: both,
    meaning: "The customer's first name.",
    example: 'Christopher',
    alsoCalled: ['name', 'customer', 'customer_name', 'customer_first_name', 'firstname', 'fname', 'given_name'],
  },
  last_name: {
    always: false,
    channels: both,
    meaning: "The customer's last name.",
    example: 'Montgomery',
    alsoCalled: ['customer_last_name', 'lastname', 'lname', 'surname', 'family_name'],
  },
  business_name: {
    always: true,
    channels: both,
    meaning: 'The name customers know the business by: its brand, or its name when it has none.',
    example: 'Brightwater Heating & Cooling',
    alsoCalled: ['business', 'brand', 'brand_name', 'company', 'company_name'],
  },
  business_phone: {
    always: false,
    channels: both,
    meaning: 'The telephone number on which the business can be called.',
    example: '+1 503 555 0142',
    alsoCalled: ['phone', 'phone_number', 'telephone', 'company_phone'],
  },
  sender_name: {
    always: false,
    channels: both,
    meaning: 'The person who signs for the business.',
    example: 'Samantha Whitfield',
    alsoCalled: ['sender', 'from', 'from_name', 'owner_name', 'signature'],
  },
  service_type: {
    always: true,
    channels: both,
    meaning: 'The kind of work in words that fit before "visit" or "work": plumbing, heating and cooling.',
    example: 'heating and cooling',
    alsoCalled: ['service', 'service_name', 'job_type', 'work'],
  },
  job_title: {
    always: false,
    channels: both,
    meaning: 'What the job was called when it was written down.',
    example: 'Furnace and air conditioning tune-up',
    alsoCalled: ['job', 'job_name', 'title'],
  },
  review_link: {
    always: true,
    channels: both,
    meaning: 'Where this customer writes a review: the same page for everybody.',
    example: 'https://go.brightwater.example/l/7Gh2kQ9xTbLmPz4RwYcV1n',
    alsoCalled: ['link', 'url', 'review', 'review_url', 'google_link', 'feedback_link'],
  },
  unsubscribe_link: {
    always: true,
    channels: ['email'],
    meaning: 'Where this customer ends our email. Every email ends with it and the postal address anyway.',
    example: 'https://go.brightwater.example/u/9Lm4RwYcV1n7Gh2kQ9xTbP',
    alsoCalled: ['unsubscribe', 'unsubscribe_url', 'opt_out', 'opt_out_link'],
  },
} as const satisfies Record<string, VariableFacts>;

type VariableName = keyof typeof facts;

export interface TemplateVariable extends VariableFacts {
  name: VariableName;
}

/** Values of one message by variable. A missing value, and one of nothing but spaces, count as not known. */
export type TemplateValues = Readonly<Partial<Record<VariableName, string | null | undefined>>>;

/** All variables, in the order in which an editor offers them. */
export const templateVariables: readonly TemplateVariable[] = Object.entries(facts).map(([name, fact]) => ({
  name: name as VariableName,
  ...fact,
}));

const byName: ReadonlyMap<string, TemplateVariable> = new Map(
  templateVariables.map((variable) => [variable.name, variable]),
);

/** The variable of exactly this name, if there is one. */
export function findVariable(name: string): TemplateVariable | undefined {
  return byName.get(name);
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');

/** The variable that somebody who wrote `name` probably meant. */
export function suggestVariable(name: string): TemplateVariable | undefined {
  const meant = plain(name.slice(0, 60)).replaceAll(/^_+|_+$/g, '');
  if (meant === '') return undefined;
  const known = templateVariables.find((v) => v.name === meant || v.alsoCalled.includes(meant));
  if (known !== undefined) return known;
  const [nearest] = templateVariables
    .map((variable) => ({ variable, distance: editDistance(meant, variable.name) }))
    .toSorted((a, b) => a.distance - b.distance);
  return nearest !== undefined && nearest.distance <= 2 ? nearest.variable : undefined;
}

/** What service types are called in a message: each fits before "visit" and "work". */
export const serviceTypeWords: ReadonlyMap<string, string> = new Map([
  ['hvac', 'heating and cooling'],
  ['plumbing', 'plumbing'],
  ['electrical', 'electrical'],
  ['cleaning', 'cleaning'],
  ['roofing', 'roofing'],
  ['painting', 'painting'],
  ['handyman', 'handyman'],
  ['other', 'service'],
]);
