// A backup that is restored beside the database it was taken from, as whoever restored it sees it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TickReport } from '../../src/engine/tick.ts';
import { copyDatabase, type TestDatabase, testDatabase } from '../support/database.ts';
import { document, type Failure, type Program, programOn } from './run.ts';

let database: TestDatabase;
let restored: TestDatabase;
let touchline: Program;
const stateDir = mkdtempSync(join(tmpdir(), 'touchline-state-'));
const env = { TOUCHLINE_STATE_DIR: stateDir };
const since = new Date(Date.now() - 3_600_000).toISOString();

beforeAll(async () => {
  database = await testDatabase({ name: 'cli_safe_mode', virtualClock: true });
  // Minutes of a horizon pass in a second.
  await database.query('update touchline.installation set horizon_scale = 0.01');
  const before = programOn(database.url);
  const profile = ['--postal-address', '1 Main Street, Springfield', '--review-url', 'https://reviews.example.com/ann'];
  await before.json(['business', 'add', '--name', "Ann's Plumbing", '--time-zone', 'UTC', ...profile]);
  await before.json(['campaign', 'copy', 'gentle']);
  await before.json(['campaign', 'publish', 'Gentle']);
  await database.query(
    `delete from touchline.sending_windows;
     insert into touchline.sending_windows (business_id, channel, iso_weekday, opens, closes)
     select b.id, c, d, '00:00', '24:00' from touchline.businesses b, unnest('{email,sms}'::text[]) c, generate_series(1, 7) d
     where b.user_id is not null`,
  );
  const completed = new Date(Date.now() - 49 * 3_600_000).toISOString();
  const customer = ['--customer', 'zoe', '--first-name', 'Zoe', '--email', 'zoe@example.test'];
  await before.json(['job', 'complete', 'late', ...customer, '--completed-at', completed]);
  await database.query("update touchline.touch_queue set due_at = now() + interval '1 day'");
  await before.json(['tick', '--sender', 'memory'], { env });
  await database.query(
    "update touchline.touch_queue set due_at = now() - interval '1 minute', late_after = now() + interval '1 day'",
  );
  restored = await copyDatabase(database, 'cli_safe_mode_restored');
  touchline = programOn(restored.url);
});
afterAll(async () => {
  await database.drop();
  await restored.drop();
  rmSync(stateDir, { recursive: true, force: true });
});

describe('before any worker has looked', () => {
  test('doctor tells that this is another database than the one last used, and nobody need tick to leave safe mode', async () => {
    const copy = await copyDatabase(database, 'cli_safe_mode_unseen');
    const unseen = programOn(copy.url);
    const doctor = await unseen.run(['doctor'], { env });
    expect(doctor.code).toBe(1);
    expect(doctor.out).toContain('SAFE MODE, nothing is sent: This database is a copy, or was restored');
    const reconciled = ['reconcile', '--since', since, '--no-wait', '--sender', 'memory'];
    expect(await unseen.json(reconciled, { env })).toMatchObject({ left: false });
    const { rows } = await copy.query('select safe_mode_at is not null as noticed from touchline.installation');
    expect(rows).toEqual([{ noticed: true }]);
    await copy.drop();
  });

  test('an older state of the same database is told by what this machine remembers', async () => {
    await database.query('update touchline.installation set generation = generation - 1');
    const original = programOn(database.url);
    expect((await original.run(['doctor'], { env })).out).toContain(
      'is older than what a worker remembers of it (1, and it says 0)',
    );
    expect((await original.run(['doctor'])).out).toContain('This database is the one that was last used.');
    await database.query('update touchline.installation set generation = generation + 1');
    expect((await original.run(['doctor'], { env })).out).toContain('This database is the one that was last used.');
  });

  test('a database in order needs no way out', async () => {
    const refused = await programOn(database.url).run(['reconcile', '--since', since, '--json'], { env });
    expect(refused.code).toBe(3);
    expect(document<Failure>(refused).error.code).toBe('not_in_safe_mode');
  });
});

describe('a backup that was restored as another database', () => {
  test('sends nothing: tick says why and how to go on, and doctor too', async () => {
    const { code, out } = await touchline.run(['tick', '--sender', 'memory'], { env });
    expect(code).toBe(3);
    expect(out).toContain('SAFE MODE, nothing is sent: This database is a copy');
    expect(out).toContain('touchline reconcile --since MOMENT');
    const doctor = await touchline.run(['doctor'], { env });
    expect(doctor.code).toBe(1);
    expect(doctor.out).toContain('SAFE MODE');
  });

  test('is left only when nothing is open, and then it sends what is due', async () => {
    const hasty = ['reconcile', '--since', since, '--leave', '--no-wait', '--sender', 'memory', '--json'];
    const refused = await touchline.run(hasty, { env });
    expect(refused.code).toBe(3);
    expect(document<Failure>(refused).error.code).toBe('doubts_open');
    const answer = await touchline.json(['reconcile', '--since', since, '--leave', '--sender', 'memory'], { env });
    expect(answer).toEqual({ doubted: 0, open: 0, left: true });
    const { messages } = await touchline.json<{ messages: { state: string }[] }>(['unknown', 'list']);
    expect(messages).toMatchObject([{ state: 'presumed_sent' }]);
    const report = await touchline.json<TickReport>(['tick', '--sender', 'memory'], { env });
    expect(report).toMatchObject({ safeMode: null, claimed: 0 });
  });

  test('is the one in use from then on: there is nothing to leave any more', async () => {
    const again = await touchline.run(['reconcile', '--since', since, '--json'], { env });
    expect(again.code).toBe(3);
    expect(document<Failure>(again).error.code).toBe('not_in_safe_mode');
  });

  test('is noticed by the other one, whose workers remember what this one did', async () => {
    const { code, out } = await programOn(database.url).run(['tick', '--sender', 'memory'], { env });
    expect(code).toBe(3);
    expect(out).toContain('a backup was restored');
  });
});
