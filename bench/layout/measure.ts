// One layout at work: touches per second, what they write, how often an update stays in its page, and how long it takes to select
// and lock a batch of 100, and to lease it durably.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { CpuClock } from '../support/cpu.ts';
import { walOf } from '../support/wal.ts';
import type { Layout } from './layouts.ts';
import { touchNumbers } from './tables.ts';

/** What handling some touches cost. */
export interface Run {
  handled: number;
  ms: number;
  /** Processor time of the server; null where it cannot be read. */
  cpuMicros: number | null;
  walBytes: number;
  walRecords: number;
  /** Share of updates of the wide record and the queue that were HOT. */
  hotShare: number;
}

/** What cleaning up after a run cost: old row versions, and the entries of indexes that lead to them. */
export interface Cleaning {
  ms: number;
  walBytes: number;
}

const batch = 500;

async function updates(client: pg.Client, schema: string): Promise<{ all: number; hot: number }> {
  await client.query('select pg_catalog.pg_stat_force_next_flush()');
  const { rows } = await client.query<{ all: number; hot: number }>(
    `select sum(n_tup_upd)::float8 as all, sum(n_tup_hot_upd)::float8 as hot
     from pg_catalog.pg_stat_user_tables where schemaname = $1 and relname in ('enrollments', 'touch_queue')`,
    [schema],
  );
  return rows[0] ?? { all: 0, hot: 0 };
}

async function claim(client: pg.Client, { schema }: Layout, touch: number, limit: number): Promise<string[]> {
  const { rows } = await client.query<{ ids: string[] | null }>({
    name: `${schema}_claim_${touch}`,
    text: `select ${schema}.claim_${touch}($1, $2, now()) as ids`,
    values: [randomUUID(), limit],
  });
  return rows[0]?.ids ?? [];
}

async function settle(client: pg.Client, { schema }: Layout, logIds: string[]): Promise<void> {
  await client.query({
    name: `${schema}_settle`,
    text: `select ${schema}.settle($1, now())`,
    values: [logIds],
  });
}

/** Claims and settles until `wanted` touches are handled, two transactions per batch; the touch numbers take turns. */
export async function handle(client: pg.Client, layout: Layout, wanted: number): Promise<number> {
  let handled = 0;
  for (let turn = 0; handled < wanted; turn += 1) {
    const touch = layout.allNumbersAtOnce ? 1 : (touchNumbers[turn % touchNumbers.length] ?? 1);
    const logIds = await claim(client, layout, touch, Math.min(batch, wanted - handled));
    if (logIds.length === 0) throw new Error(`Nothing is due any more in ${layout.schema} after ${handled} touches.`);
    await settle(client, layout, logIds);
    handled += logIds.length;
  }
  return handled;
}

/** Vacuums record and queue, indexes included, as autovacuum does sooner or later. */
export async function clean(client: pg.Client, { schema, hasQueueTable }: Layout): Promise<Cleaning> {
  const tables = [`${schema}.enrollments`, ...(hasQueueTable ? [`${schema}.touch_queue`] : [])];
  let ms = 0;
  const wal = await walOf(client, async () => {
    const start = performance.now();
    await client.query(`vacuum (index_cleanup on, truncate off) ${tables.join(', ')}`);
    ms = performance.now() - start;
  });
  return { ms, walBytes: wal.bytes };
}

/** Measures `wanted` touches, after a checkpoint. */
export async function measureRun(client: pg.Client, layout: Layout, wanted: number, cpu: CpuClock): Promise<Run> {
  const tables = ['enrollments', 'send_logs', ...(layout.hasQueueTable ? ['touch_queue'] : [])];
  await client.query(`analyze ${tables.map((table) => `${layout.schema}.${table}`).join(', ')}`);
  await client.query('checkpoint');
  const before = await updates(client, layout.schema);
  const cpuBefore = cpu();
  let handled = 0;
  let ms = 0;
  const wal = await walOf(client, async () => {
    const start = performance.now();
    handled = await handle(client, layout, wanted);
    ms = performance.now() - start;
  });
  const cpuAfter = cpu();
  const after = await updates(client, layout.schema);
  return {
    handled,
    ms,
    cpuMicros: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore,
    walBytes: wal.bytes,
    walRecords: wal.records,
    hotShare: (after.hot - before.hot) / (after.all - before.all),
  };
}

/** Milliseconds inside the server to select and lock a batch of 100, each time rolled back; the first time does not count. */
export async function selectAndLock(
  client: pg.Client,
  layout: Pick<Layout, 'allNumbersAtOnce' | 'due'>,
  samples: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let sample = -touchNumbers.length; sample < samples; sample += 1) {
    const touch = layout.allNumbersAtOnce ? 1 : (touchNumbers.at(sample % touchNumbers.length) ?? 1);
    const query = layout.due(touch).replaceAll('p_limit', '100').replaceAll('p_now', 'now()');
    await client.query('begin');
    const { rows } = await client.query<{ 'QUERY PLAN': [{ 'Execution Time': number }] }>(
      `explain (analyze, timing off, format json) ${query}`,
    );
    await client.query('rollback');
    if (sample >= 0) times.push(rows[0]?.['QUERY PLAN'][0]['Execution Time'] ?? Number.NaN);
  }
  return times;
}

/** Milliseconds at the client to claim a batch of 100 durably: found, locked, leased, logged, committed. Settled uncounted. */
export async function leaseDurably(client: pg.Client, layout: Layout, samples: number): Promise<number[]> {
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const touch = layout.allNumbersAtOnce ? 1 : (touchNumbers[sample % touchNumbers.length] ?? 1);
    const start = performance.now();
    const logIds = await claim(client, layout, touch, 100);
    times.push(performance.now() - start);
    await settle(client, layout, logIds);
  }
  return times;
}

/** The way of the seed's application: lock 100, then a log row and an update for each, one statement after the other. */
export async function handleRowByRow(client: pg.Client, { schema, due }: Layout, batches: number): Promise<number> {
  let handled = 0;
  for (let turn = 0; turn < batches; turn += 1) {
    const touch = touchNumbers[turn % touchNumbers.length] ?? 1;
    await client.query('begin');
    const { rows } = await client.query<{ id: string }>(
      due(touch).replaceAll('p_limit', '100').replaceAll('p_now', 'now()'),
    );
    for (const { id } of rows) {
      await client.query(
        `insert into ${schema}.send_logs (business_id, customer_id, campaign_id, campaign_enrollment_id, touch_number, claim_id,
           recipient, status, sent_at)
         select business_id, customer_id, campaign_id, id, current_touch, $2, 'someone@example.com', 'sent', now()
         from ${schema}.enrollments where id = $1`,
        [id, randomUUID()],
      );
      await client.query(
        `update ${schema}.enrollments
         set touch_${touch}_status = 'sent', touch_${touch}_sent_at = now(), current_touch = ${Math.min(touch + 1, 4)},
           status = '${touch === 4 ? 'completed' : 'active'}', completed_at = ${touch === 4 ? 'now()' : 'null'}
         where id = $1`,
        [id],
      );
      handled += 1;
    }
    await client.query('commit');
  }
  return handled;
}
