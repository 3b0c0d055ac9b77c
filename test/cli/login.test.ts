// `touchline login`: the link signs in whoever owns what the command line made.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession, sessionUserId } from '../../src/db/call/sessions.ts';
import { withRole } from '../../src/db/client.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type Program, programOn } from './run.ts';

interface Login {
  url: string;
  user_id: string;
  expires_at: string;
}

let database: TestDatabase;
let program: Program;

beforeAll(async () => {
  database = await testDatabase('cli_login');
  program = programOn(database.url);
});
afterAll(() => database.drop());

test('the link signs in the owner of a business that was added for nobody in particular', async () => {
  const add = ['business', 'add', '--name', 'Bright Roofs', '--time-zone', 'America/Chicago'];
  const { business } = await program.json<{ business: { user_id: string } }>(add);
  const { url, user_id } = await program.json<Login>(['login']);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4000\/sign-in\/[\w-]{43}$/);
  expect(user_id).toBe(business.user_id);

  const token = url.split('/').at(-1) ?? '';
  const signedIn = await withRole(database.pool, { role: 'service_role' }, async (client) => {
    const answer = await openSession(client, token);
    return answer.outcome === 'opened' ? await sessionUserId(client, answer.token) : answer.outcome;
  });
  expect(signedIn).toBe(user_id);
});

test('text is the link alone, the talk says how long it works', async () => {
  const ran = await program.run(['login'], { env: { PUBLIC_URL: 'https://follow-up.example.com/', PORT: '9' } });
  expect(ran.out).toMatch(/^https:\/\/follow-up\.example\.com\/sign-in\/[\w-]{43}\n$/);
  expect(ran.err).toContain('15 minutes');
});

test.each([
  [{ HOST: '0.0.0.0', PORT: '4001' }, 'http://localhost:4001/'],
  [{ HOST: '::1', PORT: '4001' }, 'http://[::1]:4001/'],
])('%j: the link begins with %s', async (env, base) => {
  expect((await program.run(['login'], { env })).out.startsWith(base)).toBe(true);
});

test('a user by id or by email', async () => {
  const id = '01980000-0000-7000-8000-000000000001';
  expect((await program.json<Login>(['login', '--user', id])).user_id).toBe(id);
  const { user_id } = await program.json<Login>(['login', '--email', 'ann@example.com']);
  const { rows } = await database.query('select id from touchline.users where email = $1', ['ann@example.com']);
  expect(rows).toEqual([{ id: user_id }]);
});

test.each([
  [['--user', 'ann'], /must be the id \(uuid\) of a user/],
  [['--email', 'ann'], /not an email address/],
  [['--email', 'a@example.com', '--user', '01980000-0000-7000-8000-000000000001'], /cannot be used with/],
])('touchline login %j is refused', async (args, words) => {
  const ran = await program.run(['login', ...args]);
  expect([ran.code, ran.out]).toEqual([2, '']);
  expect(ran.err).toMatch(words);
});
