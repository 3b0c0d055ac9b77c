// The files of sql/invariants, the page about them, and check_invariants: that the three agree, and who may ask.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/db/migrate/source.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { addBusinesses, businessIds } from '../support/invariant-world/businesses.ts';
import { worldNow } from '../support/invariant-world/people.ts';
import { expectInvariants } from '../support/invariants.ts';
import { invariantFiles } from '../support/violations.ts';

let database: TestDatabase;
let client: pg.PoolClient;

beforeAll(async () => {
  database = await testDatabase({ name: 'invariants', virtualClock: true });
  client = await database.pool.connect();
  await addBusinesses(client);
});
afterAll(async () => {
  client.release();
  await database.drop();
});

describe('the files', () => {
  it('cover the invariants 1 to 40', () => {
    const numbers = new Set(invariantFiles.flatMap((file) => file.numbers));
    expect([...numbers].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });

  it('are called after their number', () => {
    const misnamed = invariantFiles.filter(({ name, numbers }) => Number(name.slice(0, 2)) !== numbers[0]);
    expect(misnamed.map(({ name }) => name)).toEqual([]);
  });

  it('of scope live are installed, and only those', async () => {
    const { rows } = await client.query<{ name: string; sentence: string }>(`
      select pg_catalog.substr(proname, 11) as name, pg_catalog.obj_description(oid, 'pg_proc') as sentence
      from pg_catalog.pg_proc
      where pronamespace = 'touchline'::pg_catalog.regnamespace and proname like 'invariant\\_%' order by 1`);
    const live = invariantFiles.filter(({ scope }) => scope === 'live');
    expect(rows).toEqual(live.map(({ name, sentence }) => ({ name, sentence })));
  });

  it('are listed on the page of invariants with number, sentence and scope', () => {
    const page = readFileSync(join(packageRoot, 'docs/invariants.md'), 'utf8');
    const listed = page.split('\n').filter((line) => /^\| \d/.test(line));
    const wanted = invariantFiles.map(
      ({ name, numbers, scope, sentence }) =>
        `| ${numbers.join(', ')} | ${sentence} | ${scope} | [\`${name}\`](../sql/invariants/${name}.sql) |`,
    );
    expect(listed).toEqual(wanted);
  });
});

describe('check_invariants', () => {
  const ask = (role: string, call: string) =>
    database.asRole(role, null, (connection) => connection.query(`select * from touchline.${call}`));
  const everything = 'check_invariants()';

  it('answers the worker and the operator, and finds nothing in a consistent database', async () => {
    for (const role of ['touchline_worker', 'service_role']) {
      expect((await ask(role, everything)).rows).toEqual([]);
    }
  });

  it('does not answer people or the owner', async () => {
    await expect(ask('authenticated', everything)).rejects.toMatchObject({ code: '42501' });
    await expect(database.query(`select * from touchline.${everything}`)).rejects.toMatchObject({ code: 'TL100' });
  });

  it('names the invariant and the business and shows the row; rows written earlier than p_since are left out', async () => {
    await client.query(
      `insert into touchline.send_logs (business_id, id, state, claim_id, attempt, claimed_at, sequence)
       values ($1, $2, 'failed', $2, 1, $3, 1)`,
      [businessIds.A.business, businessIds.A.live, worldNow],
    );
    const { rows } = await ask('service_role', everything);
    expect(rows).toEqual([
      {
        invariant: '31_own_sender',
        business_id: businessIds.A.business,
        detail: expect.objectContaining({ send_log_id: businessIds.A.live, sender_account_id: null }),
      },
    ]);
    const later = "check_invariants(pg_catalog.now() + interval '1 minute')";
    expect((await ask('service_role', later)).rows).toEqual([]);
    const failure = expectInvariants(database, { now: worldNow });
    await expect(failure).rejects.toThrow('Broken invariants');
    await client.query('delete from touchline.send_logs');
    await expectInvariants(database, { now: worldNow });
  });
});
