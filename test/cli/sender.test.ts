// `touchline sender`: accounts of businesses, and what leaves through them; secrets go in and never come out (issue of trust, S25).
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { JobAnswer } from '../../src/db/call/jobs.ts';
import type { SenderAccountShown } from '../../src/db/read/senders.ts';
import { secretBox } from '../../src/domain/secret-box.ts';
import type { TickReport } from '../../src/engine/tick.ts';
import { isPublicAddress } from '../../src/senders/smtp/public-host.ts';
import { authToken, type CleanUp, cleanUpAll, fakeResend, fakeTwilio, ourNumber, sid } from '../senders/fakes.ts';
import { catchAll } from '../senders/mail-server.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { document, type Failure, type Program, programOn } from './run.ts';

const done = '2026-03-02T15:00:00Z';
const dayLater = (days: number): string => new Date(Date.parse(done) + days * 86_400_000).toISOString();
const firstSecret = 'the first secret, of more than thirty-two characters';
const secondSecret = 'the second secret, of more than thirty-two characters';
const canary = 'CANARY-c0ffee-secret';

let database: TestDatabase;
let touchline: Program;
let folder: string;
const cleanUp: CleanUp = [];
/** Everything that commands said. */
let said = '';

beforeAll(async () => {
  database = await testDatabase({ name: 'cli_sender', virtualClock: true });
  folder = await mkdtemp(join(tmpdir(), 'touchline-sender-'));
  touchline = programOn(database.url);
  const profile = ['--postal-address', '1 Main Street, Springfield', '--review-url', 'https://reviews.example.com/ann'];
  await touchline.json(['business', 'add', '--name', "Ann's Plumbing", '--time-zone', 'UTC', ...profile]);
  await touchline.json(['campaign', 'copy', 'gentle']);
  await touchline.json(['campaign', 'publish', 'Gentle']);
});
afterEach(() => cleanUpAll(cleanUp));
afterAll(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

const env: Record<string, string> = { TOUCHLINE_SECRET: firstSecret, PUBLIC_URL: 'https://follow-up.example.test' };

async function fileOf(text: string): Promise<string> {
  const path = join(folder, `${Math.random()}.txt`);
  await writeFile(path, `${text}\n`);
  return path;
}

async function run(args: string[], more: Record<string, string> = {}): ReturnType<Program['run']> {
  const ran = await touchline.run([...args, '--json'], { env: { ...env, ...more } });
  said += `${ran.out}\n${ran.err}\n`;
  return ran;
}

async function account(args: string[], more: Record<string, string> = {}): Promise<SenderAccountShown> {
  const ran = await run(['sender', ...args], more);
  expect([ran.code, ran.err]).toEqual([0, '']);
  return document<{ account: SenderAccountShown }>(ran).account;
}

async function refusal(args: string[], more: Record<string, string> = {}): Promise<Failure['error']> {
  return document<Failure>(await run(['sender', ...args], more)).error;
}

async function list(): Promise<SenderAccountShown[]> {
  return document<{ accounts: SenderAccountShown[] }>(await run(['sender', 'list'])).accounts;
}

const inUse = async (channel = 'email'): Promise<SenderAccountShown | undefined> =>
  (await list()).find((one) => one.channel === channel && one.in_use);

async function complete(job: string): Promise<void> {
  const customer = ['--customer', `of-${job}`, '--first-name', 'Zoë', '--email', `${job}@example.test`];
  const args = ['job', 'complete', job, ...customer, '--completed-at', done, '--now', done];
  await touchline.json<JobAnswer>(args);
}

async function tick(days: number, more: Record<string, string> = {}): Promise<TickReport> {
  return document<TickReport>(await run(['tick', '--now', dayLater(days)], more));
}

describe('an account of a business', () => {
  test('is there from the first moment: the server’s own, for both channels', async () => {
    expect(await list()).toMatchObject([
      { channel: 'email', kind: 'server_default', in_use: true, status: 'active' },
      { channel: 'sms', kind: 'server_default', in_use: true, status: 'active' },
    ]);
  });

  test('at Resend sends what is due with its own key, and the server’s own key is not touched', async () => {
    const fake = await fakeResend(cleanUp, { apiKey: `re_${canary}` });
    const urls = { RESEND_URL: fake.url };
    const key = await fileOf(`re_${canary}`);
    const added = await account([
      'add',
      'resend',
      '--name',
      'Ours',
      '--from',
      'ann@plumbing.example',
      '--secret-file',
      key,
    ]);
    expect(added).toMatchObject({
      kind: 'resend',
      in_use: true,
      has_secret: true,
      from_address: 'ann@plumbing.example',
    });
    expect(await run(['sender', 'check', 'Ours'], urls)).toMatchObject({ code: 0 });
    await complete('by-resend');
    expect((await tick(1, urls)).outcomes).toEqual({ accepted: 1 });
    expect(fake.accepted).toMatchObject([
      { to: ['by-resend@example.test'], from: '"Ann\'s Plumbing" <ann@plumbing.example>' },
    ]);
    const { rows } = await database.query<{ provider: string; sender_account_id: string }>(
      'select provider, sender_account_id from touchline.send_logs',
    );
    expect(rows).toEqual([{ provider: 'resend', sender_account_id: added.id }]);
  });

  test('whose key is turned away pauses with the provider’s words, and leaves at once when it has a better one', async () => {
    const fake = await fakeResend(cleanUp, { apiKey: 're_new' });
    const urls = { RESEND_URL: fake.url };
    await complete('turned-away');
    expect((await tick(1.01, urls)).outcomes).toEqual({ account_error: 1 });
    expect(await inUse()).toMatchObject({ status: 'paused', pause_reason: 'API key is invalid' });
    expect(await run(['sender', 'check', 'Ours'], urls)).toMatchObject({ code: 1 });
    await account(['set', 'Ours', '--secret-file', await fileOf('re_new')]);
    expect(await inUse()).toMatchObject({ status: 'active', pause_reason: null });
    expect((await tick(1.02, urls)).outcomes).toEqual({ accepted: 1 });
  });

  test('that a person paused sends nothing until it is resumed', async () => {
    const fake = await fakeResend(cleanUp, { apiKey: 're_new' });
    await account(['pause', 'Ours', '--reason', 'Holiday']);
    await complete('waits');
    expect((await tick(1.03, { RESEND_URL: fake.url })).claimed).toBe(0);
    expect(await inUse()).toMatchObject({ status: 'paused', pause_reason: 'Holiday', paused_until: null });
    await account(['set', 'Ours', '--rate-per-hour', '100000']);
    expect(await inUse()).toMatchObject({ status: 'paused', rate_per_hour: 100_000 });
    await account(['resume', 'Ours']);
    expect((await tick(1.04, { RESEND_URL: fake.url })).outcomes).toEqual({ accepted: 1 });
  });

  test('at a mail server of this machine sends on a database of made-up time; removed, it is forgotten', async () => {
    const server = await catchAll();
    cleanUp.push(() => server.close());
    const mail = await account([
      'add',
      'smtp',
      '--name',
      'Mail',
      '--host',
      '127.0.0.1',
      '--port',
      '2525',
      '--from',
      'ann@plumbing.example',
    ]);
    expect(await inUse()).toMatchObject({ id: mail.id, settings: { host: '127.0.0.1', port: 2525 } });
    await database.query('update touchline.sender_accounts set settings = settings || $1 where id = $2', [
      JSON.stringify({ port: server.server.port }),
      mail.id,
    ]);
    await complete('by-mail');
    expect((await tick(1.05)).outcomes).toEqual({ accepted: 1 });
    expect(server.received[0]?.mail.from?.address).toBe('ann@plumbing.example');
    await account(['remove', 'Mail']);
    expect(await inUse()).toMatchObject({ kind: 'server_default' });
    expect((await list()).find(({ id }) => id === mail.id)).toMatchObject({ in_use: false, has_secret: false });
    expect(await account(['set', 'Ours', '--use'])).toMatchObject({ in_use: true });
  });
});

describe('the server’s own accounts', () => {
  test('send email by Resend where there is no mail server, and SMS by Twilio', async () => {
    const resend = await fakeResend(cleanUp, { apiKey: 're_server' });
    const twilio = await fakeTwilio(cleanUp);
    const settings = {
      ...{ RESEND_API_KEY: 're_server', RESEND_FROM: 'hello@server.example', RESEND_URL: resend.url },
      ...{ TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: ourNumber, TWILIO_URL: twilio.url },
    };
    const [email] = (await list()).filter(({ kind, channel }) => kind === 'server_default' && channel === 'email');
    const own = await inUse('sms');
    await account(['set', email?.id ?? '', '--use']);
    await complete('by-server');
    expect((await tick(1.06, settings)).outcomes).toEqual({ accepted: 1 });
    expect(resend.accepted[0]?.from).toContain('<hello@server.example>');
    expect(await run(['sender', 'check', own?.id ?? ''], settings)).toMatchObject({ code: 0 });
    expect(await run(['sender', 'check', own?.id ?? ''])).toMatchObject({ code: 1 });
  });

  test.each([
    [{ RESEND_API_KEY: 're_x' }, 'provider_refused'],
    [{ TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: 'x', TWILIO_FROM: ourNumber }, 'provider_refused'],
    [{ TWILIO_AUTH_TOKEN: 'x' }, 'config_invalid'],
    [{ RESEND_URL: 'https://api.example.com' }, 'config_invalid'],
    [{ TWILIO_URL: 'http://127.0.0.1.evil.example' }, 'config_invalid'],
  ])('settings %j are refused before anything is claimed', async (changes, code) => {
    expect(document<Failure>(await run(['tick', '--now', dayLater(2)], changes)).error.code).toBe(code);
  });
});

describe('what cannot be', () => {
  test.each<[string[], string]>([
    [['add', 'smtp'], 'usage'],
    [['add', 'resend'], 'usage'],
    [['add', 'smtp', '--host', 'mail.example.com', '--from', 'a@b.example, c@d.example'], 'invalid_argument'],
    [['add', 'smtp', '--host', 'http://mail.example.com'], 'invalid_argument'],
    [['set', 'nobody', '--name', 'x'], 'not_found'],
    [['set', 'Ours'], 'usage'],
    [['set', 'Ours', '--host', 'mail.example.com'], 'invalid_argument'],
    [['remove', 'nobody'], 'not_found'],
  ])('%j', async (args, code) => {
    const before = await list();
    expect((await refusal(args)).code).toBe(code);
    expect(await list()).toEqual(before);
  });

  test('the server’s own account stays', async () => {
    expect((await refusal(['remove', (await inUse('sms'))?.id ?? ''])).code).toBe('invalid_argument');
  });

  test('a secret is refused without a key to seal it with', async () => {
    const args = ['add', 'resend', '--secret-file', await fileOf('re_x')];
    expect((await refusal(args, { TOUCHLINE_SECRET: '' })).code).toBe('secret_impossible');
  });

  test('a mail server in the network of this server is no mail server of a business', () => {
    const inside = ['127.0.0.1', '10.1.2.3', '169.254.169.254', '172.31.0.1', '192.168.1.1', '100.64.0.1', '0.0.0.0'];
    const mapped = [
      '::1',
      '::',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      'fd00::1',
      'fe80::1',
      '64:ff9b::a00:1',
      '2002:a00:1::',
    ];
    for (const address of [...inside, ...mapped, '224.0.0.1', '255.255.255.255', 'mail']) {
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
    }
    for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111', '2a00:1450::1']) {
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
    }
  });
});

describe('secrets', () => {
  const sealed = async (): Promise<{ business_id: string; id: string; ciphertext: Buffer; key_id: string }[]> => {
    const { rows } = await database.query<{ business_id: string; id: string; ciphertext: Buffer; key_id: string }>(
      `select business_id, id, secret_ciphertext as ciphertext, secret_key_id as key_id from touchline.sender_accounts
       where secret_key_id is not null`,
    );
    return rows;
  };

  test('are sealed anew with a new key, all or none, and go on to work', async () => {
    await account([
      'set',
      'Ours',
      '--secret-file',
      await fileOf(`re_${canary}`),
      '--webhook-secret-file',
      await fileOf('whsec_QUFB'),
      '--use',
    ]);
    const [before] = await sealed();
    const both = { TOUCHLINE_SECRET: secondSecret, TOUCHLINE_OLD_SECRETS: firstSecret.replaceAll(' ', '_') };
    expect((await refusal(['rotate-secrets'], both)).code).toBe('secret_unreadable');
    expect(await sealed()).toEqual([before]);
    // A secret with spaces cannot stand in the list of old ones: it is the current one once more, and the others are moved to it.
    const owner = { businessId: before?.business_id ?? '', senderAccountId: before?.id ?? '' };
    const old = secretBox('old-secret-of-more-than-thirty-two-characters');
    const text = secretBox(firstSecret).open(owner, {
      keyId: before?.key_id ?? '',
      ciphertext: before?.ciphertext ?? Buffer.alloc(0),
    });
    expect(JSON.parse(text ?? '')).toEqual({ key: `re_${canary}`, webhook_secret: 'whsec_QUFB' });
    const moved = old.seal(owner, text ?? '');
    await database.query(
      'update touchline.sender_accounts set secret_ciphertext = $1, secret_key_id = $2 where id = $3',
      [moved.ciphertext, moved.keyId, owner.senderAccountId],
    );
    const ran = await run(['sender', 'rotate-secrets'], {
      TOUCHLINE_OLD_SECRETS: 'old-secret-of-more-than-thirty-two-characters',
    });
    expect(document(ran)).toEqual({ resealed: 1 });
    const fake = await fakeResend(cleanUp, { apiKey: `re_${canary}` });
    expect(await run(['sender', 'check', 'Ours'], { RESEND_URL: fake.url })).toMatchObject({ code: 0 });
    expect(document(await run(['sender', 'rotate-secrets']))).toEqual({ resealed: 0 });
  });

  test('do not open in another account, in another business, when a bit is changed, or with another key', async () => {
    const [row] = await sealed();
    const box = secretBox(firstSecret);
    const owner = { businessId: row?.business_id ?? '', senderAccountId: row?.id ?? '' };
    const one = { keyId: row?.key_id ?? '', ciphertext: row?.ciphertext ?? Buffer.alloc(0) };
    expect(box.open(owner, one)).toContain(canary);
    expect(box.open({ ...owner, senderAccountId: owner.businessId }, one)).toBeUndefined();
    expect(box.open({ ...owner, businessId: owner.senderAccountId }, one)).toBeUndefined();
    for (let place = 0; place < one.ciphertext.length; place += 1) {
      const ciphertext = Buffer.from(one.ciphertext);
      ciphertext[place] = (ciphertext[place] ?? 0) ^ 1;
      expect(box.open(owner, { ...one, ciphertext })).toBeUndefined();
      expect(box.open(owner, { ...one, ciphertext: one.ciphertext.subarray(0, place) })).toBeUndefined();
    }
    expect(secretBox(secondSecret).open(owner, one)).toBeUndefined();
    expect(box.seal(owner, 'x').ciphertext).not.toEqual(box.seal(owner, 'x').ciphertext);
  });

  test('that do not open pause the account, and say what is wrong', async () => {
    await complete('sealed');
    const report = await tick(1.07, { TOUCHLINE_SECRET: secondSecret });
    expect(report.outcomes).toEqual({ account_error: 1 });
    expect((await inUse())?.pause_reason).toContain('TOUCHLINE_SECRET is another one');
    await account(['resume', 'Ours']);
  });

  test('are in no answer, no error, no setting and no row, readable', async () => {
    const fake = await fakeResend(cleanUp, { apiKey: 're_other' });
    await tick(1.08, { RESEND_URL: fake.url });
    await run(['sender', 'list']);
    await run(['doctor']);
    await run(['config'], {
      RESEND_API_KEY: `re_${canary}`,
      TWILIO_AUTH_TOKEN: canary,
      RESEND_WEBHOOK_SECRET: 'whsec_Q0FOQVJZ',
    });
    await run(['sender', 'set', 'Ours', '--secret-file', await fileOf(canary), '--host', 'x']);
    await run(['sender', 'set', 'Ours', '--webhook-secret-file', await fileOf(canary)]);
    await run(['tick', '--now', dayLater(1.09)], { TWILIO_AUTH_TOKEN: canary });
    expect(said).not.toContain(canary);
    expect(said).not.toContain('whsec_Q0FOQVJZ');
    const tables = await database.query<{ name: string }>(
      `select c.relname as name from pg_catalog.pg_class c where c.relnamespace = 'touchline'::regnamespace and c.relkind = 'r'`,
    );
    for (const { name } of tables.rows) {
      const { rows } = await database.query(`select t::text from touchline.${name} t where t::text like $1`, [
        `%${canary}%`,
      ]);
      expect([name, rows]).toEqual([name, []]);
    }
  });
});
