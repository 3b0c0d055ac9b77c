// A pooler in transaction mode lends another server session for each transaction: one that does not keep our statements, or keeps
// somebody else's under their names. Nothing of what a worker knows may be lost by that.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPool } from '../../src/db/client.ts';
import { engineStore } from '../../src/db/engine/store.ts';
import type { EngineStore } from '../../src/engine/ports.ts';
import { isRefused } from '../../src/engine/refused.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
let pool: pg.Pool;
let store: EngineStore;

beforeAll(async () => {
  database = await testDatabase({ name: 'kept_statements', virtualClock: true });
});
afterAll(() => database.drop());
beforeEach(() => {
  // One connection, so that what is done to its session meets the store.
  pool = createPool(database.url, { max: 1 });
  store = engineStore(pool);
});
afterEach(() => pool.end());

const now = new Date('2026-03-02T15:00:00Z');
const request = () => ({ worker: 'pooled', claimId: randomUUID(), limit: 10, now });
const calls: [string, () => Promise<unknown>][] = [
  ['a claim', () => store.claim(request())],
  ['a settle', () => store.settle(randomUUID(), [], now)],
  ['a settle with the next claim', () => store.settleAndClaim(randomUUID(), [], request())],
];

async function kept(): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>('select name from pg_prepared_statements order by name');
  return rows.map(({ name }) => name);
}

it('keeps its statements while it may', async () => {
  for (const [, call] of calls) await call();
  expect(await kept()).toEqual(['touchline_claim', 'touchline_settle']);
});

it.each(calls)('%s goes on in a session that does not keep its statement', async (_, call) => {
  await call();
  await pool.query('deallocate all');
  await call();
  await call();
  expect(await kept()).toEqual([]);
});

it.each(calls)('%s goes on in a session that keeps another statement by its name', async (_, call) => {
  for (const name of ['touchline_claim', 'touchline_settle']) await pool.query(`prepare ${name} as select 1`);
  await call();
  await call();
});

it('transactions that meet such sessions at once all go on', async () => {
  const several = createPool(database.url, { max: 4 });
  const pooled = engineStore(several);
  const four = (): Promise<unknown[]> => Promise.all([1, 2, 3, 4].map(() => pooled.claim(request())));
  await four();
  await Promise.all([1, 2, 3, 4].map(() => several.query('select pg_sleep(0.05); deallocate all')));
  expect(await four()).toEqual([[], [], [], []]);
  await several.end();
});

it('an upgrade that changes what a kept statement answers does not end claims', async () => {
  await store.claim(request());
  await pool.query(
    `alter function touchline.claim_due_touches(text, uuid, integer, timestamptz) rename to kept_from_before;
     create function touchline.claim_due_touches(text, uuid, integer, timestamptz) returns table (send_log_id uuid, more text)
     language sql as 'select null::uuid, null::text where false';
     grant execute on function touchline.claim_due_touches(text, uuid, integer, timestamptz) to touchline_worker`,
  );
  expect(await store.claim(request())).toEqual([]);
  await pool.query(
    `drop function touchline.claim_due_touches(text, uuid, integer, timestamptz);
     alter function touchline.kept_from_before(text, uuid, integer, timestamptz) rename to claim_due_touches`,
  );
});

it.each([
  ['26000', false],
  ['42P05', false],
  ['0A000', false],
  ['40001', false],
  ['22P02', true],
  ['42501', true],
])('an error %s: whether outcomes are given up for it one by one is %s', (code, refused) => {
  expect(isRefused(Object.assign(new Error('no'), { code }))).toBe(refused);
});
