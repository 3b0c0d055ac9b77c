// A message as Resend takes it: a pure function of the message without its attempt, so that every attempt sends the same bytes. Resend
// answers a known key with other bytes by an error.
import { hasControls, isPlainAddress } from '../../domain/email/address.ts';
import type { Message, Outcome } from '../../engine/ports.ts';

const provider = 'resend';
const messageTag = 'touchline_message';

/** A name as it stands before an address: quoted, so that no sign in it has a meaning. */
const quoted = (name: string): string => `"${name.replaceAll(/["\\]/g, '\\$&')}"`;

function refusal(message: Message, from: string | null): Outcome | undefined {
  const { recipient, subject, fromName, unsubscribeUrl } = message;
  if (from === null || !isPlainAddress(from)) {
    const errorMessage = 'No address to send from: set RESEND_FROM, or the from_address of the account.';
    return { kind: 'account_error', provider, errorCode: 'from_address_invalid', errorMessage };
  }
  if (!isPlainAddress(recipient)) {
    const errorMessage = 'The recipient is not one plain address like name@example.com.';
    return { kind: 'rejected', provider, errorCode: 'recipient_invalid', errorMessage };
  }
  if (![subject, fromName, unsubscribeUrl].some((value) => value !== null && hasControls(value))) return undefined;
  const errorMessage = 'A line break or another control character stands in a header.';
  return { kind: 'rejected', provider, errorCode: 'header_invalid', errorMessage };
}

/**
 * The body of the request, or why there can be none.
 * @param defaultFrom where the account says nothing
 */
export function bodyOf(message: Message, defaultFrom: string | null): string | Outcome {
  const from = message.sender.fromAddress ?? defaultFrom;
  const refused = refusal(message, from);
  if (refused !== undefined) return refused;
  const { recipient, subject, fromName, text, html, unsubscribeUrl, idempotencyKey } = message;
  return JSON.stringify({
    from: fromName === null ? from : `${quoted(fromName)} <${from}>`,
    to: [recipient],
    subject: subject ?? '',
    text,
    // Comes back in every webhook about this email, which so names its message.
    tags: [{ name: messageTag, value: idempotencyKey }],
    ...(html === null ? {} : { html }),
    ...(unsubscribeUrl === null
      ? {}
      : {
          headers: {
            'List-Unsubscribe': `<${unsubscribeUrl}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          },
        }),
  });
}
