// What do the foreign keys of send_logs cost, of which every message share-locks its campaign's row?
//
//   npm run bench -- log-keys [--quick]
//
// Messages of one campaign are written in batches, by one client and by four at once, with the five keys and without them.
// Nothing else is written: in a whole claim and settle the same difference is a smaller share.
import type pg from 'pg';
import { type BenchDatabase, withBenchDatabase } from './support/database.ts';
import { nextMultiXact } from './support/multixact.ts';
import { type Report, type Rounds, record } from './support/report.ts';
import { walOf } from './support/wal.ts';
import { addCrowd } from './throughput/crowd.ts';

interface Rival {
  name: string;
  keys: boolean;
  clients: number;
}

const rivals: Rival[] = [1, 4].flatMap((clients) =>
  [true, false].map((keys) => ({
    name: `${keys ? 'five foreign keys' : 'none'}, ${clients === 1 ? 'one client' : `${clients} clients`}`,
    keys,
    clients,
  })),
);
const batch = 500;

interface Key {
  name: string;
  definition: string;
}

const insertSql = `
  insert into touchline.send_logs (business_id, customer_id, recipient, channel, campaign_id, campaign_enrollment_id, touch_number,
    campaign_version, template_version_id, state, claim_id, attempt, claimed_at)
  select e.business_id, e.customer_id, 'ann@example.com', 'email', e.campaign_id, e.id, 1, e.campaign_version, t.template_version_id,
    'sending', e.id, 1, pg_catalog.now()
  from touchline.campaign_enrollments e
  join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version, t.touch_number) = (e.business_id, e.campaign_id, e.campaign_version, 1)
  where e.business_id = $1 and e.id = any ($2)`;

async function keysOf(client: pg.Client): Promise<Key[]> {
  const { rows } = await client.query<Key>(
    `select conname as name, pg_catalog.pg_get_constraintdef(oid) as definition
     from pg_catalog.pg_constraint where conrelid = 'touchline.send_logs'::regclass and contype = 'f'`,
  );
  return rows;
}

async function prepare(client: pg.Client, wanted: readonly Key[]): Promise<void> {
  await client.query('truncate touchline.send_logs cascade');
  for (const { name } of await keysOf(client)) {
    await client.query(`alter table touchline.send_logs drop constraint ${name}`);
  }
  for (const { name, definition } of wanted) {
    await client.query(`alter table touchline.send_logs add constraint ${name} ${definition}`);
  }
}

/** All batches, by so many clients; each is a transaction. */
async function writeAll(pool: pg.Pool, business: string, batches: string[][], clients: number): Promise<void> {
  const left = [...batches];
  const work = async (): Promise<void> => {
    for (let ids = left.pop(); ids !== undefined; ids = left.pop()) {
      await pool.query({ name: 'write', text: insertSql, values: [business, ids] });
    }
  };
  await Promise.all(Array.from({ length: clients }, work));
}

async function measure(report: Report, database: BenchDatabase, people: number, rounds: number): Promise<void> {
  const { client } = database;
  const { businessIds } = await addCrowd(client, { businesses: 1, due: people, waiting: 0 });
  const [business = ''] = businessIds;
  const { rows } = await client.query<{ id: string }>(
    'select enrollment_id as id from touchline.touch_queue order by 1',
  );
  const batches: string[][] = [];
  for (let at = 0; at < people; at += batch) batches.push(rows.slice(at, at + batch).map(({ id }) => id));
  await client.query('vacuum analyze');
  await report.conditions(client, `${people} messages of one campaign, in batches of ${batch}`);
  const keys = await keysOf(client);
  report.count('foreign keys of send_logs', keys.length, 5);
  const [rate, bytes, made]: [Rounds, Rounds, Rounds] = [new Map(), new Map(), new Map()];
  const pool = database.connect(4);
  for (let round = 0; round < rounds; round += 1) {
    for (const rival of rivals) {
      await prepare(client, rival.keys ? keys : []);
      const before = await nextMultiXact(client);
      const start = performance.now();
      const wal = await walOf(client, () => writeAll(pool, business, batches, rival.clients));
      record(rate, rival.name, (people / (performance.now() - start)) * 1000);
      record(bytes, rival.name, wal.bytes / people);
      record(made, rival.name, (await nextMultiXact(client)) - before);
      const written = await client.query('select from touchline.send_logs');
      report.count(`${rival.name}, messages in round ${round + 1}`, written.rowCount ?? 0, people);
    }
  }
  report.compare({ question: 'messages written', unit: '1/s', better: 'more' }, rate);
  report.compare({ question: 'WAL per message', unit: 'bytes', better: 'less' }, bytes);
  report.compare({ question: 'MultiXacts made in a round', unit: '', better: 'less' }, made);
}

export async function run(report: Report): Promise<void> {
  const [people, rounds] = report.quick ? [2000, 1] : [50_000, 5];
  await withBenchDatabase((database) => measure(report, database, people, rounds), { fullPageImages: false });
}
