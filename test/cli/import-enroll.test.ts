// A long enrollment, killed in its middle: what was committed stays, and the same command goes on from there at the same pace.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { expectInvariants } from '../support/invariants.ts';
import { type Program, programOn } from './run.ts';

const program = fileURLToPath(new URL('../../bin/touchline.js', import.meta.url));
const now = '2026-03-02T15:00:00Z';
const people = 2400;

let database: TestDatabase;
let touchline: Program;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-enroll-'));
  database = await testDatabase({ name: 'cli_import_enroll', virtualClock: true });
  touchline = programOn(database.url);
  const profile = ['--postal-address', '1 Main Street, Springfield', '--review-url', 'https://reviews.example.com/x'];
  await touchline.json(['business', 'add', '--name', 'Long Co', '--time-zone', 'America/New_York', ...profile]);
  await touchline.json(['campaign', 'copy', 'standard']);
  await touchline.json(['campaign', 'publish', 'Standard']);
});
afterAll(async () => {
  await expectInvariants(database, { now: new Date(now) });
  await database.drop();
  await rm(folder, { recursive: true });
});

async function enrolled(): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    'select count(*)::integer as count from touchline.campaign_enrollments',
  );
  return rows[0]?.count ?? 0;
}

test('kill -9', async () => {
  const path = join(folder, 'jobs.csv');
  // The minutes of completion are the order: the first of the file is the last to have been completed.
  const line = (_: unknown, index: number): string => {
    const minute = new Date(Date.UTC(2026, 1, 20) + (people - index) * 60_000).toISOString();
    return `j${index},c${index}@example.test,${minute}`;
  };
  await writeFile(path, ['job_id,email,completed_at', ...Array.from({ length: people }, line)].join('\n'));
  const command = ['import', 'jobs', path, '--enroll', '--per-hour', '600', '--yes', '--now', now];
  await touchline.json(['import', 'jobs', path, '--now', now]);

  // Somebody else is about to enroll one job of the last batch.
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query('begin');
  await other.query(
    `insert into touchline.campaign_enrollments (business_id, campaign_id, campaign_version, job_id, customer_id, enrolled_at,
       anchor_at, touch_1_scheduled_at, touch_1_status)
     select j.business_id, c.id, 1, j.id, j.customer_id, $1, j.completed_at, $1, 'pending'
     from touchline.jobs j join touchline.campaigns c on c.business_id = j.business_id where j.external_id = 'j0'`,
    [now],
  );
  const child = spawn(process.execPath, [program, ...command, '--database-url', database.url], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (child.exitCode === null && (await enrolled()) < 2000) await sleep(20);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  await other.end();
  expect(await enrolled()).toBe(2000);

  const { enrollment } = await touchline.json<{ enrollment: Record<string, unknown> }>(command);
  expect(enrollment).toMatchObject({ jobs: people, already_enrolled: 2000, enrolled: people - 2000 });
  const { rows } = await database.query<{ seconds: number }>(
    `select extract(epoch from e.touch_1_scheduled_at + e.plan_shift - $1)::float8 as seconds
     from touchline.campaign_enrollments e order by e.anchor_at`,
    [now],
  );
  expect(rows.map(({ seconds }) => seconds)).toEqual(Array.from({ length: people }, (_, index) => index * 6));
}, 120_000);
