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

const keyIn = (cursor: string): unknown => parsed(Buffer.from(cursor, 'base64url').toString('utf8'));

function noSuchPage(): TouchlineError {
  return new TouchlineError('TL402', {
    what: 'There is no such page of the list.',
    why: 'The cursor was not made by this list.',
    fix: 'Begin at the first page, without a cursor.',
  });
}

/**
 * Reads a cursor.
 * @param parts how many the list's key has
 * @throws TouchlineError `invalid_argument`
 */
export function readCursor(cursor: string | null, parts: number): Key | null {
  if (cursor === null) return null;
  const key = keyIn(cursor);
  if (isKey(key) && key.length === parts) return key;
  throw noSuchPage();
}

/**
 * Reads the cursor of a list by name and id.
 * @throws TouchlineError `invalid_argument`
 */
export function readNameCursor(cursor: string | null): readonly [name: string, id: string] | null {
  if (cursor === null) return null;
  const key = keyIn(cursor);
  if (Array.isArray(key) && key.length === 2 && typeof key[0] === 'string' && isId(String(key[1]))) {
    return [key[0], String(key[1])];
  }
  throw noSuchPage();
}

/** One page out of the rows that were found, one more than fit where there is a further page. */
export function pageOf<Row, Shown>(
  found: readonly Row[],
  keyOf: (row: Row) => readonly string[],
  show: (row: Row) => Shown,
  size = pageSize,
): Page<Shown> {
  const rows = found.slice(0, size);
  const last = rows.at(-1);
  const isLast = found.length <= size || last === undefined;
  const nextCursor = isLast ? null : Buffer.from(JSON.stringify(keyOf(last))).toString('base64url');
  return { rows: rows.map(show), nextCursor };
}
