// The only reader of the environment. Everything else gets values, so that `touchline config` can show all there is.
import { z } from 'zod';
import { isPlainAddress } from './domain/email/address.ts';
import { hiddenValue, redactUrl } from './domain/redact-url.ts';

/** Whether a host name, as URLs have it, is this machine's own. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/.test(host);

/** Names and values, as process.env has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting as people see it: never with a secret in it. */
export interface ShownSetting {
  name: string;
  value: string | null;
  source: 'environment' | 'option' | 'default';
  default: string | null;
  meaning: string;
}

// None of these has a fragment: a # is part of a password that was not percent-encoded, and would be cut off in silence.
const urlOf = (...protocols: string[]): z.ZodType<string> =>
  z.string().refine((value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    return url !== undefined && protocols.includes(url.protocol) && !value.includes('#');
  });

// Tests put a provider's counterpart on this machine; a key must never leave for another one.
const ownMachine = urlOf('http:', 'https:').refine((value) => isLoopback(new URL(value).hostname));

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((number) => number <= 65_535);

const host = z.string().regex(/^[\w.:%-]+$/);

const schema = z.object({
  DATABASE_URL: urlOf('postgres:', 'postgresql:').optional(),
  TOUCHLINE_DATA_DIR: z.string().optional(),
  TOUCHLINE_STATE_DIR: z.string().optional(),
  PORT: port,
  HOST: host,
  PUBLIC_URL: urlOf('https:', 'http:').optional(),
  TOUCHLINE_SECRET: z.string().min(32).optional(),
  TOUCHLINE_OLD_SECRETS: z.string().optional(),
  TOUCHLINE_METRICS_TOKEN: z.string().min(32).regex(/^\S+$/).optional(),
  TOUCHLINE_METRICS_HOST: host,
  TOUCHLINE_METRICS_PORT: port.optional(),
  SMTP_URL: urlOf('smtp:', 'smtps:').optional(),
  SMTP_FROM: z.string().refine(isPlainAddress).optional(),
  DKIM_DOMAIN: z
    .string()
    .regex(/^[\w.-]+$/)
    .optional(),
  DKIM_SELECTOR: z
    .string()
    .regex(/^[\w.-]+$/)
    .optional(),
  DKIM_KEY_FILE: z.string().optional(),
  RESEND_API_KEY: z.string().optional(),
  RESEND_FROM: z.string().refine(isPlainAddress).optional(),
  RESEND_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/=]+$/)
    .optional(),
  RESEND_URL: ownMachine.optional(),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/)
    .optional(),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_MESSAGING_SERVICE_SID: z
    .string()
    .regex(/^MG[0-9a-fA-F]{32}$/)
    .optional(),
  TWILIO_FROM: z
    .string()
    .regex(/^(?:\+[1-9]\d{6,14}|\d{3,8})$/)
    .optional(),
  TWILIO_URL: ownMachine.optional(),
  NO_COLOR: z.string().optional(),
});

type Name = keyof typeof schema.shape;

interface Facts {
  /** What a value must be, after "must be". */
  must: string;
  meaning: string;
  /** As people would write it. */
  default?: string;
  show: (value: string) => string;
}

const asWritten = (value: string): string => value;
const hidden = (): string => hiddenValue;

const facts: Record<Name, Facts> = {
  DATABASE_URL: {
    must: 'a URL like postgres://owner:secret@host:5432/database, with special characters of the password percent-encoded',
    meaning: 'The PostgreSQL (15 or newer) to use. Absent: the embedded one.',
    show: redactUrl,
  },
  TOUCHLINE_DATA_DIR: {
    must: 'a folder',
    meaning: 'Where the embedded Postgres keeps its data. Absent: ./.touchline.',
    show: asWritten,
  },
  TOUCHLINE_STATE_DIR: {
    must: 'a folder',
    meaning:
      'Where workers remember how far the database had come, to notice a restored backup. Absent: the data folder of the embedded Postgres, else nowhere.',
    show: asWritten,
  },
  PORT: {
    must: 'a number from 0 to 65535 (0: any free port)',
    meaning: 'The port on which start listens.',
    default: '4000',
    show: asWritten,
  },
  HOST: {
    must: 'an address or a host name, without port',
    meaning: 'The address on which start listens. The default is reachable from this machine only.',
    default: '127.0.0.1',
    show: asWritten,
  },
  PUBLIC_URL: {
    must: 'a URL like https://follow-up.example.com',
    meaning: 'The address under which customers reach this server: unsubscribe links begin with it.',
    show: redactUrl,
  },
  TOUCHLINE_SECRET: {
    must: 'at least 32 characters (openssl rand -base64 32)',
    meaning:
      'The key that signs unsubscribe links and seals secrets of sender accounts. Absent: one is kept in the folder of the embedded Postgres.',
    show: hidden,
  },
  TOUCHLINE_OLD_SECRETS: {
    must: 'earlier values of TOUCHLINE_SECRET, separated by spaces',
    meaning: 'Keys that were replaced: links signed with them go on to work, and secrets sealed with them open.',
    show: hidden,
  },
  TOUCHLINE_METRICS_TOKEN: {
    must: 'at least 32 characters without spaces (openssl rand -hex 32)',
    meaning: 'Opens /metrics to whoever sends it as a bearer token. Absent: this machine alone may read them.',
    show: hidden,
  },
  TOUCHLINE_METRICS_HOST: {
    must: 'an address or a host name, without port',
    meaning: 'The address on which work shows its metrics.',
    default: '127.0.0.1',
    show: asWritten,
  },
  TOUCHLINE_METRICS_PORT: {
    must: 'a number from 0 to 65535 (0: any free port)',
    meaning: 'The port on which work shows its metrics. Absent: it shows none.',
    show: asWritten,
  },
  SMTP_URL: {
    must: 'a URL like smtps://user:secret@host:465',
    meaning: 'The mail server of accounts of kind server_default. Absent: Resend, where it is set.',
    show: redactUrl,
  },
  SMTP_FROM: {
    must: 'an address like hello@example.com',
    meaning: 'The address emails come from where an account names none.',
    show: asWritten,
  },
  DKIM_DOMAIN: { must: 'a domain', meaning: 'The domain that signs emails; needs the two below too.', show: asWritten },
  DKIM_SELECTOR: { must: 'a selector', meaning: 'The name of the key in the DNS of that domain.', show: asWritten },
  DKIM_KEY_FILE: { must: 'a file', meaning: 'The private key, PEM.', show: asWritten },
  RESEND_API_KEY: {
    must: 'an API key',
    meaning: 'The key of Resend: email of accounts of kind server_default leaves there where SMTP_URL is not set.',
    show: hidden,
  },
  RESEND_FROM: {
    must: 'an address like hello@example.com',
    meaning: 'The address emails come from by Resend where an account names none.',
    show: asWritten,
  },
  RESEND_WEBHOOK_SECRET: {
    must: 'the signing secret of a webhook, like whsec_…',
    meaning: 'Proves that reports on emails come from Resend.',
    show: hidden,
  },
  RESEND_URL: {
    must: 'a URL on this machine, like http://127.0.0.1:4100',
    meaning: 'For tests: a counterpart of Resend.',
    show: redactUrl,
  },
  TWILIO_ACCOUNT_SID: {
    must: 'AC and 32 hexadecimal digits',
    meaning:
      'The account of Twilio: SMS of accounts of kind server_default leave there. Needs the token, and one of the two below.',
    show: asWritten,
  },
  TWILIO_AUTH_TOKEN: { must: 'a token', meaning: 'The token of Twilio.', show: hidden },
  TWILIO_MESSAGING_SERVICE_SID: {
    must: 'MG and 32 hexadecimal digits',
    meaning: 'The messaging service of Twilio; goes before TWILIO_FROM.',
    show: asWritten,
  },
  TWILIO_FROM: {
    must: 'a number like +12125550100, or a short code',
    meaning: 'The number SMS come from where an account names none.',
    show: asWritten,
  },
  TWILIO_URL: {
    must: 'a URL on this machine, like http://127.0.0.1:4100',
    meaning: 'For tests: a counterpart of Twilio.',
    show: redactUrl,
  },
  NO_COLOR: { must: 'any text', meaning: 'Set to anything: no colours.', show: asWritten },
};

const names = Object.keys(facts) as Name[];

/** Settings with values they cannot have; the message names each, what it must be and what it is. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
  /** One sentence per setting. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join(' '));
    this.problems = problems;
  }
}

/** What the environment says, checked. */
export interface Config {
  /** A postgres:// URL; absent: the embedded Postgres. */
  databaseUrl: string | undefined;
  /** Folder of the embedded Postgres; absent: it chooses (`./.touchline`). */
  dataDir: string | undefined;
  /** Where workers remember how far the database had come; absent: beside an embedded one. */
  stateDir: string | undefined;
  port: number;
  host: string;
  colour: boolean;
  publicUrl: string | undefined;
  secret: string | undefined;
  oldSecrets: readonly string[];
  metrics: { token: string | undefined; host: string; port: number | undefined };
  smtpUrl: string | undefined;
  smtpFrom: string | undefined;
  dkim: { domain: string; selector: string; keyFile: string } | undefined;
  resend: ResendConfig | undefined;
  twilio: TwilioConfig | undefined;
  /** Checks callbacks of Resend. */
  resendWebhookSecret: string | undefined;
  /** Counterparts of the providers on this machine. */
  providerUrls: { resend: string | undefined; twilio: string | undefined };
}

/** The server's own account at Resend. */
interface ResendConfig {
  apiKey: string;
  from: string | undefined;
}

/** The server's own account at Twilio. */
interface TwilioConfig {
  sid: string;
  authToken: string;
  from: string | undefined;
  messagingServiceSid: string | undefined;
}

type Values = z.infer<typeof schema>;

function resendIn({ RESEND_API_KEY: apiKey, RESEND_FROM: from }: Values): ResendConfig | undefined {
  return apiKey === undefined ? undefined : { apiKey, from };
}

/** @throws ConfigInvalid when only a part of it is set */
function twilioIn(values: Values): TwilioConfig | undefined {
  const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: from } = values;
  const { TWILIO_MESSAGING_SERVICE_SID: messagingServiceSid } = values;
  const source = messagingServiceSid ?? from;
  if (sid !== undefined && authToken !== undefined && source !== undefined) {
    return { sid, authToken, from, messagingServiceSid };
  }
  if ([sid, authToken, source].every((value) => value === undefined)) return undefined;
  throw new ConfigInvalid([
    'TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and one of TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID must be set together, got only some of them.',
  ]);
}

// An empty variable is how people switch one off where they cannot unset it.
function givenIn(env: Environment, name: Name): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

// What is wrong may be a secret pasted into the wrong place.
function shownWrong(name: Name, value: string): string {
  if (facts[name].show !== asWritten) return URL.canParse(value) ? redactUrl(value) : '(hidden)';
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

/**
 * Reads the settings.
 * @param env default: the environment of this process
 * @throws ConfigInvalid
 */
export function loadConfig(env: Environment = process.env): Config {
  const values = Object.fromEntries(names.map((name) => [name, givenIn(env, name) ?? facts[name].default]));
  const parsed = schema.safeParse(values);
  if (!parsed.success) {
    const wrong = names.filter((name) => parsed.error.issues.some(({ path }) => path[0] === name));
    throw new ConfigInvalid(
      wrong.map((name) => `${name} must be ${facts[name].must}, got ${shownWrong(name, values[name] ?? '')}.`),
    );
  }
  const { data } = parsed;
  const dkim = [data.DKIM_DOMAIN, data.DKIM_SELECTOR, data.DKIM_KEY_FILE] as const;
  const [domain, selector, keyFile] = dkim;
  const signs = domain !== undefined && selector !== undefined && keyFile !== undefined;
  if (!signs && dkim.some((value) => value !== undefined)) {
    throw new ConfigInvalid([
      'DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE must be set together, got only some of them.',
    ]);
  }
  return {
    databaseUrl: data.DATABASE_URL,
    dataDir: data.TOUCHLINE_DATA_DIR,
    stateDir: data.TOUCHLINE_STATE_DIR,
    port: data.PORT,
    host: data.HOST,
    colour: data.NO_COLOR === undefined,
    publicUrl: data.PUBLIC_URL,
    secret: data.TOUCHLINE_SECRET,
    oldSecrets: data.TOUCHLINE_OLD_SECRETS?.split(/\s+/) ?? [],
    metrics: {
      token: data.TOUCHLINE_METRICS_TOKEN,
      host: data.TOUCHLINE_METRICS_HOST,
      port: data.TOUCHLINE_METRICS_PORT,
    },
    smtpUrl: data.SMTP_URL,
    smtpFrom: data.SMTP_FROM,
    dkim: signs ? { domain, selector, keyFile } : undefined,
    resend: resendIn(data),
    twilio: twilioIn(data),
    resendWebhookSecret: data.RESEND_WEBHOOK_SECRET,
    providerUrls: { resend: data.RESEND_URL, twilio: data.TWILIO_URL },
  };
}

/**
 * Checks a database URL that was given in another way than by the environment.
 * @param source how it was given, for the message
 * @throws ConfigInvalid
 */
export function checkDatabaseUrl(url: string, source: string): string {
  if (schema.shape.DATABASE_URL.safeParse(url).success) return url;
  throw new ConfigInvalid([`${source} must be ${facts.DATABASE_URL.must}, got ${shownWrong('DATABASE_URL', url)}.`]);
}

/**
 * Every setting with its value, where it comes from and its default; secrets are hidden.
 * @param databaseUrl the one of --database-url, which goes before that of the environment
 */
export function redacted(env: Environment = process.env, databaseUrl?: string): ShownSetting[] {
  return names.map((name) => {
    const option = name === 'DATABASE_URL' ? databaseUrl : undefined;
    const given = option ?? givenIn(env, name);
    const { show, meaning, default: standard = null } = facts[name];
    const source = option === undefined ? 'environment' : 'option';
    return {
      name,
      value: given === undefined ? standard : show(given),
      source: given === undefined ? 'default' : source,
      default: standard,
      meaning,
    };
  });
}

/** Names in the environment that look like settings of ours and are none: most likely misspelt. */
export function unknownSettings(env: Environment = process.env): string[] {
  return Object.keys(env).filter((name) => name.startsWith('TOUCHLINE_') && !names.some((known) => known === name));
}

/** The names of all settings. */
export const settingNames: readonly string[] = names;
