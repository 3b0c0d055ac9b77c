// `touchline doctor` in operation: a held snapshot, an index that has grown, a table vacuum may not touch, an index that is missing and
// one that was never finished, a stopped worker. Each is made, found with its name and its cure, and gone once the cure was taken.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/db/doctor/finding.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { enroll, liveCampaign, newSite, type Site } from '../support/engine-world.ts';
import { document, type Program, programOn } from './run.ts';

interface Report {
  ok: boolean;
  checks: Finding[];
}

let database: TestDatabase;
let touchline: Program;
let site: Site;

beforeAll(async () => {
  database = await testDatabase({ name: 'cli_doctor_ops', virtualClock: true });
  touchline = programOn(database.url);
  site = await newSite(database, { name: 'Brightwater Plumbing' });
});
afterAll(() => database.drop());

const operations = ['worker', 'lanes', 'snapshots', 'autovacuum', 'dead rows', 'indexes', 'bloat', 'connections'];

/** What is wrong with the machine. */
async function found(): Promise<Finding[]> {
  const { checks } = document<Report>(await touchline.run(['doctor', '--json']));
  return checks.filter(({ check, state }) => operations.includes(check) && state !== 'ok');
}

/** The statements of a cure. */
const statementsOf = ({ fix }: Finding): string[] =>
  fix.match(/\b(?:select|vacuum|reindex|create|drop|alter|update) [^;]*;/g) ?? [];

async function cure(findings: readonly Finding[]): Promise<void> {
  expect(findings.length).toBeGreaterThan(0);
  for (const finding of findings) {
    const statements = statementsOf(finding);
    expect(statements.length, finding.fix).toBeGreaterThan(0);
    for (const statement of statements) await database.query(statement);
  }
}

async function connect(application: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url, application_name: application });
  // It is ended by the cure.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

const count = 200_000;

/** Writes and deletes queue rows, as months of campaigns do. */
async function churn(rows: number): Promise<void> {
  const client = await connect('churn');
  await client.query('set session_replication_role = replica');
  await client.query(
    `insert into touchline.touch_queue (business_id, enrollment_id, touch_number, channel, scheduled_at, due_at, late_after)
     select $1, gen_random_uuid(), 1, 'email', now(), now() + make_interval(days => 1, secs => n), now() + interval '9 days'
     from generate_series(1, $2::integer) n`,
    [site.id, rows],
  );
  await client.query('delete from touchline.touch_queue where business_id = $1 and touch_number = 1 and attempts = 0', [
    site.id,
  ]);
  await client.query('select pg_stat_force_next_flush()');
  await client.end();
}

/** Uses up transaction ids, as a day of work does. */
async function pass(transactions: number): Promise<void> {
  const client = await connect('passing');
  await client.query('create temporary table passing (n integer)');
  await client.query(
    `do $$ begin
       for n in 1 .. ${transactions} loop
         begin insert into passing values (n); exception when others then null; end;
       end loop;
     end $$`,
  );
  await client.end();
}

test('a database that is well has nothing to say, and says so check by check', async () => {
  const { checks } = document<Report>(await touchline.run(['doctor', '--json']));
  const told = checks.filter(({ check }) => operations.includes(check));
  expect(told.map(({ check, state }) => `${check}: ${state}`)).toEqual([
    'worker: ok',
    'snapshots: ok',
    'autovacuum: ok',
    'dead rows: ok',
    'indexes: ok',
    'bloat: ok',
    'connections: ok',
  ]);
});

test('a stopped worker: what is due, since when, and who claimed last', async () => {
  const campaign = await liveCampaign(site, [{ channel: 'email', delay_hours: 24 }]);
  await enroll(site, campaign);
  await enroll(site, campaign, { state: 'unknown' });
  await database.query("update touchline.touch_queue set due_at = now() - interval '1 hour' where blocked_by is null");
  const findings = await found();
  expect(findings).toMatchObject([
    {
      check: 'worker',
      state: 'problem',
      detail: expect.stringMatching(
        new RegExp(
          `^email of Brightwater Plumbing \\(${site.id}\\) has something due and nobody claims it since \\d+ min\\.$`,
        ),
      ),
      more: [expect.stringMatching(/^The last known claim: 2026-03-03T15:00:00\.000Z by story\.$/)],
      fix: expect.stringContaining('touchline work'),
    },
  ]);
  await database.query("update touchline.touch_queue set due_at = now() + interval '1 day' where blocked_by is null");
  expect(await found()).toEqual([]);
});

test('a blocked lane: whose it is, why, and the statement that lets it in again', async () => {
  await database.query(
    `update touchline.business_dispatch set blocked_at = now(), blocked_reason = 'claim failed: 22P02 x'
     where business_id = $1 and channel = 'sms'`,
    [site.id],
  );
  const findings = await found();
  expect(findings).toMatchObject([
    { check: 'lanes', detail: expect.stringMatching(/^sms of Brightwater Plumbing is left out /) },
  ]);
  await cure(findings);
  expect(await found()).toEqual([]);
});

test('indexes that have grown far beyond their rows are named, and built anew', async () => {
  await churn(count);
  await database.query('vacuum touchline.touch_queue');
  const findings = await found();
  expect(findings.map(({ check, detail }) => `${check}: ${/^The index (\w+)/.exec(detail)?.[1]}`)).toEqual([
    'bloat: touch_queue_due',
    'bloat: touch_queue_pkey',
  ]);
  expect(findings[0]?.fix).toContain('reindex index concurrently touchline.touch_queue_due;');
  await cure(findings);
  expect(await found()).toEqual([]);
});

describe('a snapshot that another session holds', () => {
  test('is named by its process, with the dead rows that pile up behind it; both cures work', async () => {
    const holder = await connect('month-end report');
    await holder.query('begin isolation level repeatable read');
    const { rows } = await holder.query<{ pid: number; user: string }>(
      'select pg_backend_pid() as pid, current_user as user, count(*) from touchline.customers',
    );
    const [{ pid, user } = { pid: 0, user: '' }] = rows;
    await pass(60_000);
    await churn(30_000);
    await database.query('vacuum touchline.touch_queue');
    const findings = await found();
    expect(findings).toMatchObject([
      {
        check: 'snapshots',
        state: 'warning',
        detail: expect.stringMatching(
          new RegExp(
            `^Session ${pid} \\(${user}, month-end report\\) is idle in transaction since \\d+ s: what changed in the last [\\d,]+ transactions cannot be vacuumed\\.$`,
          ),
        ),
        fix: expect.stringContaining(`select pg_terminate_backend(${pid}, 5000);`),
      },
      {
        check: 'dead rows',
        state: 'warning',
        detail: expect.stringMatching(
          /^touch_queue has 30,\d{3} dead rows beside \d+ live ones; autovacuum should come at 10,\d{3}\. Last vacuum: \d+ s ago\.$/,
        ),
      },
    ]);
    await cure(findings);
    await expect.poll(found, { timeout: 20_000 }).toEqual([]);
  });
});

test('an index that is missing and one that was not finished are named, and made', async () => {
  await database.query('drop index touchline.lane_claims_check');
  await database.query('alter table touchline.lane_claims drop constraint lane_claims_pkey');
  await database.query("insert into touchline.time_zones (name) values ('Mars/Phobos')");
  await expect(
    database.query('create unique index concurrently unfinished on touchline.time_zones ((length(name) > 0))'),
  ).rejects.toThrow(/could not create unique index/);
  const findings = await found();
  expect(findings.map(({ detail }) => detail)).toEqual([
    'The index lane_claims_check is missing.',
    'The index lane_claims_pkey is missing.',
    expect.stringMatching(/^The index unfinished of time_zones is invalid: /),
  ]);
  await cure(findings.slice(0, 2));
  await database.query('drop index concurrently touchline.unfinished');
  expect(await found()).toEqual([]);
});

test('a table that autovacuum may not touch is named, and given back', async () => {
  await database.query('alter table touchline.send_logs set (autovacuum_enabled = off)');
  const findings = await found();
  expect(findings).toMatchObject([
    { check: 'autovacuum', state: 'problem', detail: 'autovacuum is off for send_logs.' },
  ]);
  await cure(findings);
  expect(await found()).toEqual([]);
});

test('as text, each stands with its cure below', async () => {
  await database.query('drop index touchline.lane_claims_check');
  const { out, code } = await touchline.run(['doctor']);
  expect(code).toBe(1);
  expect(out).toMatch(
    /^problem {2}indexes {4}The index lane_claims_check is missing\.\n {20}→ Run: create index concurrently lane_claims_check /m,
  );
});
