// One way into a transaction: who one is, what is read back, and what happens to the connection when it ends badly.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommitFailed, createPool, withRole } from '../../src/db/client.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const userId = '018f0000-0000-7000-8000-000000000001';
const worker = { role: 'touchline_worker' } as const;
let database: TestDatabase;
let pool: pg.Pool;

const backend = async (client: pg.ClientBase) =>
  (await client.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid')).rows[0]?.pid;

beforeAll(async () => {
  database = await testDatabase('with_role');
  await database.query(
    'create table public.log (n integer, constraint log_n unique (n) deferrable initially deferred)',
  );
  await database.query('grant select, insert on public.log to touchline_worker');
  pool = createPool(database.url, { max: 1, applicationName: 'touchline-test' });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('a transaction', () => {
  test('acts as its identity and leaves nothing of it to the next', async () => {
    const who = 'select current_user::text as role, auth.uid() as uid, pg_catalog.current_setting($1) as isolation';
    const ask = async (client: pg.ClientBase) => (await client.query(who, ['transaction_isolation'])).rows[0];
    const isolation = 'read committed';
    expect(await withRole(pool, { role: 'authenticated', userId }, ask)).toEqual({
      role: 'authenticated',
      uid: userId,
      isolation,
    });
    expect(await withRole(pool, { role: 'service_role' }, ask)).toEqual({ role: 'service_role', uid: null, isolation });
    expect(
      (
        await pool.query(
          "select current_user <> 'service_role' as owner, nullif(pg_catalog.current_setting('request.jwt.claims', true), '') as claims",
        )
      ).rows,
    ).toEqual([{ owner: true, claims: null }]);
  });

  test('takes a hostile user id as text', async () => {
    const hostile = { role: 'authenticated', userId: `x'; reset role; --\\` } as const;
    const claim = async (client: pg.ClientBase) => (await client.query('select auth.jwt() as jwt')).rows[0]?.jwt.sub;
    expect(await withRole(pool, hostile, claim)).toBe(hostile.userId);
  });

  test('is rolled back when the work fails, on a connection that stays in use', async () => {
    const before = await withRole(pool, worker, backend);
    const work = withRole(pool, worker, async (client) => {
      await client.query('insert into public.log values (1)');
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect((await database.query('select from public.log')).rowCount).toBe(0);
    expect(await withRole(pool, worker, backend)).toBe(before);
  });

  test('ends a statement that takes too long', async () => {
    const work = withRole(pool, worker, (client) => client.query('select pg_catalog.pg_sleep(5)'), {
      statementTimeoutMs: 50,
    });
    await expect(work).rejects.toMatchObject({ code: '57014' });
  });
});

describe('a commit', () => {
  test('that a deferred constraint refuses keeps its code, and the connection is given up', async () => {
    const before = await withRole(pool, worker, backend);
    const work = withRole(pool, worker, (client) => client.query('insert into public.log values (2), (2)'));
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await withRole(pool, worker, backend)).not.toBe(before);
  });

  test('after an ignored error is no success', async () => {
    const work = withRole(pool, worker, async (client) => {
      await client.query('insert into public.log values (3)');
      await client.query('select 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ name: 'CommitFailed', outcome: 'rolled_back' });
  });

  test('on a connection that was cut is unknown', async () => {
    const work = withRole(pool, worker, async (client) => {
      await database.query('select pg_catalog.pg_terminate_backend($1, 5000)', [await backend(client)]);
    });
    const error = await work.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CommitFailed);
    expect(error).toMatchObject({ outcome: 'unknown' });
    expect(await withRole(pool, worker, async () => 'works')).toBe('works');
  });
});

test('values come back without losing anything', async () => {
  const { rows } = await pool.query(
    "select 9007199254740991::bigint as big, date '2026-02-03' as day, 12.50::numeric as price",
  );
  expect(rows).toEqual([{ big: 9007199254740991, day: '2026-02-03', price: '12.50' }]);
  await expect(pool.query('select 9007199254740993::bigint as big')).rejects.toThrow(
    'does not fit a JavaScript number',
  );
  const interval = (client: pg.ClientBase) => client.query("select interval '1 day 02:30' as wait");
  expect((await withRole(pool, worker, interval)).rows).toEqual([{ wait: 'P1DT2H30M' }]);
});
