// Senders as settings and sender accounts describe them.
import { type Config, isLoopback } from '../config.ts';
import type { SenderCredentials } from '../db/call/senders.ts';
import { callbackMarks, callbackUrl } from '../domain/callback-mark.ts';
import type { Message, Outcome, Sender } from '../engine/ports.ts';
import type { Check } from '../senders/check.ts';
import { resendSender } from '../senders/resend.ts';
import { publicAddressOf } from '../senders/smtp/public-host.ts';
import { smtpSender } from '../senders/smtp.ts';
import { twilioSender } from '../senders/twilio.ts';
import type { Database } from './database.ts';
import { secretOf } from './links.ts';
import { smtpOf } from './mail.ts';
import { CommandProblem, exit } from './problem.ts';
import type { SenderSecret } from './sender-secret.ts';

/** A sender with connections of its own, that can be tried without sending. */
export interface OpenSender extends Sender {
  check(signal: AbortSignal): Promise<Check>;
  close(): void;
}

/** Where and for whom senders are made. */
export interface SenderPlace {
  config: Config;
  database: Pick<Database, 'dataDir'>;
  /** Its database keeps no real time: nothing may leave this machine. */
  isVirtual: boolean;
}

function refuseRealProvider(provider: string, setting: string): CommandProblem {
  return new CommandProblem({
    code: 'provider_refused',
    what: `A database with a virtual clock sends nothing by ${provider}.`,
    why: 'Its moments are made up, and so are most of its people. Nothing was sent.',
    fix: `Leave ${setting} out.`,
    exitCode: exit.refused,
  });
}

/** Where Twilio reports on messages: with an address of ours that it can reach, and a key to mark it with. */
function callbackOf({ config, database }: SenderPlace): ((message: Message) => string) | undefined {
  const secret = secretOf(config, database);
  const { publicUrl } = config;
  if (secret === undefined || publicUrl === undefined) return undefined;
  const marks = callbackMarks(secret);
  return ({ businessId, idempotencyKey: sendLogId, sender: { senderAccountId } }) =>
    callbackUrl(publicUrl, 'twilio', { businessId, senderAccountId, sendLogId }, marks);
}

/** Where a counterpart of the provider is set up, it is used instead of the real one. */
const at = (url: string | undefined): { url?: string } => (url === undefined ? {} : { url });

/**
 * The server's own way to send email.
 * @throws CommandProblem `smtp_refused`, `provider_refused`, `dkim_key_unreadable`
 */
export function defaultEmail({ config, isVirtual }: SenderPlace): OpenSender | undefined {
  const { resend, smtpFrom, providerUrls } = config;
  const smtp = smtpOf(config, isVirtual);
  if (smtp !== undefined || resend === undefined) return smtp;
  if (isVirtual && providerUrls.resend === undefined) throw refuseRealProvider('Resend', 'RESEND_API_KEY');
  return resendSender({ apiKey: resend.apiKey, from: resend.from ?? smtpFrom ?? null, ...at(providerUrls.resend) });
}

/**
 * The server's own way to send SMS.
 * @throws CommandProblem `provider_refused`
 */
export function defaultSms(place: SenderPlace): OpenSender | undefined {
  const { config, isVirtual } = place;
  const { twilio, providerUrls } = config;
  if (twilio === undefined) return undefined;
  if (isVirtual && providerUrls.twilio === undefined) throw refuseRealProvider('Twilio', 'TWILIO_ACCOUNT_SID');
  const { sid, authToken, from = null, messagingServiceSid = null } = twilio;
  const callback = callbackOf(place);
  return twilioSender({
    ...{ sid, authToken, from, messagingServiceSid, ...at(providerUrls.twilio) },
    ...(callback === undefined ? {} : { callbackUrl: callback }),
  });
}

const accountError = (kind: string, errorCode: string, errorMessage: string): Outcome => ({
  kind: 'account_error',
  provider: kind,
  errorCode,
  errorMessage,
});

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The address of a business's mail server, looked at before anything connects to it. */
async function hostOf(host: string, isVirtual: boolean): Promise<string | undefined> {
  if (isVirtual) return isLoopback(host) ? host : undefined;
  return publicAddressOf(host).catch(() => undefined);
}

async function ownSmtp(
  account: SenderCredentials,
  key: string | undefined,
  isVirtual: boolean,
): Promise<OpenSender | Outcome> {
  const { settings, fromAddress } = account;
  const servername = textOf(settings.host) ?? '';
  const host = await hostOf(servername, isVirtual);
  if (host === undefined) {
    const why = `The mail server ${servername} is not to be found, or not one of the public internet.`;
    return accountError('smtp', 'host_refused', why);
  }
  const user = textOf(settings.user);
  const secure = String(settings.secure ?? Number(settings.port ?? 587) === 465) === 'true';
  const login = user === undefined ? {} : { user, ...(key === undefined ? {} : { password: key }) };
  const open = isLoopback(host);
  return smtpSender({
    server: {
      ...{ host, servername, secure, plain: open, requireTls: !(secure || open) },
      ...{ port: Number(settings.port ?? (secure ? 465 : 587)), ...login },
    },
    from: fromAddress,
  });
}

/** The sender of a business's own account, or why there is none. */
export async function ownSender(
  account: SenderCredentials,
  { key }: SenderSecret,
  place: SenderPlace,
): Promise<OpenSender | Outcome> {
  const { kind, settings, fromAddress: from } = account;
  const { isVirtual, config } = place;
  const { resend: resendUrl, twilio: twilioUrl } = config.providerUrls;
  if (kind === 'smtp') return ownSmtp(account, key, isVirtual);
  if (key === undefined)
    return accountError(kind, 'secret_missing', 'The account has no key: touchline sender set gives it one.');
  if (isVirtual && (kind === 'resend' ? resendUrl : twilioUrl) === undefined) {
    return accountError(kind, 'provider_refused', 'A database with a virtual clock sends nothing by real providers.');
  }
  if (kind === 'resend') return resendSender({ apiKey: key, from, ...at(resendUrl) });
  const callback = callbackOf(place);
  return twilioSender({
    ...{ sid: textOf(settings.account_sid) ?? '', authToken: key, from, ...at(twilioUrl) },
    messagingServiceSid: textOf(settings.messaging_service_sid) ?? null,
    ...(callback === undefined ? {} : { callbackUrl: callback }),
  });
}
