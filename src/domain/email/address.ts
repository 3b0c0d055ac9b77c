// Which addresses and header values may be handed to a mail server. Stricter than the standards on purpose: what nobody needs
// (quoted local parts, comments, address literals, several addresses) is how extra recipients and headers are smuggled in.

const localPart = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const label = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;

/** Whether the text is exactly one plain address, `name@example.com`, within the lengths of RFC 5321. */
export function isPlainAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || text.length > 254 || local.length > 64 || !localPart.test(local)) return false;
  return domain.split('.').every((part) => label.test(part));
}

/** Whether the text has a character that could end a header line or a command. */
export function hasControls(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text);
}

/** What follows the @. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
