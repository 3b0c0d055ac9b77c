// Names as exports write them, and an id for people whose program gives none.
import { createHash } from 'node:crypto';

export interface PersonName {
  first_name?: string;
  last_name?: string;
}

const company =
  /\b(?:llc|inc|ltd|corp|co|company|hoa|church|school|properties|management|gmbh|group|association)\b\.?/i;

const longest = 100;

/** In one line, not longer than we keep. */
function tidy(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, longest);
}

function named(first: string, last: string): PersonName {
  return { ...(first === '' ? {} : { first_name: first }), ...(last === '' ? {} : { last_name: last }) };
}

/** `Ann Lee`, `Lee, Ann`, `Ann & Bob Lee`; a firm has no first name, so that nobody is greeted as "Acme". */
export function splitName(text: string): PersonName {
  const name = tidy(text);
  if (company.test(name)) return named('', name);
  const reversed = /^([^,]+),\s*(.+)$/.exec(name);
  if (reversed !== null) return named(tidy(reversed[2] ?? ''), tidy(reversed[1] ?? ''));
  const words = name.split(' ');
  const cut = /\s(?:&|and|\+)\s/i.test(name) ? words.length - 1 : 1;
  return named(words.slice(0, Math.max(cut, 1)).join(' '), words.slice(Math.max(cut, 1)).join(' '));
}

/** The name from two columns, or else from one. */
export function personName(first: string, last: string, whole: string): PersonName {
  const both = named(tidy(first), tidy(last));
  return both.first_name !== undefined || both.last_name !== undefined ? both : splitName(whole);
}

/** The same person on several rows has the same one: from the name and the address, kept as a hash. */
export function derivedId(name: PersonName, email: string | null, phone: string | null): string {
  const text = [name.first_name ?? '', name.last_name ?? '', phone ?? email ?? ''].join('\n').toLowerCase();
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
