// Many people in campaigns, mixed as they are in life: person after person in the order in which their work was completed, each
// of another business. Written straight into the tables in bulk, without key checks and triggers, like a restored dump.
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type pg from 'pg';
import { touchMoments } from '../throughput/crowd.ts';

/** How many people, and how many of each business are due at each of `touchMoments`; the others are in the year after. */
export interface Population {
  businessIds: readonly string[];
  people: number;
  dueEach: number;
}

const completedAt = '2026-03-02T15:00:00Z';
const chunk = 200_000;
/** On disk, with indexes and what is kept free in pages; and the log that the server keeps meanwhile. */
const bytesPerPerson = 2_000;
const logBytes = 9 * 1024 ** 3;
const peoplePerSecond = 12_000;

const plans = touchMoments.map((moment) => `timestamptz '${moment}' - interval '6.5 hours' + w.wait`).join(', ');
/** An id of some kind (a digit) for the number `n` of a row, in SQL; numbers in order make ids in order. */
export const idOf = (kind: number, n = 'p.n'): string =>
  `('018f000${kind}-0000-7000-8000-' || pg_catalog.lpad(pg_catalog.to_hex(${n}), 12, '0'))::uuid`;
const businessOf = '($3::uuid[])[1 + p.n % pg_catalog.cardinality($3::uuid[])]';

const statements = [
  `insert into touchline.customers (business_id, id, external_id, first_name, last_name, email, time_zone, time_zone_source)
   select ${businessOf}, ${idOf(1)}, p.n::text, 'Ann', 'Lee', 'customer' || p.n || '@example.com', z.name,
     case when z.name is not null then 'address' end
   from pg_catalog.generate_series($1::bigint, $2::bigint) p (n),
     lateral (select case p.n % 3 when 0 then 'America/Chicago' when 1 then 'America/New_York' end as name) z`,
  `insert into touchline.jobs (business_id, id, customer_id, external_id, title, status, completed_at, decision, decided_at)
   select ${businessOf}, ${idOf(2)}, ${idOf(1)}, p.n::text, 'Boiler', 'completed', '${completedAt}', 'enrolled', '${completedAt}'
   from pg_catalog.generate_series($1::bigint, $2::bigint) p (n)`,
  // The due ones come first, in the six hours before each moment; the next one is a month later, the last one a year.
  `insert into touchline.campaign_enrollments (business_id, id, campaign_id, campaign_version, job_id, customer_id, enrolled_at,
     anchor_at, touch_1_scheduled_at, touch_2_scheduled_at, touch_3_scheduled_at, touch_4_scheduled_at, touch_1_status,
     touch_2_status, touch_3_status, touch_4_status)
   select ${businessOf}, ${idOf(3)}, ($4::uuid[])[1 + p.n % pg_catalog.cardinality($4::uuid[])], 1, ${idOf(2)}, ${idOf(1)},
     '${completedAt}', '${completedAt}', ${plans}, 'pending', 'pending', 'pending', 'pending'
   from pg_catalog.generate_series($1::bigint, $2::bigint) p (n)
   cross join lateral (
     select case when p.n < $5::bigint then interval '6 hours' * (p.n::float8 / $5)
       else interval '30 days' + interval '335 days' * ((p.n - $5)::float8 / greatest($6::bigint - $5, 1)) end as wait) w`,
  `insert into touchline.touch_queue (business_id, enrollment_id, touch_number, channel, scheduled_at, due_at, late_after)
   select e.business_id, e.id, 1, 'email', e.touch_1_scheduled_at, e.touch_1_scheduled_at, e.touch_1_scheduled_at + interval '48 hours'
   from pg_catalog.generate_series($1::bigint, $2::bigint) p (n)
   join touchline.campaign_enrollments e on e.business_id = ${businessOf} and e.id = ${idOf(3)}`,
];

/** The largest of these sizes for which there is room where the bundled server keeps its data, and a line that says so. */
export function sizesThatFit(sizes: readonly number[]): { fitting: number[]; line: string } {
  const { bavail, bsize } = statfsSync(tmpdir());
  const free = bavail * bsize;
  const gb = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GB`;
  const need = (upTo: number): number => sizes.slice(0, upTo).reduce((sum, size) => sum + size * bytesPerPerson, 0);
  let count = sizes.length;
  while (count > 0 && need(count) + Math.min(logBytes, need(count)) > 0.9 * free) count -= 1;
  const fitting = sizes.slice(0, count);
  const minutes = Math.ceil(fitting.reduce((sum, size) => sum + size, 0) / peoplePerSecond / 60);
  const room = `needs ${gb(need(count) + Math.min(logBytes, need(count)))} of the ${gb(free)} free in ${tmpdir()}`;
  const left = sizes.slice(count).map((size) => size.toLocaleString('en'));
  const without = left.length === 0 ? '' : `; no room for ${left.join(', ')}`;
  return { fitting, line: `filling the tables ${room} and about ${minutes} min of a machine with 2 cores${without}` };
}

/** Enrolls the people; their businesses are there, with a campaign each (`addBusinesses`). */
export async function fillPopulation(
  client: pg.ClientBase,
  { businessIds, people, dueEach }: Population,
): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `select c.id from pg_catalog.unnest($1::uuid[]) with ordinality b (id, place)
     join touchline.campaigns c on c.business_id = b.id order by b.place`,
    [businessIds],
  );
  const campaigns = rows.map(({ id }) => id);
  const due = dueEach * businessIds.length;
  await fillInChunks(client, statements, people, [businessIds, campaigns, due, people]);
  await client.query('vacuum analyze');
}

/**
 * Runs statements for the numbers 0 to `count` - 1, so many at once, without key checks and triggers.
 * @param sqls in which the first and the last number are $1 and $2, then come `values`
 */
export async function fillInChunks(
  client: pg.ClientBase,
  sqls: readonly string[],
  count: number,
  values: readonly unknown[],
): Promise<void> {
  for (let from = 0; from < count; from += chunk) {
    const all = [from, Math.min(from + chunk, count) - 1, ...values];
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query('set local synchronous_commit = off');
    for (const sql of sqls) await client.query(usedBy(sql, all));
    await client.query('commit');
  }
}

/** The server refuses a value that no parameter stands for: those that a statement has are numbered anew. */
function usedBy(sql: string, values: readonly unknown[]): pg.QueryConfig {
  const used = [...new Set([...sql.matchAll(/\$(\d)/g)].map(([, number]) => Number(number)))];
  return {
    text: sql.replaceAll(/\$(\d)/g, (_, number) => `$${used.indexOf(Number(number)) + 1}`),
    values: used.map((number) => values[number - 1]),
  };
}
