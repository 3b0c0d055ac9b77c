// Calls of the functions that sign people in to the pages. Tokens are made and hashed here and nowhere else; the database keeps only
// what SHA-256 makes of them. All as service_role.
import { createHash, randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';

/** 32 random bytes, as they stand in a link or a cookie. */
const newToken = (): string => randomBytes(32).toString('base64url');

/** Of 32 random bytes a plain hash is enough: nobody guesses them. */
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

export interface IssuedToken {
  token: string;
  expiresAt: Date;
}

/** Makes a link that signs the user in once. */
export async function addLoginLink(client: ClientBase, userId: string): Promise<IssuedToken> {
  const token = newToken();
  const { rows } = await client.query<{ expires_at: Date }>('select touchline.add_login_link($1, $2) as expires_at', [
    hashOf(token),
    userId,
  ]);
  const expiresAt = rows[0]?.expires_at;
  if (expiresAt === undefined) throw new Error('add_login_link answered nothing.');
  return { token, expiresAt };
}

export type SessionAnswer = ({ outcome: 'opened' } & IssuedToken) | { outcome: 'used' | 'expired' | 'unknown' };

/** Uses up a login link. */
export async function openSession(client: ClientBase, linkToken: string): Promise<SessionAnswer> {
  const token = newToken();
  const { rows } = await client.query<{ outcome: SessionAnswer['outcome']; ends_at: Date | null }>(
    'select outcome, ends_at from touchline.open_session($1, $2)',
    [hashOf(linkToken), hashOf(token)],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('open_session answered nothing.');
  if (row.outcome !== 'opened') return { outcome: row.outcome };
  if (row.ends_at === null) throw new Error('open_session opened a session without an end.');
  return { outcome: 'opened', token, expiresAt: row.ends_at };
}

/** Whose session it is; undefined when it is over or never was. */
export async function sessionUserId(client: ClientBase, token: string): Promise<string | undefined> {
  const { rows } = await client.query<{ user_id: string | null }>('select touchline.session_user_id($1) as user_id', [
    hashOf(token),
  ]);
  return rows[0]?.user_id ?? undefined;
}

/** The session is over. */
export async function endSession(client: ClientBase, token: string): Promise<void> {
  await client.query('select touchline.end_session($1)', [hashOf(token)]);
}

/** The id of the stand-alone server's user with this email; made if there is none. Default: the local user. */
export async function ensureUser(client: ClientBase, email: string | null = null): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    email === null ? 'select touchline.ensure_user() as id' : 'select touchline.ensure_user($1) as id',
    email === null ? [] : [email],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('ensure_user answered nothing.');
  return id;
}
