// A verifier of DKIM signatures (RFC 6376, relaxed/relaxed, rsa-sha256), written for itself so that the signer is not its own judge.
import { createHash, createVerify } from 'node:crypto';

interface Header {
  name: string;
  /** With the name, as it stands in the mail, folded. */
  line: string;
}

function split(raw: string): { headers: Header[]; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw.slice(0, end).split(/\r\n(?![ \t])/);
  const headers = lines.map((line) => ({ name: line.slice(0, line.indexOf(':')).trim().toLowerCase(), line }));
  return { headers, body: raw.slice(end + 4) };
}

/** Section 3.4.2: name in lower case, unfolded, runs of blanks one, none at the ends. */
function relaxedHeader({ name, line }: Header): string {
  const value = line
    .slice(line.indexOf(':') + 1)
    .replaceAll('\r\n', '')
    .replaceAll(/[ \t]+/g, ' ')
    .trim();
  return `${name}:${value}`;
}

/** Section 3.4.4: no blanks at line ends, runs of blanks one, no empty lines at the end. */
function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replaceAll(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (lines.at(-1) === '') lines.pop();
  return lines.map((line) => `${line}\r\n`).join('');
}

function tagsOf(signature: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const part of signature.split(';')) {
    const at = part.indexOf('=');
    if (at > 0) tags.set(part.slice(0, at).trim(), part.slice(at + 1).replaceAll(/\s/g, ''));
  }
  return tags;
}

/** The headers that h= names, from the bottom of the mail upwards, then the signature without its own value. */
function signedText(headers: readonly Header[], names: readonly string[], signature: Header): string {
  const left = new Map<string, Header[]>();
  for (const header of headers) left.set(header.name, [...(left.get(header.name) ?? []), header]);
  const lines = names.flatMap((name) => {
    const header = left.get(name)?.pop();
    return header === undefined ? [] : [relaxedHeader(header)];
  });
  const own = relaxedHeader({ name: signature.name, line: signature.line.replace(/([;:\s]b=)[^;]*/, '$1') });
  return [...lines, own].join('\r\n');
}

const mustBeSigned = ['from', 'subject', 'to', 'message-id', 'list-unsubscribe', 'list-unsubscribe-post'];

/**
 * What is wrong with the signature of a mail; empty when nothing is.
 * @param raw one character per byte
 * @param publicKey PEM
 */
export function dkimProblems(raw: string, publicKey: string, domain: string): string[] {
  const { headers, body } = split(raw);
  const signature = headers.find(({ name }) => name === 'dkim-signature');
  if (signature === undefined) return ['not signed'];
  const tags = tagsOf(signature.line.slice(signature.line.indexOf(':') + 1));
  const expected = { a: 'rsa-sha256', c: 'relaxed/relaxed', d: domain };
  const problems = Object.entries(expected)
    .filter(([tag, value]) => tags.get(tag) !== value)
    .map(([tag, value]) => `${tag}=${tags.get(tag)}, not ${value}`);
  const names = (tags.get('h') ?? '').toLowerCase().split(':');
  const unsigned = mustBeSigned.filter((name) => !names.includes(name));
  if (unsigned.length > 0) problems.push(`h= leaves out ${unsigned.join(', ')}`);
  const bodyHash = createHash('sha256').update(relaxedBody(body), 'latin1').digest('base64');
  if (tags.get('bh') !== bodyHash) problems.push('the body is not the one that was signed');
  const text = Buffer.from(signedText(headers, names, signature), 'latin1');
  const verifies = createVerify('rsa-sha256')
    .update(text)
    .verify(publicKey, tags.get('b') ?? '', 'base64');
  if (!verifies) problems.push('the headers are not the ones that were signed');
  return problems;
}
