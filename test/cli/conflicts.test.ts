// `touchline job conflicts` and `job resolve`: where a business wants to be asked, it is asked, and its choice is done.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobAnswer } from '../../src/db/call/jobs.ts';
import type { JobConflict } from '../../src/db/read/conflicts.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { document, type Failure, type Program, programOn } from './run.ts';

const at = '2026-03-02T15:00:00Z';
let database: TestDatabase;
let touchline: Program;

beforeAll(async () => {
  database = await testDatabase({ name: 'cli_conflicts', virtualClock: true });
  touchline = programOn(database.url);
  const profile = ['--postal-address', '1 Main Street, Springfield', '--review-url', 'https://reviews.example.com/ann'];
  await touchline.json(['business', 'add', '--name', "Ann's Plumbing", '--time-zone', 'UTC', ...profile]);
  await touchline.json(['business', 'set', '--overlap', 'ask']);
  await touchline.json(['campaign', 'copy', 'gentle']);
  await touchline.json(['campaign', 'publish', 'Gentle']);
});
afterAll(() => database.drop());

const complete = (job: string, customer: string): Promise<JobAnswer> => {
  const who = ['--customer', customer, '--first-name', 'Zoe', '--email', `${customer}@example.test`];
  return touchline.json<JobAnswer>(['job', 'complete', job, ...who, '--completed-at', at, '--now', at]);
};

const conflicts = async (...more: string[]): Promise<{ conflicts: JobConflict[]; next_cursor: string | null }> =>
  touchline.json(['job', 'conflicts', ...more]);

const resolve = (job: string, choice: string): Promise<JobAnswer> =>
  touchline.json<JobAnswer>(['job', 'resolve', job, choice, '--now', at]);

test('a job whose customer is in a sequence is listed until somebody decides', async () => {
  expect((await touchline.run(['job', 'conflicts'])).out).toBe('No job waits for a decision.\n');
  const running = await complete('first', 'zoe');
  expect(await complete('second', 'zoe')).toMatchObject({ decision: 'conflict', enrollment_id: null });
  const enrollAgain = await touchline.run(['enroll', String((await conflicts()).conflicts[0]?.job_id), '--now', at]);
  expect(enrollAgain.out).toMatch(
    /is conflict: already_active\. Decide: touchline job resolve \S+ replace\|wait\|skip\n$/,
  );
  const [shown] = (await conflicts()).conflicts;
  expect(shown).toMatchObject({ external_id: 'second', first_name: 'Zoe', enrollment_id: running.enrollment_id });
  expect(shown).toMatchObject({ campaign: 'Gentle', completed_at: '2026-03-02T15:00:00.000Z' });
  expect((await touchline.run(['job', 'conflicts'])).out).toMatch(/^JOB +YOURS +WORK +COMPLETED +CUSTOMER +IS IN\n/);
  expect(await resolve(String(shown?.job_id), 'replace')).toMatchObject({ decision: 'enrolled' });
  expect((await conflicts()).conflicts).toEqual([]);
  const stopped = await touchline.run(['stop', String(running.enrollment_id), '--json']);
  expect(stopped.out).toContain('false');
});

test('wait queues it, skip leaves it, and neither is decided twice', async () => {
  for (const [choice, decision] of [
    ['wait', 'queued'],
    ['skip', 'refused'],
  ] as const) {
    await complete(`${choice} 1`, choice);
    const { job_id: job } = await complete(`${choice} 2`, choice);
    expect(await resolve(job, choice)).toMatchObject({ decision });
    const again = await touchline.run(['job', 'resolve', job, 'replace', '--now', at, '--json']);
    expect(again.code).not.toBe(0);
    expect(document<Failure>(again)).toMatchObject({ error: { code: 'job_state' } });
  }
  expect((await conflicts()).conflicts).toEqual([]);
});

test('the list goes on page by page', async () => {
  for (const customer of ['a', 'b', 'c']) {
    await complete(`${customer} 1`, customer);
    await complete(`${customer} 2`, customer);
  }
  const first = await conflicts('--limit', '2');
  expect(first.conflicts).toHaveLength(2);
  const second = await conflicts('--limit', '2', '--cursor', String(first.next_cursor));
  expect(second.next_cursor).toBeNull();
  const shown = [...first.conflicts, ...second.conflicts].map(({ external_id }) => external_id);
  expect(shown.toSorted()).toEqual(['a 2', 'b 2', 'c 2']);
});

test('what is no id is refused before anything is asked', async () => {
  const { code, err } = await touchline.run(['job', 'resolve', 'second', 'wait']);
  expect(code).toBe(2);
  expect(err).toContain('touchline job conflicts shows the ids.');
});
