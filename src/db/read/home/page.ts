// Pages of a list, newest first. A cursor names the last row of a page by all that the list is sorted by, so that rows with
// equal moments are neither lost nor shown twice, whatever was added meanwhile.
import type { Page } from '../../../engine/home.ts';
import { TouchlineError } from '../../../errors.ts';

/** Rows on a page. */
export const pageSize = 50;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text can be the id of anything; what cannot is as unknown as an id that names nothing. */
export function isId(text: string): boolean {
  return uuid.test(text);
}

/** `at` in whole microseconds since 1970, as a Date would lose the last three digits; then the ids. */
export type Key = readonly [at: string, id: string, ...more: string[]];

const micros = /^-?\d{1,17}$/;
const number = /^\d{1,5}$/;

function isKey(value: unknown): value is Key {
  if (!Array.isArray(value) || !value.every((part) => typeof part === 'string')) return false;
  const [at = '', id = '', ...more] = value;
  return micros.test(at) && isId(id) && more.every((part) => number.test(part));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads a cursor.
 * @param parts how many the list's key has
 * @throws TouchlineError `invalid_argument`
 */
export function readCursor(cursor: string | null, parts: number): Key | null {
  if (cursor === null) return null;
  const key = parsed(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (isKey(key) && key.length === parts) return key;
  throw new TouchlineError('TL402', {
    what: 'There is no such page of the list.',
    why: 'The cursor was not made by this list.',
    fix: 'Begin at the first page, without a cursor.',
  });
}

/** One page out of the rows that were found, one more than fit where there is a further page. */
export function pageOf<Row, Shown>(
  found: readonly Row[],
  keyOf: (row: Row) => Key,
  show: (row: Row) => Shown,
  size = pageSize,
): Page<Shown> {
  const rows = found.slice(0, size);
  const last = rows.at(-1);
  const isLast = found.length <= size || last === undefined;
  const nextCursor = isLast ? null : Buffer.from(JSON.stringify(keyOf(last))).toString('base64url');
  return { rows: rows.map(show), nextCursor };
}
