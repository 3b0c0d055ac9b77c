// A message as the bytes that a mail server gets, and whose they are: the envelope and the raw mail, signed when there is a key.
import { buffer } from 'node:stream/consumers';
import DKIM from 'nodemailer/lib/dkim';
import MailComposer from 'nodemailer/lib/mail-composer';
import { domainOf, hasControls, isPlainAddress } from '../../domain/email/address.ts';
import type { Message, Outcome } from '../../engine/ports.ts';

/** A key that signs for a domain, as its DNS says under `<selector>._domainkey.<domain>`. */
export interface DkimKey {
  domain: string;
  selector: string;
  /** PEM. */
  privateKey: string;
}

export interface Mail {
  from: string;
  recipient: string;
  raw: Buffer;
}

// The names given here replace nodemailer's own list, which leaves List-Unsubscribe-Post out; RFC 8058 wants both signed.
// Absent ones are skipped.
const signedHeaders = [
  ...['From', 'Sender', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'To', 'Cc', 'MIME-Version', 'Content-Type'],
  ...['Content-Transfer-Encoding', 'In-Reply-To', 'References', 'List-Id', 'List-Help'],
  ...['List-Unsubscribe', 'List-Unsubscribe-Post'],
].join(':');

function unsafe({ recipient, subject, fromName, unsubscribeUrl }: Message): Outcome | undefined {
  if (!isPlainAddress(recipient)) {
    const errorMessage = 'The recipient is not one plain address like name@example.com.';
    return { kind: 'rejected', provider: 'smtp', errorCode: 'recipient_invalid', errorMessage };
  }
  const headers = { subject, 'name of the sender': fromName, 'unsubscribe link': unsubscribeUrl };
  const [place] = Object.entries(headers).find(([, value]) => value !== null && hasControls(value)) ?? [];
  if (place === undefined) return undefined;
  const errorMessage = `The ${place} has a line break or another control character, which could add a header.`;
  return { kind: 'rejected', provider: 'smtp', errorCode: 'header_invalid', errorMessage };
}

function noSender(from: string | null): Outcome {
  const errorMessage =
    from === null
      ? 'No address to send from: set SMTP_FROM, or the from_address of the account.'
      : 'The address to send from is not one plain address like name@example.com.';
  return { kind: 'account_error', provider: 'smtp', errorCode: 'from_address_invalid', errorMessage };
}

async function build(message: Message, from: string): Promise<Buffer> {
  const { recipient, subject, text, html, fromName, unsubscribeUrl, idempotencyKey } = message;
  const headers: Record<string, string> =
    unsubscribeUrl === null
      ? {}
      : { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
  const composer = new MailComposer({
    from: { name: fromName ?? '', address: from },
    to: { name: '', address: recipient },
    subject: subject ?? '',
    text,
    ...(html === null ? {} : { html }),
    // The same for every attempt: a duplicate is provable, and a bounce names its message.
    messageId: `<${idempotencyKey}@${domainOf(from)}>`,
    baseBoundary: idempotencyKey,
    headers,
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

async function sign(raw: Buffer, { domain, selector, privateKey }: DkimKey): Promise<Buffer> {
  const signer = new DKIM({ domainName: domain, keySelector: selector, privateKey, headerFieldNames: signedHeaders });
  return buffer(signer.sign(raw));
}

/**
 * The mail of a message, or why there can be none.
 * @param defaultFrom where the account says nothing
 */
export async function mailOf(
  message: Message,
  defaultFrom: string | null,
  dkim: DkimKey | undefined,
): Promise<Mail | Outcome> {
  const from = message.sender.fromAddress ?? defaultFrom;
  if (from === null || !isPlainAddress(from)) return noSender(from);
  const refused = unsafe(message);
  if (refused !== undefined) return refused;
  const raw = await build(message, from);
  return { from, recipient: message.recipient, raw: dkim === undefined ? raw : await sign(raw, dkim) };
}
