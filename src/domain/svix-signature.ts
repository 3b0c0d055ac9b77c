// The signature of Resend's webhooks: Svix's, which is that of Standard Webhooks under other header names.
import { Webhook } from 'standardwebhooks';

/**
 * Whether the holder of the secret signed these bytes within the last 5 minutes.
 * @param secret as Resend shows it, `whsec_…`
 * @param body the bytes as they came, before anything read them
 * @param header reads a header of the request by its lower-case name
 */
export function isSignedBySvix(secret: string, body: Buffer, header: (name: string) => string | undefined): boolean {
  const headers = Object.fromEntries(
    ['id', 'timestamp', 'signature'].map((part) => [`webhook-${part}`, header(`svix-${part}`) ?? '']),
  );
  // Bytes that are no text would be read as other ones.
  if (!Buffer.from(body.toString()).equals(body)) return false;
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
