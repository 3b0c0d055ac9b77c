// The list of the SQL surface is the surface: what is missing there, or has changed, is named.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { surface, surfaceDifferences } from '../../src/db/functions.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
let client: pg.PoolClient;

beforeAll(async () => {
  database = await testDatabase('surface');
  client = await database.pool.connect();
});
afterAll(async () => {
  client.release();
  await database.drop();
});

/** The differences that a statement makes, which is then taken back. */
async function differencesBy(sql: string): Promise<string[]> {
  const before = await surfaceDifferences(client);
  await client.query('begin');
  try {
    await client.query(sql);
    return (await surfaceDifferences(client)).filter((difference) => !before.includes(difference));
  } finally {
    await client.query('rollback');
  }
}

test('every function that a role may execute is listed with its arguments, result and roles', async () => {
  expect(await surfaceDifferences(client)).toEqual([]);
});

test('the list is in the order of names', () => {
  expect(Object.keys(surface)).toEqual(Object.keys(surface).toSorted());
});

describe('what is noticed', () => {
  test('a function that is not listed, with the line to add', async () => {
    const sql = `create function touchline.planted(p_business_id uuid, p_now timestamptz default null) returns setof uuid
      language sql as 'select p_business_id';
      revoke all on function touchline.planted from public;
      grant execute on function touchline.planted to service_role, touchline_worker`;
    expect(await differencesBy(sql)).toEqual([
      "planted is not in the list of src/db/functions.ts: planted: { args: 'uuid, timestamptz', result: 'setof uuid', roles: engine },",
    ]);
  });

  test('an inner function is no part of it', async () => {
    const sql = `create function touchline.planted() returns int language sql as 'select 1';
      revoke all on function touchline.planted from public`;
    expect(await differencesBy(sql)).toEqual([]);
  });

  test('a changed argument', async () => {
    const sql = `create function touchline.my_business_ids(p_role text) returns uuid[] language sql as $$ select '{}'::uuid[] $$;
      grant execute on function touchline.my_business_ids(text) to authenticated, service_role`;
    expect(await differencesBy(sql)).toEqual([
      expect.stringMatching(
        /^my_business_ids differs: the database has .*args: 'text'.* and src\/db\/functions\.ts .*args: ''/,
      ),
    ]);
  });

  test('another role', async () => {
    const sql = 'grant execute on function touchline.my_business_ids() to touchline_worker';
    expect(await differencesBy(sql)).toEqual([expect.stringMatching(/roles: everybody .*roles: people/)]);
  });

  test('a function that is gone or closed', async () => {
    const sql = 'revoke all on function touchline.uuid_v7() from authenticated, service_role, touchline_worker';
    expect(await differencesBy(sql)).toEqual(['uuid_v7 is not in the database, or nobody may execute it']);
  });
});
