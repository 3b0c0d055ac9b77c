// What does row level security cost a member's query: our array policies, or the seed's sub-query?
//
//   npm run bench -- policies [--quick]
import type pg from 'pg';
import { withBenchDatabase } from './support/database.ts';
import { type Report, type Rounds, record, timed } from './support/report.ts';

interface Size {
  businesses: number;
  customersEach: number;
  rounds: number;
}

const member = '11111111-1111-4111-8111-111111111111';

/** The rival policies: on customers, and on businesses, which the seed's sub-query reads under its own policy. */
const rivals = {
  'array: business_id = any (my_business_ids())': {
    customers: 'business_id = any (touchline.my_business_ids())',
    businesses: 'id = any (touchline.my_business_ids())',
  },
  'seed: business_id in (select … auth.uid())': {
    customers: 'business_id in (select id from touchline.businesses where user_id = auth.uid())',
    businesses: 'user_id = auth.uid()',
  },
  'seed, wrapped: … (select auth.uid())': {
    customers: 'business_id in (select id from touchline.businesses where user_id = (select auth.uid()))',
    businesses: 'user_id = (select auth.uid())',
  },
};

const questions = {
  'count all visible customers, no filter in the query':
    "select pg_catalog.count(*) from touchline.customers where status = 'active'",
  'newest 50 visible customers, no filter in the query':
    "select id, first_name from touchline.customers where status = 'active' order by id desc limit 50",
  'newest 50, and the query names the business':
    "select id, first_name from touchline.customers where business_id = $1 and status = 'active' order by id desc limit 50",
};

async function addRows(client: pg.Client, { businesses, customersEach }: Size): Promise<string> {
  await client.query(
    `insert into touchline.businesses (user_id, name, time_zone)
     select case n when 1 then $2::uuid else pg_catalog.gen_random_uuid() end, 'Business ' || n, 'America/New_York'
     from pg_catalog.generate_series(1, $1::integer) n`,
    [businesses, member],
  );
  // In the order of time, as they would come: the rows of one business lie scattered over the table.
  await client.query(
    `insert into touchline.customers (business_id, first_name, email)
     select b.id, 'Customer ' || n, 'customer' || n || '@example.com'
     from pg_catalog.generate_series(1, $1::integer) n, touchline.businesses b
     where b.id <> touchline.system_business_id()
     order by n`,
    [customersEach],
  );
  await client.query('vacuum analyze touchline.customers');
  await client.query('vacuum analyze touchline.businesses');
  const { rows } = await client.query<{ id: string }>('select id from touchline.businesses where user_id = $1', [
    member,
  ]);
  return rows[0]?.id ?? '';
}

/** Milliseconds of `sql` as the member under the rival's policies; the second of two runs, so that all pages are in memory. */
async function measure(
  client: pg.Client,
  policies: Record<string, string>,
  sql: string,
  business: string,
): Promise<number> {
  const params = sql.includes('$1') ? [business] : [];
  await client.query('begin');
  try {
    for (const [table, using] of Object.entries(policies)) {
      await client.query(`alter policy ${table}_select on touchline.${table} using (${using})`);
    }
    await client.query(`select pg_catalog.set_config('request.jwt.claims', $1, true)`, [
      JSON.stringify({ sub: member }),
    ]);
    await client.query('set local role authenticated');
    await client.query(sql, params);
    return await timed(() => client.query(sql, params));
  } finally {
    await client.query('rollback');
  }
}

export async function run(report: Report): Promise<void> {
  const size: Size = report.quick
    ? { businesses: 20, customersEach: 20, rounds: 1 }
    : { businesses: 1000, customersEach: 500, rounds: 5 };
  await withBenchDatabase(async ({ client }) => {
    const business = await addRows(client, size);
    await report.conditions(
      client,
      `${size.businesses} businesses × ${size.customersEach} customers, the member belongs to one; figures are the second run in a session`,
    );
    for (const [question, sql] of Object.entries(questions)) {
      const found: Rounds = new Map();
      for (let round = 0; round < size.rounds; round += 1) {
        for (const [rival, policies] of Object.entries(rivals)) {
          record(found, rival, await measure(client, policies, sql, business));
        }
      }
      report.compare({ question, unit: 'ms', better: 'less' }, found);
    }
  });
}
