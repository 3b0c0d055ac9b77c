// `touchline keys` and `touchline mailbox`: what a developer needs beside the API.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiOn, newJob, sendIntoMailbox } from '../http/api-support.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { document, type Failure, type Program, programOn } from './run.ts';

interface Made {
  key: string;
  id: string;
  business_id: string;
  scopes: string[];
}

interface Listed {
  keys: { id: string; name: string; last4: string; scopes: string[]; revoked_at: string | null }[];
}

const add = (name: string): string[] => [
  ...['business', 'add', '--name', name, '--time-zone', 'America/New_York', '--email-windows', 'always'],
  ...['--postal-address', '1 Main Street, Hudson', '--review-url', 'https://example.test/review'],
];

let database: TestDatabase;
let touchline: Program;
let api: ReturnType<typeof apiOn>;

beforeAll(async () => {
  database = await testDatabase('cli_keys');
  touchline = programOn(database.url);
  api = apiOn(database.url);
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

describe('a business that is ready in two commands', () => {
  test('is open at all hours, and its campaign is live', async () => {
    const { business } = await touchline.json<{ business: { sending_windows: object[] } }>(add("Ann's Plumbing"));
    const email = business.sending_windows.filter((window) => 'channel' in window && window.channel === 'email');
    expect(email).toHaveLength(7);
    expect(email[0]).toMatchObject({ opens: '00:00', closes: '24:00' });
    const { code, err, out } = await touchline.run(['campaign', 'copy', 'gentle', '--publish']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('active');
  });
});

describe('a key', () => {
  test('is printed once and alone, so that a shell can take it', async () => {
    const { code, out, err } = await touchline.run(['keys', 'create']);
    expect([code, out]).toEqual([0, expect.stringMatching(/^tl_live_[\w-]{43}\n$/)]);
    expect(err).toMatch(
      /^Keep it like a password; only its hash is here\. touchline keys revoke [0-9a-f-]{36} ends it\.\n$/,
    );
    expect((await api.ask('GET', '/api/v1/mailbox', { key: out.trim() })).status).toBe(200);
  });

  test('is listed without its secret, with its scopes, and revoked', async () => {
    const made = await touchline.json<Made>(['keys', 'create', '--name', 'Shop', '--scopes', 'read']);
    expect(made.scopes).toEqual(['read']);
    const { keys } = await touchline.json<Listed>(['keys', 'list']);
    expect(keys[0]).toMatchObject({ id: made.id, name: 'Shop', last4: made.key.slice(-4), revoked_at: null });
    expect(JSON.stringify(keys)).not.toContain(made.key.slice(8, -4));
    expect((await touchline.run(['keys', 'list'])).out).toContain(`tl_live_…${made.key.slice(-4)}`);
    expect((await touchline.run(['keys', 'revoke', made.id])).out).toBe('Revoked.\n');
    expect((await touchline.run(['keys', 'revoke', made.id])).out).toBe('It was revoked already.\n');
    expect((await api.ask('GET', '/api/v1/mailbox', { key: made.key })).status).toBe(401);
  });

  test.each([
    [['create', '--scopes', 'wirte'], 2, 'There is no scope "wirte". Did you mean write?'],
    [['create', '--name', ' '], 2, 'The key needs a name. Allowed: 1 to 100 characters.'],
    [['revoke', '7'], 2, '"7" is not the id of a key.'],
    [['revoke', '01a2119b-e55a-762f-8de6-772051a6ef38'], 1, 'There is no such key.'],
  ])('%j is refused', async (args, code, says) => {
    const ran = await touchline.run(['keys', ...args]);
    expect([ran.code, ran.err]).toEqual([code, expect.stringContaining(says)]);
  });
});

describe('the mailbox', () => {
  test('is empty, then lists the latest and shows one as its customer reads it', async () => {
    expect((await touchline.run(['mailbox'])).out).toBe('The mailbox is empty.\n');
    const { key } = await touchline.json<Made>(['keys', 'create']);
    const customer = { external_id: 'sam', first_name: 'Sam', email: 'sam@example.test' };
    expect((await api.ask('POST', '/api/v1/jobs', { key, body: newJob({ customer }) })).status).toBe(201);
    await sendIntoMailbox(database);
    const { messages } = await touchline.json<{ messages: { id: string; recipient: string }[] }>(['mailbox']);
    expect(messages).toMatchObject([{ recipient: 'sam@example.test' }]);
    expect((await touchline.run(['mailbox'])).out).toMatch(/^ACCEPTED +BY +TO +MESSAGE +ID\n.*sam@example\.test/);
    const shown = await touchline.run(['mailbox', 'show', messages[0]?.id ?? '']);
    expect(shown.out).toMatch(/^From: .*\nTo: sam@example\.test\nDate: .*\nSubject: .*\n\n/);
    expect(shown.out).toContain('Hi Sam,');
    const whole = await touchline.json<{ message: { html: string } }>(['mailbox', 'show', messages[0]?.id ?? '']);
    expect(whole.message.html).toContain('<html');
  });

  test.each(['7', '01a2119b-e55a-762f-8de6-772051a6ef38.1', '01a2119b-e55a-762f-8de6-772051a6ef38.9999'])(
    'of %s says that there is no such message',
    async (id) => {
      const ran = await touchline.run(['mailbox', 'show', id, '--json']);
      expect([ran.code, document<Failure>(ran).error.code]).toEqual([1, 'not_found']);
    },
  );

  test('of one business is not that of another', async () => {
    await touchline.json(add('Bob Electric'));
    const ran = await touchline.run(['mailbox']);
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('Which business? There are 2')]);
    expect(await touchline.json(['mailbox', '--business', 'Bob Electric'])).toEqual({
      messages: [],
      next_cursor: null,
    });
  });
});
