// `touchline job`, `tick`, `work`, `explain`, `stop`, `enroll` and `opt-out`: one person's way, as an operator sees it (defect 46).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExplainedGuard } from '../../src/db/call/enrollments.ts';
import type { JobAnswer } from '../../src/db/call/jobs.ts';
import type { TickReport } from '../../src/engine/tick.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { document, type Failure, type Program, programOn } from './run.ts';

const done = '2026-03-02T15:00:00Z';
const nextDay = '2026-03-03T15:00:00Z';

async function prepare(database: TestDatabase): Promise<Program> {
  const touchline = programOn(database.url);
  const profile = ['--postal-address', '1 Main Street, Springfield', '--review-url', 'https://reviews.example.com/ann'];
  await touchline.json(['business', 'add', '--name', "Ann's Plumbing", '--time-zone', 'UTC', ...profile]);
  await touchline.json(['campaign', 'copy', 'gentle']);
  await touchline.json(['campaign', 'publish', 'Gentle']);
  return touchline;
}

function complete(job: string, ...more: string[]): string[] {
  const customer = ['--customer', `of-${job}`, '--first-name', 'Zoe', '--email', `${job}@example.test`];
  return ['job', 'complete', job, ...customer, '--completed-at', done, '--now', done, ...more];
}

describe('on a database with a virtual clock, every action is within reach (defect 46)', () => {
  let database: TestDatabase;
  let touchline: Program;

  beforeAll(async () => {
    database = await testDatabase({ name: 'cli_engine', virtualClock: true });
    touchline = await prepare(database);
  });
  afterAll(() => database.drop());

  test('a completed job is enrolled and its plan is shown', async () => {
    const { code, out } = await touchline.run(complete('shown'));
    expect(code).toBe(0);
    expect(out).toMatch(/^Enrolled as [0-9a-f-]{36}\.\nTOUCH +BY +PLANNED/);
    expect(out).toContain('2026-03-03T15:00:00');
  });

  test('a touch is explained, sent when it is due, and once only', async () => {
    const { enrollment_id: id } = await touchline.json<JobAnswer>(complete('sent'));
    const early = await touchline.json<ExplainedGuard[]>(['explain', String(id), '--now', done]);
    expect(early.filter(({ passes }) => !passes)).toMatchObject([
      { guard: 'due', passes_at: '2026-03-03T15:00:00.000Z' },
    ]);
    expect((await touchline.run(['explain', String(id), '--now', done])).out).toMatch(
      /^Touch 1 by email is pending\.\nGUARD +PASSES/,
    );
    const tick = ['tick', '--now', nextDay, '--sender', 'memory'];
    expect((await touchline.json<TickReport>(tick)).outcomes).toEqual({ accepted: 2 });
    expect((await touchline.json<TickReport>(tick)).claimed).toBe(0);
    expect((await touchline.run(tick)).out).toBe('Nothing was due.\n');
    const later = await touchline.json<ExplainedGuard[]>(['explain', String(id), '--touch', '1', '--now', nextDay]);
    expect(later).toMatchObject([{ guard: 'state', status: 'sent' }]);
  });

  test('a touch that the mailbox accepts is kept there as the customer would see it', async () => {
    const { enrollment_id: id } = await touchline.json<JobAnswer>(complete('kept'));
    await touchline.json<TickReport>(['tick', '--now', nextDay, '--sender', 'mailbox']);
    const { rows } = await database.query<{ attempt: number; html: string; text: string }>(
      `select m.attempt, m.html, m.text from touchline.mailbox_messages m
       join touchline.send_logs l on (l.business_id, l.id) = (m.business_id, m.send_log_id)
       where l.campaign_enrollment_id = $1 and l.state = 'sent' and m.recipient = 'kept@example.test'`,
      [id],
    );
    expect(rows).toMatchObject([{ attempt: 1 }]);
    for (const part of [rows[0]?.html, rows[0]?.text]) expect(part).toContain('1 Main Street, Springfield');
  });

  test('a person is stopped, and stopping again says that it was over', async () => {
    const { enrollment_id: id } = await touchline.json<JobAnswer>(complete('stopped'));
    const stop = ['stop', String(id), '--reason', 'replied', '--now', nextDay];
    expect(await touchline.run(stop)).toMatchObject({ code: 0, out: 'Stopped.\n' });
    expect(await touchline.run(stop)).toMatchObject({ code: 0, out: 'It was over already.\n' });
  });

  test('an address that opted out is not enrolled any more', async () => {
    expect((await touchline.run(['opt-out', 'email', 'gone@example.test'])).out).toBe(
      'gone@example.test is not written to by email any more.\n',
    );
    expect(await touchline.json<JobAnswer>(complete('gone'))).toMatchObject({ decision: 'refused' });
    const { job_id: job } = await touchline.json<JobAnswer>(complete('gone'));
    expect((await touchline.run(['enroll', job, '--now', done])).out).toMatch(/^Job .* is refused: /);
  });

  test('what is written wrongly is said, with what to write', async () => {
    const wrong: [string[], string][] = [
      [['explain', 'x'], '"x" is not the id of an enrollment. Ids look like'],
      [['tick', '--now', 'tomorrow'], '"tomorrow" is not a moment. Write it like 2026-03-02T15:00:00Z.'],
      [['tick', '--sender', 'pigeon'], 'There is no sender "pigeon".'],
      [['work', '--slots', '0'], '--slots must be a whole number from 1 to 1000, got "0".'],
      [['opt-out', 'fax', '1'], 'There is no channel "fax". Use email or sms.'],
    ];
    for (const [args, says] of wrong) {
      const { code, err } = await touchline.run(args);
      expect(err).toContain(says);
      expect(code).toBe(2);
    }
  });

  test('a worker ends when it is told to', async () => {
    const stop = new AbortController();
    const running = touchline.run(['work'], {
      stop: stop.signal,
      hear: (text) => {
        if (text.startsWith('Working as')) stop.abort();
      },
    });
    const { code, err } = await running;
    expect(code).toBe(0);
    expect(err).toMatch(/^Working as .*Ctrl-C stops it/);
  });
});

describe('on a database of real people', () => {
  let database: TestDatabase;
  let touchline: Program;

  beforeAll(async () => {
    database = await testDatabase('cli_engine_real');
    touchline = await prepare(database);
  });
  afterAll(() => database.drop());

  test('a given moment is refused, and nothing is sent', async () => {
    const ran = await touchline.run(['tick', '--now', nextDay, '--json']);
    expect(ran.code).toBe(3);
    expect(document<Failure>(ran).error.code).toBe('clock_refused');
  });

  test.each(['memory', 'mailbox'])('the %s sender is refused: what it accepts goes nowhere', async (sender) => {
    const ran = await touchline.run(['tick', '--sender', sender, '--json']);
    expect(ran.code).toBe(3);
    expect(document<Failure>(ran).error.code).toBe('sender_refused');
  });
});
