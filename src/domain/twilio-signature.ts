// X-Twilio-Signature: HMAC-SHA1 over the address that was called, as we publish it, followed by the form's parameters by name. It has
// no time in it: who takes a callback must know it again when it comes a second time.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A form as it came: a name may stand there several times. */
export type FormParameters = Readonly<Record<string, string | readonly string[]>>;

/** Values of one name count once each, sorted, as Twilio's own library reads them. */
function spelled(name: string, value: string | readonly string[]): string {
  const values = typeof value === 'string' ? [value] : [...new Set(value)].sort();
  return values.map((one) => `${name}${one}`).join('');
}

/** @param url the address as Twilio knows it: with the public scheme, host and query, not those behind a proxy */
export function twilioSignature(authToken: string, url: string, parameters: FormParameters): string {
  const form = Object.keys(parameters)
    .sort()
    .map((name) => spelled(name, parameters[name] ?? ''))
    .join('');
  return createHmac('sha1', authToken).update(`${url}${form}`).digest('base64');
}

/** Whether Twilio signed this callback with the account's token. */
export function isSignedByTwilio(
  authToken: string,
  signature: string,
  url: string,
  parameters: FormParameters,
): boolean {
  const expected = Buffer.from(twilioSignature(authToken, url, parameters));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
