// What does it cost to find stale leases by an index on the queue, and what by a row per claim of a lane?
//
//   npm run bench -- leases [--quick]
//
// A batch is leased and committed, then released with its next due moment and committed. Either the queue has an index on
// lease_until, or each claim writes a row of lane_claims, which is deleted when its batch is settled.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { withBenchDatabase } from './support/database.ts';
import { type Report, type Rounds, record } from './support/report.ts';
import { walOf } from './support/wal.ts';
import { addCrowd } from './throughput/crowd.ts';

interface Rival {
  name: string;
  index: boolean;
}

const rivals: Rival[] = [
  { name: 'lane_claims: one row per claim', index: false },
  { name: 'an index on touch_queue.lease_until', index: true },
];
const batch = 500;

async function prepare(client: pg.Client, { index }: Rival): Promise<void> {
  await client.query('drop index if exists touchline.touch_queue_lease');
  if (index) {
    await client.query(
      'create index touch_queue_lease on touchline.touch_queue (lease_until) where lease_until is not null',
    );
  }
  await client.query('vacuum analyze touchline.touch_queue');
  await client.query('checkpoint');
}

async function lease(client: pg.Client, business: string, ids: string[], { index }: Rival): Promise<void> {
  const claimId = randomUUID();
  const params = [business, ids, claimId];
  await client.query('begin');
  await client.query(
    `update touchline.touch_queue set claim_id = $3, lease_until = pg_catalog.now() + interval '3 minutes'
     where business_id = $1 and enrollment_id = any ($2)`,
    params,
  );
  if (!index) {
    await client.query(
      `insert into touchline.lane_claims (business_id, claim_id, channel, worker, claimed_at, lease_until, check_at, send_log_ids)
       select $1, $3, 'email', 'bench', n.now, n.now + interval '3 minutes', n.now + interval '3 minutes', $2::uuid[]
       from (select pg_catalog.now() as now) n`,
      params,
    );
  }
  await client.query('commit');
  await client.query('begin');
  await client.query(
    `update touchline.touch_queue set claim_id = null, lease_until = null, due_at = due_at + interval '3 days'
     where business_id = $1 and enrollment_id = any ($2) and claim_id = $3`,
    params,
  );
  if (!index) {
    await client.query('delete from touchline.lane_claims where business_id = $1 and claim_id = $2', [
      business,
      claimId,
    ]);
  }
  await client.query('commit');
}

async function hotAndAll(client: pg.Client): Promise<{ all: number; hot: number }> {
  await client.query('select pg_catalog.pg_stat_force_next_flush()');
  const { rows } = await client.query<{ all: number; hot: number }>(
    `select n_tup_upd::float8 as all, n_tup_hot_upd::float8 as hot
     from pg_catalog.pg_stat_user_tables where relid = 'touchline.touch_queue'::regclass`,
  );
  return rows[0] ?? { all: 0, hot: 0 };
}

export async function run(report: Report): Promise<void> {
  const [people, rounds] = report.quick ? [2000, 1] : [50_000, 5];
  await withBenchDatabase(
    async ({ client }) => {
      const { businessIds } = await addCrowd(client, { businesses: 1, due: people, waiting: 0 });
      const [business = ''] = businessIds;
      const { rows } = await client.query<{ id: string }>(
        'select enrollment_id as id from touchline.touch_queue order by 1',
      );
      await report.conditions(
        client,
        `${people} queue rows, each leased and released once a round in batches of ${batch}`,
      );
      const [rate, bytes, share]: [Rounds, Rounds, Rounds] = [new Map(), new Map(), new Map()];
      for (let round = 0; round < rounds; round += 1) {
        for (const rival of rivals) {
          await prepare(client, rival);
          const before = await hotAndAll(client);
          const start = performance.now();
          const wal = await walOf(client, async () => {
            for (let at = 0; at < people; at += batch) {
              const ids = rows.slice(at, at + batch).map(({ id }) => id);
              await lease(client, business, ids, rival);
            }
          });
          record(rate, rival.name, (people / (performance.now() - start)) * 1000);
          const after = await hotAndAll(client);
          report.count(`${rival.name}, updates in round ${round + 1}`, after.all - before.all, 2 * people);
          record(bytes, rival.name, wal.bytes / people);
          record(share, rival.name, ((after.hot - before.hot) / (after.all - before.all)) * 100);
        }
      }
      report.compare({ question: 'leased and released', unit: '1/s', better: 'more' }, rate);
      report.compare({ question: 'WAL per lease and release', unit: 'bytes', better: 'less' }, bytes);
      report.compare({ question: 'HOT updates of the queue', unit: '%', better: 'more' }, share);
    },
    { fullPageImages: false },
  );
}
