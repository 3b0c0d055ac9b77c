// Signing in to the pages: a link opens a session once and for a time, and the database holds nothing anybody could sign in with.
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addLoginLink, endSession, ensureUser, openSession, sessionUserId } from '../../src/db/call/sessions.ts';
import { withRole } from '../../src/db/client.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const ann = '01980000-0000-7000-8000-0000000000a1';
const morning = new Date('2026-03-04T09:00:00Z');
const later = (minutes: number): Date => new Date(morning.getTime() + minutes * 60_000);
const days = (count: number): number => count * 24 * 60;

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase({ name: 'sign_in', virtualClock: true });
});
afterAll(() => database.drop());

const operator = <T>(work: Parameters<typeof withRole<T>>[2]): Promise<T> =>
  withRole(database.pool, { role: 'service_role' }, work);
const hash = (): Buffer => randomBytes(32);

async function add(link: Buffer, now: Date): Promise<Date> {
  return operator(async (client) => {
    const { rows } = await client.query('select touchline.add_login_link($1, $2, $3) as at', [link, ann, now]);
    return rows[0].at;
  });
}

async function open(link: Buffer, session: Buffer, now: Date): Promise<{ outcome: string; ends_at: Date | null }> {
  return operator(async (client) => {
    const { rows } = await client.query('select * from touchline.open_session($1, $2, $3)', [link, session, now]);
    return rows[0];
  });
}

async function whose(session: Buffer, now: Date): Promise<string | null> {
  return operator(async (client) => {
    const { rows } = await client.query('select touchline.session_user_id($1, $2) as id', [session, now]);
    return rows[0].id;
  });
}

describe('a login link', () => {
  test('opens a session once; the second click is told that it was used', async () => {
    const [link, first, second] = [hash(), hash(), hash()];
    expect(await add(link, morning)).toEqual(later(15));
    expect(await open(link, first, later(14))).toEqual({ outcome: 'opened', ends_at: later(14 + days(30)) });
    expect(await open(link, second, later(14))).toEqual({ outcome: 'used', ends_at: null });
    expect([await whose(first, later(20)), await whose(second, later(20))]).toEqual([ann, null]);
  });

  test('clicked twice at the same moment opens one session', async () => {
    const link = hash();
    await add(link, morning);
    const answers = await Promise.all([1, 2, 3, 4].map(() => open(link, hash(), later(1))));
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['opened', 'used', 'used', 'used']);
  });

  test('is too old after 15 minutes, says so for a day, and is forgotten then', async () => {
    const link = hash();
    await add(link, morning);
    expect(await open(link, hash(), later(15))).toEqual({ outcome: 'expired', ends_at: null });
    await add(hash(), later(days(2)));
    expect(await open(link, hash(), later(days(2)))).toEqual({ outcome: 'unknown', ends_at: null });
  });

  test('nobody made opens nothing', async () => {
    expect(await open(hash(), hash(), morning)).toEqual({ outcome: 'unknown', ends_at: null });
  });

  const refused: [string, unknown[]][] = [
    ["select touchline.add_login_link('short', $1)", [ann]],
    ["select touchline.add_login_link(sha256('x'), $1)", [null]],
    ["select touchline.open_session($1, 'short')", [hash()]],
  ];
  test.each(refused)('%s is refused', async (sql, parameters) => {
    await expect(operator((client) => client.query(sql, parameters))).rejects.toMatchObject({ code: 'TL402' });
  });
});

describe('a session', () => {
  test('lasts 30 days', async () => {
    const [link, session] = [hash(), hash()];
    await add(link, morning);
    await open(link, session, morning);
    expect(await whose(session, later(days(30) - 1))).toBe(ann);
    expect(await whose(session, later(days(30)))).toBeNull();
  });

  test('ends when it is told to', async () => {
    const answer = await operator(async (client) => openSession(client, (await addLoginLink(client, ann)).token));
    if (answer.outcome !== 'opened') throw new Error(answer.outcome);
    const { token } = answer;
    expect(await operator((client) => sessionUserId(client, token))).toBe(ann);
    await operator((client) => endSession(client, token));
    expect(await operator((client) => sessionUserId(client, token))).toBeUndefined();
  });

  test('cannot be opened by whoever reads the database: it keeps hashes, and tokens have 32 random bytes', async () => {
    const { token } = await operator((client) => addLoginLink(client, ann));
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const { rows } = await database.query<{ token_hash: Buffer }>(
      'select token_hash from touchline.login_links where token_hash = $1',
      [createHash('sha256').update(token).digest()],
    );
    expect(rows).toHaveLength(1);
    const shown = rows[0]?.token_hash.toString('base64url') ?? '';
    expect(await operator((client) => openSession(client, shown))).toEqual({ outcome: 'unknown' });
  });
});

describe('a user of the stand-alone server', () => {
  test('is made once; without an email it is the local one', async () => {
    const local = await operator((client) => ensureUser(client));
    expect(await operator((client) => ensureUser(client))).toBe(local);
    expect(await operator((client) => ensureUser(client, ' Owner@LOCALHOST '))).toBe(local);
    expect(await operator((client) => ensureUser(client, 'ann@example.com'))).not.toBe(local);
  });

  test.each(['', 'ann', 'a b@example.com', `${'a'.repeat(250)}@example.com`])('%j is no email', async (email) => {
    await expect(operator((client) => ensureUser(client, email))).rejects.toMatchObject({ code: 'TL402' });
  });

  test('these functions are the operator’s alone', async () => {
    for (const role of ['authenticated', 'touchline_worker', 'anon']) {
      const asked = database.asRole(role, { sub: ann, role }, (client) =>
        client.query('select touchline.ensure_user()'),
      );
      await expect(asked).rejects.toMatchObject({ code: '42501' });
    }
  });
});
