// From a completed job to a mail and back: what arrives at a mail server, and what the link in it does (F32, S24, RFC 8058).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobAnswer } from '../../src/db/call/jobs.ts';
import { unsubscribeTokens } from '../../src/domain/unsubscribe-token.ts';
import type { TickReport } from '../../src/engine/tick.ts';
import { type CatchAll, catchAll, scripted } from '../senders/mail-server.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { document, type Failure, type Program, programOn } from './run.ts';

const done = '2026-03-02T15:00:00Z';
const dayLater = (days: number): string => new Date(Date.parse(done) + days * 86_400_000).toISOString();
const secret = 'a secret of more than thirty-two characters';

let database: TestDatabase;
let touchline: Program;
let server: CatchAll;
let env: Record<string, string>;

beforeAll(async () => {
  database = await testDatabase({ name: 'cli_mail', virtualClock: true });
  server = await catchAll();
  env = {
    SMTP_URL: server.url,
    SMTP_FROM: 'hello@brightwater.example',
    TOUCHLINE_SECRET: secret,
    PUBLIC_URL: 'https://follow-up.example.test/',
    PORT: '0',
  };
  touchline = programOn(database.url);
  const profile = ['--postal-address', '1 Main Street, Springfield', '--review-url', 'https://reviews.example.com/ann'];
  await touchline.json(['business', 'add', '--name', "Ann's Plumbing", '--time-zone', 'UTC', ...profile]);
  await touchline.json(['campaign', 'copy', 'gentle']);
  await touchline.json(['campaign', 'publish', 'Gentle']);
});
afterAll(async () => {
  await server.close();
  await database.drop();
});

async function complete(job: string): Promise<string> {
  const customer = ['--customer', `of-${job}`, '--first-name', 'Zoë', '--email', `${job}@example.test`];
  const args = ['job', 'complete', job, ...customer, '--completed-at', done, '--now', done];
  return String((await touchline.json<JobAnswer>(args)).enrollment_id);
}

const tick = (days: number, more: Record<string, string> = {}): Promise<TickReport> =>
  touchline.json<TickReport>(['tick', '--now', dayLater(days)], { env: { ...env, ...more } });

const mailsTo = (job: string): CatchAll['received'] =>
  server.received.filter(({ recipients }) => recipients.includes(`${job}@example.test`));

function tokenIn(job: string): string {
  const headers = new Map(mailsTo(job)[0]?.mail.headers.map(({ key, value }) => [key, value]));
  return /^<https:\/\/follow-up\.example\.test\/u\/([\w-]+)>$/.exec(headers.get('list-unsubscribe') ?? '')?.[1] ?? '';
}

/** `touchline serve` for as long as `work` takes. */
async function whileServing(work: (url: string) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  let found: (url: string) => void = () => undefined;
  const url = new Promise<string>((resolve) => {
    found = resolve;
  });
  const hear = (text: string): void => {
    if (text.startsWith('{')) found((JSON.parse(text) as { url: string }).url);
  };
  const ended = touchline.run(['serve', '--json'], { env, stop: stop.signal, hear });
  try {
    await work(await url);
  } finally {
    stop.abort();
    await ended;
  }
}

const statusOf = async (enrollment: string): Promise<string> => {
  const { rows } = await database.query<{ status: string }>(
    'select status from touchline.campaign_enrollments where id = $1',
    [enrollment],
  );
  return String(rows[0]?.status);
};

const oneClick = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };

describe('a mail', () => {
  test('arrives with both parts when its touch is due, and one click on its link ends the sequence for good', async () => {
    const enrollment = await complete('ends');
    expect((await tick(1)).outcomes).toEqual({ accepted: 1 });
    const [first] = mailsTo('ends');
    expect(first?.mail.from).toMatchObject({ address: 'hello@brightwater.example', name: "Ann's Plumbing" });
    for (const part of [first?.mail.text, first?.mail.html]) expect(part).toContain('1 Main Street, Springfield');
    await whileServing(async (url) => {
      const link = `${url}/u/${tokenIn('ends')}`;
      for (const method of ['GET', 'HEAD']) expect((await fetch(link, { method })).status).toBe(200);
      expect(await statusOf(enrollment)).toBe('active');
      const forged = await fetch(`${link.slice(0, -2)}xx`, oneClick);
      expect(await statusOf(enrollment)).toBe('active');
      const real = await fetch(link, { ...oneClick, redirect: 'error' });
      expect(await statusOf(enrollment)).toBe('stopped');
      expect([real.status, await real.text()]).toEqual([forged.status, await forged.text()]);
    });
    await tick(30);
    expect(mailsTo('ends')).toHaveLength(1);
    const { rows } = await database.query('select kind, source from touchline.consent_events where channel = $1', [
      'email',
    ]);
    expect(rows).toEqual([{ kind: 'opt_out', source: 'unsubscribe_link' }]);
  });

  test('can be ended for one person without ending it for another', async () => {
    const [one, other] = [await complete('one'), await complete('other')];
    await tick(1);
    await whileServing(async (url) => {
      await fetch(`${url}/u/${tokenIn('one')}`, oneClick);
    });
    expect([await statusOf(one), await statusOf(other)]).toEqual(['stopped', 'active']);
  });

  test('can still be ended when the customer is erased, and the answer is the same when the business is gone', async () => {
    const enrollment = await complete('erased');
    await tick(1);
    const token = tokenIn('erased');
    const found = await database.query<{ business_id: string; customer_id: string }>(
      'select business_id, customer_id from touchline.campaign_enrollments where id = $1',
      [enrollment],
    );
    const { business_id: business, customer_id: customer } = found.rows[0] ?? { business_id: '', customer_id: '' };
    await database.asRole('service_role', null, (client) =>
      client.query('select touchline.erase_customer($1, $2, $3)', [business, customer, dayLater(1)]),
    );
    const elsewhere = unsubscribeTokens(secret).make({
      businessId: customer,
      channel: 'email',
      address: 'a@example.test',
      sendLogId: customer,
    });
    await whileServing(async (url) => {
      for (const each of [token, elsewhere]) expect((await fetch(`${url}/u/${each}`, oneClick)).status).toBe(200);
    });
    const { rows } = await database.query(
      `select source from touchline.consent_events where business_id = $1
       and address_hash = touchline.address_hash('email', 'erased@example.test') and source = 'unsubscribe_link'`,
      [business],
    );
    expect(rows).toHaveLength(1);
  });
});

describe('a mail that cannot be sent', () => {
  test('pauses the account with the words of the server, and leaves when it can', async () => {
    const busy = await scripted({ AUTH: '535 5.7.8 wrong password' });
    await complete('waits');
    const report = await tick(1.1, { SMTP_URL: `smtp://ann:secret@127.0.0.1:${busy.server.port}` });
    await busy.close();
    expect(report.outcomes).toEqual({ account_error: 1 });
    const { rows } = await database.query(
      `select pause_reason from touchline.sender_accounts where status = 'paused' and channel = 'email'`,
    );
    expect(rows).toEqual([{ pause_reason: '535 5.7.8 wrong password' }]);
    await tick(1.2);
    expect(mailsTo('waits')).toHaveLength(1);
  });

  test.each([
    [{ SMTP_URL: 'smtp://mail.example.com' }, 'smtp_refused'],
    [{ TOUCHLINE_SECRET: '' }, 'links_impossible'],
    [{ DKIM_DOMAIN: 'a.test', DKIM_SELECTOR: 's', DKIM_KEY_FILE: '/nowhere/key.pem' }, 'dkim_key_unreadable'],
    [{ DKIM_DOMAIN: 'a.test' }, 'config_invalid'],
    [{ SMTP_FROM: 'Ann <ann@a.test>' }, 'config_invalid'],
  ])('settings %j are refused before anything is claimed', async (changes, code) => {
    const ran = await touchline.run(['tick', '--now', dayLater(1.3), '--json'], { env: { ...env, ...changes } });
    expect(document<Failure>(ran).error.code).toBe(code);
  });
});
