// What the server's planner believes of a business that its counts do not know. It must not be "no rows": every index that begins with
// business_id would then look as good as the key.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addBacklog, type Backlog } from '../../bench/enroll/backlog.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const people = 2000;

let database: TestDatabase;
let late: Backlog;

beforeAll(async () => {
  database = await testDatabase({ name: 'business_statistics', virtualClock: true });
  const client = await database.pool.connect();
  for (let nth = 0; nth < 3; nth += 1) await addBacklog(client, people);
  await client.query('analyze');
  late = await addBacklog(client, people);
  client.release();
}, 60_000);
afterAll(() => database.drop());

it('no table counts its businesses', async () => {
  const { rows } = await database.query<{ table: string }>(
    `select c.relname as table
     from pg_catalog.pg_class c
     join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'business_id' and not a.attisdropped
     where c.relnamespace = 'touchline'::regnamespace and c.relkind in ('r', 'p') and a.attstattarget is distinct from 0`,
  );
  expect(rows).toEqual([]);
});

it.each(['jobs', 'customers'])('one row of %s is found by its key', async (table) => {
  const { rows } = await database.query<{ 'QUERY PLAN': string }>(
    `explain select from touchline.${table} where (business_id, id) = ('${late.businessId}', '${late.jobIds[0]}')`,
  );
  expect(rows[0]?.['QUERY PLAN']).toContain(`using ${table}_pkey`);
});
