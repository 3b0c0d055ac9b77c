// What do ids made by touchline.uuid_v7() cost and save, against gen_random_uuid()?
//
//   npx tsx bench/uuid.ts [--quick]
//
// A table of the house's form (primary key business_id, id) of one large business is filled first; then rows are added to it.
import type pg from 'pg';
import { withBenchDatabase } from './bench-database.ts';
import { isQuick, printComparison, printConditions, record, timed } from './report.ts';

const already = isQuick() ? 2000 : 1_000_000;
const added = isQuick() ? 1000 : 200_000;
const batch = 1000;
const rounds = isQuick() ? 1 : 3;
const business = '22222222-2222-4222-8222-222222222222';
const generators = ['touchline.uuid_v7()', 'pg_catalog.gen_random_uuid()'];

interface Outcome {
  milliseconds: number;
  walBytes: number;
  indexBytes: number;
}

async function walPosition(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ at: string }>('select pg_catalog.pg_current_wal_insert_lsn() as at');
  return rows[0]?.at ?? '0/0';
}

async function insert(client: pg.Client, count: number): Promise<void> {
  await client.query(
    `insert into public.message (business_id, body)
     select $1, 'Thank you for choosing us, how did it go?' from pg_catalog.generate_series(1, $2::integer)`,
    [business, count],
  );
}

async function measure(client: pg.Client, generator: string): Promise<Outcome> {
  await client.query('drop table if exists public.message');
  await client.query(
    `create table public.message (business_id uuid not null, id uuid not null default ${generator}, body text not null,
       primary key (business_id, id))`,
  );
  await insert(client, already);
  await client.query('vacuum analyze public.message');
  // The first change of a page after a checkpoint writes the whole page to the WAL: this is where scattered ids cost.
  await client.query('checkpoint');
  const before = await walPosition(client);
  const milliseconds = await timed(async () => {
    for (let count = 0; count < added; count += batch) await insert(client, batch);
  });
  const { rows } = await client.query<{ wal: string; size: string }>(
    `select pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), $1::pg_lsn)::text as wal,
       pg_catalog.pg_relation_size('public.message_pkey')::text as size`,
    [before],
  );
  return { milliseconds, walBytes: Number(rows[0]?.wal), indexBytes: Number(rows[0]?.size) };
}

async function timeToMake(client: pg.Client, generator: string): Promise<number> {
  return await timed(() =>
    client.query(`select pg_catalog.count(${generator}) from pg_catalog.generate_series(1, $1::integer)`, [added]),
  );
}

await withBenchDatabase(async (client) => {
  await printConditions(
    client,
    `${added} rows added in statements of ${batch} to ${already} rows of one business, a checkpoint before`,
  );
  const make = new Map<string, number[]>();
  const rate = new Map<string, number[]>();
  const wal = new Map<string, number[]>();
  const size = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const generator of generators) {
      record(make, generator, ((await timeToMake(client, generator)) * 1000) / added);
      const outcome = await measure(client, generator);
      record(rate, generator, (added / outcome.milliseconds) * 1000);
      record(wal, generator, outcome.walBytes / added);
      record(size, generator, outcome.indexBytes / 1024 ** 2);
    }
  }
  printComparison('making one id', 'µs', make);
  printComparison('rows inserted per second', '1/s', rate);
  printComparison('WAL per row', 'bytes', wal);
  printComparison('primary key index afterwards', 'MB', size);
});
