// The demo: a month of three businesses through the real engine, on an embedded server of its own; what it must keep to is asked
// of its rows here once more, in other words than the engine's.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/cli/database.ts';
import { type DemoReport, demoUserId, fillDemo, openDemo } from '../../src/cli/demo/index.ts';
import { tellStory } from '../../src/cli/demo/story.ts';
import { addBusiness } from '../../src/db/call/businesses.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../src/embedded/index.ts';
import { temporaryFolder } from '../support/test-server.ts';
import { document, type Failure, type Ran, run } from './run.ts';

const end = new Date('2026-03-20T18:00:00Z');
const small = { jobs: 24, to: end };

let folder: string;
let server: EmbeddedPostgres;
let kept: Database;

beforeAll(async () => {
  folder = mkdtempSync(join(temporaryFolder(), 'touchline-demo-'));
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'data');
  server = await startEmbedded({ dataDir, durable: false });
  kept = await openDatabase({ databaseUrl: undefined, dataDir }, 'current', () => undefined);
  await kept.run((client) => addBusiness(client, demoUserId, { name: 'Mine alone', time_zone: 'UTC' }));
}, 120_000);
afterAll(async () => {
  await kept?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

function touchline(args: string[], env: Record<string, string> = {}, terminal = false): Promise<Ran> {
  return run(['demo', ...args], { env: { TOUCHLINE_DATA_DIR: join(folder, 'data'), ...env }, terminal });
}

async function databases(): Promise<string[]> {
  const { rows } = await kept.pool.query<{ datname: string }>(
    "select datname from pg_catalog.pg_database where datname like 'touchline%' order by 1",
  );
  return rows.map(({ datname }) => datname);
}

/** The same for two demos of one story: all but what chance makes anew. */
function told({ businesses, campaigns, from, to, seed }: DemoReport): unknown {
  return { businesses: businesses.map(({ id: _made, ...rest }) => rest), campaigns, from, to, seed };
}

test('an interrupted fill leaves no demo, whole or half, and another one at the same time is refused', async () => {
  const stopping = new AbortController();
  let second: Promise<unknown> | undefined;
  const filling = fillDemo(kept, {
    ...small,
    signal: stopping.signal,
    onProgress: ({ day }) => {
      second ??= fillDemo(kept, small).catch((error: unknown) => error);
      if (day >= 3) stopping.abort();
    },
  });
  await expect(filling).rejects.toMatchObject({ problem: { code: 'demo_interrupted' } });
  expect(await second).toMatchObject({ problem: { code: 'demo_busy', exitCode: 3 } });
  expect(await databases()).toEqual(['touchline']);
  expect(await openDemo(kept)).toBeUndefined();
}, 60_000);

test('the same seed and end tell the same story, another seed another one', async () => {
  const first = await fillDemo(kept, small);
  const again = await fillDemo(kept, small);
  expect(told(again)).toEqual(told(first));
  expect(first.campaigns.reduce((sum, { enrolled }) => sum + enrolled, 0)).toBeGreaterThan(10);
  const options = { from: new Date('2026-02-18T18:00:00Z'), to: end, jobs: small.jobs };
  expect(tellStory({ ...options, seed: 1 })).toEqual(tellStory({ ...options, seed: 1 }));
  expect(tellStory({ ...options, seed: 2 })).not.toEqual(tellStory({ ...options, seed: 1 }));
  expect(await databases()).toEqual(['touchline', 'touchline_demo']);
}, 120_000);

test('it never goes where somebody’s own database is', async () => {
  const own = { ...kept, dataDir: undefined, embedded: false };
  expect(await openDemo(own)).toBeUndefined();
  await expect(fillDemo(own)).rejects.toMatchObject({ problem: { code: 'demo_needs_embedded' } });
});

describe('the whole month', () => {
  let ran: Ran;
  let demo: Database;

  beforeAll(async () => {
    ran = await touchline(['--fresh', '--seed', '7'], { DATABASE_URL: 'postgres://nobody@localhost:1/elsewhere' });
    const opened = await openDemo(kept);
    if (opened === undefined) throw new Error(`There is no demo: ${ran.err}`);
    demo = opened;
  }, 240_000);
  afterAll(() => demo?.close());

  async function ask<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
    return (await demo.pool.query<Row>(sql)).rows;
  }

  async function report(): Promise<DemoReport> {
    return document<DemoReport>(await touchline(['--json']));
  }

  test('says where it goes and how far it is, and ends with the table and the invariants', () => {
    expect(ran.code).toBe(0);
    expect(ran.err).toContain('DATABASE_URL is left alone.');
    expect(ran.err).toMatch(/\n(day \d+ of 30: \d+ messages\n){2,3}$/);
    expect(ran.out).toMatch(/seed 7, made in [\d.]+ s: \d+ messages in the mailbox\./);
    expect(ran.out).toMatch(/CAMPAIGN +ENROLLED +SENT PER TOUCH/);
    expect(ran.out).toContain("The mailbox and the engine's own records agree.");
    expect(ran.out).toMatch(/\d+ invariants checked, each broken 0 times\./);
  });

  test('is there the next time, and counted anew', async () => {
    const { seed, seconds, invariants, disagreements, businesses, campaigns } = await report();
    expect({ seed, seconds, disagreements }).toEqual({ seed: 7, seconds: null, disagreements: [] });
    expect(Object.values(invariants).length).toBeGreaterThan(20);
    expect(Object.values(invariants).every((count) => count === 0)).toBe(true);
    expect(businesses.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(200);
    expect(new Set(businesses.map(({ time_zone }) => time_zone)).size).toBe(3);
    const mailbox = await ask(`
      select c.name, l.touch_number, count(*)::int as sent from touchline.mailbox_messages m
      join touchline.send_logs l on l.id = m.send_log_id join touchline.campaigns c on c.id = l.campaign_id group by 1, 2`);
    const shown = campaigns.flatMap(({ campaign, sent }) =>
      sent.map((count, index) => ({ name: campaign, touch_number: index + 1, sent: count })),
    );
    expect(shown).toEqual(expect.arrayContaining(mailbox));
    expect(shown.filter(({ sent }) => sent > 0)).toHaveLength(mailbox.length);
  });

  test('has everything that happens to businesses in it', async () => {
    const { campaigns } = await report();
    const stopped = new Set(campaigns.flatMap((campaign) => Object.keys(campaign.stopped)));
    for (const reason of ['replied', 'booked_again', 'bounced', 'complained', 'opted_out_sms', 'opted_out_email']) {
      expect(stopped).toContain(reason);
    }
    expect(campaigns.reduce((sum, { reviews }) => sum + reviews, 0)).toBeGreaterThan(10);
    expect(campaigns.reduce((sum, { deferred }) => sum + (deferred.quiet_hours ?? 0), 0)).toBeGreaterThan(5);
    expect(await ask("select decision, decision_reason from touchline.jobs where status = 'do_not_send'")).toEqual([
      { decision: 'refused', decision_reason: 'none_chosen' },
    ]);
    const [{ count = 0 } = {}] = await ask<{ count: number }>(
      'select count(*)::int from (select from touchline.jobs group by customer_id having count(*) > 1) r',
    );
    expect(count).toBeGreaterThan(0);
  });

  test('nobody is written to at night, after a stop, after an opt-out, or by SMS without consent', async () => {
    const late = await ask(`
      select m.recipient, m.channel, t.local from touchline.mailbox_messages m
      join touchline.send_logs l on l.id = m.send_log_id
      join touchline.customers k on k.id = l.customer_id join touchline.businesses b on b.id = m.business_id
      cross join lateral (select m.accepted_at at time zone coalesce(k.time_zone, b.time_zone) as local) t
      where t.local::time >= '21:00' or t.local::time < case
        when m.channel = 'email' then time '07:00' when extract(isodow from t.local) = 7 then '12:00' else '08:00' end`);
    const afterStop = await ask(`
      select m.recipient from touchline.mailbox_messages m join touchline.send_logs l on l.id = m.send_log_id
      join touchline.campaign_enrollments e on e.id = l.campaign_enrollment_id where m.accepted_at > e.stopped_at`);
    const afterOptOut = await ask(`
      select m.recipient from touchline.mailbox_messages m join touchline.send_logs l on l.id = m.send_log_id
      join touchline.consent_events o on o.customer_id = l.customer_id and o.channel = m.channel
      where o.kind = 'opt_out' and o.occurred_at < m.accepted_at`);
    const withoutConsent = await ask(`
      select m.recipient from touchline.mailbox_messages m join touchline.send_logs l on l.id = m.send_log_id
      where m.channel = 'sms' and not exists (
        select from touchline.consent_events o
        where o.customer_id = l.customer_id and (o.channel, o.kind) = ('sms', 'opt_in') and o.occurred_at < m.accepted_at)`);
    expect({ late, afterStop, afterOptOut, withoutConsent }).toEqual({
      late: [],
      afterStop: [],
      afterOptOut: [],
      withoutConsent: [],
    });
  });

  test('the campaign that was paused for two days was silent meanwhile, and its plans moved', async () => {
    const { from, to } = await report();
    const [start, length] = [new Date(from).getTime(), new Date(to).getTime() - new Date(from).getTime()];
    const pause = new Date(start + length * 0.4);
    const found = await demo.pool.query(
      `select c.status, count(*) filter (where e.plan_shift > '1 hour')::int > 0 as moved,
         (select count(*)::int from touchline.mailbox_messages m join touchline.send_logs l on l.id = m.send_log_id
          where l.campaign_id = c.id and m.accepted_at > $1 and m.accepted_at < $1 + interval '2 days') as sent
       from touchline.campaigns c join touchline.campaign_enrollments e on e.campaign_id = c.id
       where c.name = 'After plumbing' group by c.id, c.status`,
      [pause],
    );
    expect(found.rows).toEqual([{ status: 'active', moved: true, sent: 0 }]);
  });

  test('everybody in it is made up', async () => {
    const real = await ask(`
      select email, phone from touchline.customers
      where email !~ '@([a-z]+\\.)?example\\.(com|org|net)$' or phone !~ '^\\+1\\d{3}55501\\d\\d$'`);
    expect(real).toEqual([]);
    const owned = await demo.pool.query('select from touchline.business_members where user_id = $1', [demoUserId]);
    expect(owned.rowCount).toBe(3);
  });

  test('the kept database is left alone', async () => {
    const found = await kept.pool.query(
      `select (select count(*)::int from touchline.businesses where name <> 'Touchline presets') as businesses,
         (select count(*)::int from touchline.customers) as customers,
         (select count(*)::int from touchline.mailbox_messages) as messages, touchline.has_virtual_clock() as virtual`,
    );
    expect(found.rows).toEqual([{ businesses: 1, customers: 0, messages: 0, virtual: false }]);
  });

  test('a message that is missing is noticed, with the campaign and the touch', async () => {
    await ask(`delete from touchline.mailbox_messages m using touchline.send_logs l, touchline.campaigns c
      where l.id = m.send_log_id and c.id = l.campaign_id and (c.name, l.touch_number) = ('After plumbing', 1)`);
    const again = await touchline(['--json']);
    expect(again.code).toBe(1);
    expect(document<DemoReport>(again).disagreements[0]).toMatch(/^After plumbing, touch 1: 0 in the mailbox, \d+ enr/);
    expect((await touchline([])).out).toContain('do not agree: After plumbing, touch 1');
  });
});

test('a seed is a number', async () => {
  const ran = await touchline(['--seed', 'tuesday', '--json']);
  expect([ran.code, document<Failure>(ran).error.code]).toEqual([2, 'usage']);
});
