// `touchline prune`: what would go and what went, as text and as a document, in bounds, and what it refuses.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Business, hours, openWorld, type World } from '../engine/world.ts';
import { document, type Failure, type Program, programOn } from './run.ts';

interface Document {
  dry_run: boolean;
  complete: boolean;
  tables: { table: string; older_than_days: number; gone: Record<string, number>; complete: boolean }[];
}

let world: World;
let business: Business;
let touchline: Program;
let at: string[];

beforeAll(async () => {
  world = await openWorld('cli_prune');
  touchline = programOn(world.database.url);
  business = await world.business();
  for (let person = 0; person < 3; person += 1) await business.completeJob();
  await world.runUntil(new Date(world.now.getTime() + hours(25)));
  for (let number = 0; number < 5; number += 1) {
    await world.database.query(
      `insert into touchline.idempotency_keys (business_id, route, key, body_hash, created_at) values ($1, 'r', $2, $3, $4)`,
      [business.id, String(number), randomBytes(32), world.now],
    );
  }
  world.at(new Date(world.now.getTime() + hours(24 * 100)));
  at = ['--now', world.now.toISOString()];
});
afterAll(async () => {
  await world.close();
});

test('a dry run shows what would go and deletes nothing', async () => {
  const { tables, ...rest } = await touchline.json<Document>(['prune', '--dry-run', ...at]);
  expect(rest).toEqual({ dry_run: true, complete: true });
  const keys = tables.find(({ table }) => table === 'idempotency_keys');
  expect(keys).toEqual({
    table: 'idempotency_keys',
    older_than_days: 1,
    gone: { idempotency_keys: 5 },
    complete: true,
  });
  expect(tables.map(({ table }) => table)).not.toContain('campaign_enrollments');
  const { out, err } = await touchline.run(['prune', '--dry-run', ...at]);
  expect(out).toMatch(/^TABLE +OLDER THAN +WOULD GO +ROWS THAT$/m);
  expect(out).toMatch(/^idempotency_keys +1 days +5 {2}made/m);
  expect(out).toMatch(/^campaign_enrollments +if asked +- {2}ended/m);
  expect(out).toContain('This was a dry run: nothing was deleted.');
  expect(err).toBe('');
});

test('in bounds: stops at so many rows and goes on when it runs again', async () => {
  const bounded = await touchline.json<Document>(['prune', '--table', 'idempotency_keys', '--limit', '3', ...at]);
  expect(bounded).toMatchObject({ dry_run: false, complete: false, tables: [{ gone: { idempotency_keys: 3 } }] });
  const { out } = await touchline.run(['prune', '--table', 'idempotency_keys', '--seconds', '0', ...at]);
  expect(out).toContain('A bound was reached before the end: run it again to go on.');
  const rest = await touchline.json<Document>(['prune', ...at]);
  expect(rest.complete).toBe(true);
  expect(rest.tables.find(({ table }) => table === 'idempotency_keys')?.gone).toEqual({ idempotency_keys: 2 });
});

test('enrollments and their messages go only when somebody asks, and a terminal sees how far it is', async () => {
  const messages = ['prune', '--table', 'campaign_enrollments', '--older-than', '95'];
  const { out } = await touchline.run([...messages, '--dry-run', ...at]);
  expect(out).toMatch(/^campaign_enrollments +95 days +3 \+ 3 send_logs {2}ended/m);
  const went = await touchline.run([...messages, ...at]);
  expect(went.out).toMatch(/^TABLE +OLDER THAN +WENT/m);
  expect(went.out).not.toContain('if asked');
  const { rows } = await world.database.query('select from touchline.send_logs');
  expect(rows).toEqual([]);
});

test.each([
  [['--older-than', '100'], 2, '--older-than is about one table'],
  [['--table', 'campaign_enrollments'], 2, 'has no age of its own'],
  [['--table', 'campaign_enrollments', '--older-than', '89'], 2, 'is kept for 90 days at least'],
  [['--table', 'nothing'], 2, 'There is no table "nothing"'],
  [['--older-than', 'soon', '--table', 'jobs'], 2, 'whole number'],
  [['--table', 'consent_events', '--older-than', '4000'], 3, 'Rows of consent_events are kept. Why: evidence'],
  [['--table', 'send_attempts'], 3, 'Prune what they belong to'],
])('refuses %j', async (args, code, words) => {
  const ran = await touchline.run(['prune', ...args, ...at, '--json']);
  expect(ran.code).toBe(code);
  const { error } = document<Failure>(ran);
  expect(`${error.what} ${error.why} ${error.fix}`).toContain(words);
});
