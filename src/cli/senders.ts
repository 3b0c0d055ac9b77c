// Who sends for which account: the server's own senders for accounts of kind server_default, and those of businesses.
import type pg from 'pg';
import { type SenderCredentials, senderCredentials } from '../db/call/senders.ts';
import { withRole } from '../db/client.ts';
import type { SecretOwner } from '../domain/secret-box.ts';
import type { Clock } from '../engine/clock.ts';
import type { Outcome, Senders } from '../engine/ports.ts';
import { defaultEmail, defaultSms, type OpenSender, ownSender, type SenderPlace } from './make-sender.ts';
import { OwnSenders } from './own-senders.ts';
import { boxOf, type SenderSecret, secretIn } from './sender-secret.ts';

export interface SendersOptions extends SenderPlace {
  /** Reads accounts. */
  pool: pg.Pool;
  clock: Clock;
}

export interface OpenSenders {
  senders: Senders;
  /** Whether the server itself sends email. */
  sendsEmail: boolean;
  close(): void;
}

async function credentialsOf(pool: pg.Pool, account: SecretOwner): Promise<SenderCredentials | undefined> {
  const { businessId, senderAccountId } = account;
  return withRole(pool, { role: 'touchline_worker' }, (client) =>
    senderCredentials(client, businessId, senderAccountId),
  );
}

/** The secret of an account, open; undefined where it does not open with any key of this process. */
function openSecret(place: SenderPlace, owner: SecretOwner, { secret }: SenderCredentials): SenderSecret | undefined {
  if (secret === undefined) return {};
  const text = boxOf(place.config, place.database)?.open(owner, secret);
  return text === undefined ? undefined : secretIn(text);
}

const refused = (errorCode: string, errorMessage: string): Outcome => ({
  kind: 'account_error',
  errorCode,
  errorMessage,
});

/** The sender of an account as the database has it now, or why there is none. */
export async function accountSender(
  options: Omit<SendersOptions, 'clock'>,
  owner: SecretOwner,
): Promise<OpenSender | Outcome> {
  let account: SenderCredentials | undefined;
  try {
    account = await credentialsOf(options.pool, owner);
  } catch {
    // Nothing was written to anybody; the touch comes again when the database does.
    return { kind: 'not_started', errorCode: 'account_unreadable' };
  }
  if (account === undefined) return refused('no_account', 'The account is gone.');
  const secret = openSecret(options, owner, account);
  if (secret === undefined) {
    const words = 'The secret of the account does not open: TOUCHLINE_SECRET is another one than it was sealed with.';
    return refused('secret_unreadable', words);
  }
  // Without an address that customers reach, an email would have no link that ends it.
  if (account.channel === 'email' && options.config.publicUrl === undefined && !options.isVirtual) {
    return refused('links_impossible', 'Emails need a link that ends them: PUBLIC_URL is not set.');
  }
  return ownSender(account, secret, options);
}

/** @throws CommandProblem `smtp_refused`, `provider_refused`, `dkim_key_unreadable` */
export function sendersOf(options: SendersOptions): OpenSenders {
  const own = new OwnSenders((owner) => accountSender(options, owner), options.clock);
  const email = defaultEmail(options);
  const sms = defaultSms(options);
  const senders: Senders = (sender, channel) => {
    if (sender.kind !== 'server_default') return own.senderFor(sender);
    return channel === 'email' ? email : sms;
  };
  return {
    senders,
    sendsEmail: email !== undefined,
    close: () => {
      for (const each of [email, sms, own]) each?.close();
    },
  };
}

/**
 * What the provider of an account signs its callbacks with; none: there is no such account, or no key.
 * @param provider only an account that sends by it counts
 */
export async function callbackKeysOf(
  options: Omit<SendersOptions, 'clock'>,
  { provider, ...owner }: SecretOwner & { provider: string },
): Promise<string[]> {
  const account = await credentialsOf(options.pool, owner);
  if (account === undefined) return [];
  const { twilio, resendWebhookSecret } = options.config;
  const ofServer = provider === 'twilio' ? twilio?.authToken : resendWebhookSecret;
  const channel = provider === 'twilio' ? 'sms' : 'email';
  const secret = openSecret(options, owner, account);
  const ofAccount = provider === 'twilio' ? secret?.key : secret?.webhook_secret;
  const keys = {
    server_default: account.channel === channel ? ofServer : undefined,
    [provider]: ofAccount,
  };
  const key = keys[account.kind];
  return key === undefined ? [] : [key];
}
