// What do ids made by touchline.uuid_v7() cost and save, against gen_random_uuid()?
//
//   npm run bench -- uuid [--quick]
//
// A table of the house's form (primary key business_id, id) of one large business is filled first; then rows are added to it.
import type pg from 'pg';
import { withBenchDatabase } from './support/database.ts';
import { type Report, type Rounds, record, timed } from './support/report.ts';

interface Size {
  already: number;
  added: number;
  rounds: number;
}

const batch = 1000;
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

async function measure(client: pg.Client, generator: string, { already, added }: Size): Promise<Outcome> {
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

async function timeToMake(client: pg.Client, generator: string, count: number): Promise<number> {
  return await timed(() =>
    client.query(`select pg_catalog.count(${generator}) from pg_catalog.generate_series(1, $1::integer)`, [count]),
  );
}

export async function run(report: Report): Promise<void> {
  const size: Size = report.quick
    ? { already: 2000, added: 1000, rounds: 1 }
    : { already: 1_000_000, added: 200_000, rounds: 3 };
  await withBenchDatabase(async ({ client }) => {
    await report.conditions(
      client,
      `${size.added} rows added in statements of ${batch} to ${size.already} rows of one business, a checkpoint before`,
    );
    const [make, rate, wal, index]: [Rounds, Rounds, Rounds, Rounds] = [new Map(), new Map(), new Map(), new Map()];
    for (let round = 0; round < size.rounds; round += 1) {
      for (const generator of generators) {
        record(make, generator, ((await timeToMake(client, generator, size.added)) * 1000) / size.added);
        const outcome = await measure(client, generator, size);
        record(rate, generator, (size.added / outcome.milliseconds) * 1000);
        record(wal, generator, outcome.walBytes / size.added);
        record(index, generator, outcome.indexBytes / 1024 ** 2);
      }
    }
    report.compare({ question: 'making one id', unit: 'µs', better: 'less' }, make);
    report.compare({ question: 'rows inserted per second', unit: '1/s', better: 'more' }, rate);
    report.compare({ question: 'WAL per row', unit: 'bytes', better: 'less' }, wal);
    report.compare({ question: 'primary key index afterwards', unit: 'MB', better: 'less' }, index);
  });
}
