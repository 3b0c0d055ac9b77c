// What of a sender account can be set, as options of `sender add` and `sender set`.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { SenderAccountChanges } from '../db/call/senders.ts';
import type { Io } from './io.ts';
import { usage } from './problem.ts';
import { readText } from './read-text.ts';
import type { SenderSecret } from './sender-secret.ts';

export interface SenderOptions {
  name?: string;
  from?: string;
  ratePerHour?: number;
  host?: string;
  port?: string;
  secure?: string;
  user?: string;
  sid?: string;
  messagingServiceSid?: string;
  secretFile?: string;
  webhookSecretFile?: string;
}

export const kinds = ['smtp', 'resend', 'twilio'] as const;
export type OwnKind = (typeof kinds)[number];

function readRate(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** A secret is read from a file or from standard input: an argument would be seen by everybody on the machine. */
export function addSenderOptions(command: Command): Command {
  return command
    .option('--name <text>', 'what it is called here')
    .option('--from <address>', 'the address or number messages come from')
    .addOption(new Option('--rate-per-hour <count>', 'messages per hour at most').argParser(readRate))
    .option('--secret-file <file>', 'holds the password, the API key or the token; - reads standard input')
    .optionsGroup('A mail server (smtp):')
    .option('--host <host>', 'its name')
    .addOption(new Option('--port <port>', 'its port').choices(['25', '465', '587', '2525']))
    .addOption(new Option('--secure <yes|no>', 'TLS from the first byte; default: on port 465').choices(['yes', 'no']))
    .option('--user <user>', 'who logs in')
    .optionsGroup('Resend:')
    .option('--webhook-secret-file <file>', 'holds the signing secret of the webhook, whsec_…')
    .optionsGroup('Twilio:')
    .option('--sid <sid>', 'AC and 32 hexadecimal digits')
    .option('--messaging-service-sid <sid>', 'MG and 32 hexadecimal digits');
}

function settingsFrom(options: SenderOptions): Record<string, unknown> {
  const { host, port, secure, user, sid, messagingServiceSid } = options;
  const all = {
    host,
    port: port === undefined ? undefined : Number(port),
    secure: secure === undefined ? undefined : secure === 'yes',
    user,
    account_sid: sid,
    messaging_service_sid: messagingServiceSid,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The changes as far as options give them; settings that are not named stay as they were. An empty --from removes it. */
export function changesFrom(options: SenderOptions, before: Readonly<Record<string, unknown>>): SenderAccountChanges {
  const { name, from, ratePerHour } = options;
  const settings = settingsFrom(options);
  return {
    ...(name === undefined ? {} : { name }),
    ...(from === undefined ? {} : { from_address: from === '' ? null : from }),
    ...(ratePerHour === undefined ? {} : { rate_per_hour: ratePerHour === 0 ? null : ratePerHour }),
    ...(Object.keys(settings).length === 0 ? {} : { settings: { ...before, ...settings } }),
  };
}

/**
 * The secret as far as files give it; undefined where none is named.
 * @throws CommandProblem `usage`
 */
export async function secretFrom(io: Io, options: SenderOptions): Promise<SenderSecret | undefined> {
  const { secretFile, webhookSecretFile } = options;
  if (secretFile === undefined && webhookSecretFile === undefined) return undefined;
  if (secretFile === '-' && webhookSecretFile === '-') {
    throw usage('Standard input holds one secret.', 'Give the other one as a file.');
  }
  const read = async (path: string): Promise<string> => (await readText(io, path)).trim();
  return {
    ...(secretFile === undefined ? {} : { key: await read(secretFile) }),
    ...(webhookSecretFile === undefined ? {} : { webhook_secret: await read(webhookSecretFile) }),
  };
}
