// What a paused campaign costs everybody else. Its due touches are the oldest, so they stand in front. The seed has no moment that
// could be moved without touching the plan: every claim reads past them and asks their campaign. Our queue parks them once.
import type pg from 'pg';
import type { Layout } from './layouts.ts';
import { selectAndLock } from './measure.ts';
import { touchNumbers } from './tables.ts';

const pausedCampaign = '018f0009-0000-7000-8000-000000000000';

/** Moves the `each` oldest due touches of every number into a campaign of their own, which is paused. */
async function pause(client: pg.Client, { schema, hasQueueTable }: Layout, each: number): Promise<void> {
  await client.query(
    `insert into ${schema}.campaigns select '${pausedCampaign}', b.id, 'Paused', 'paused' from ${schema}.businesses b`,
  );
  for (const n of touchNumbers) {
    await client.query(
      `update ${schema}.enrollments set campaign_id = '${pausedCampaign}'
       where id = any (array(
         select id from ${schema}.enrollments
         where status = 'active' and current_touch = ${n} and touch_${n}_sent_at is null
         order by touch_${n}_scheduled_at
         limit ${each}))`,
    );
  }
  await client.query(
    `insert into ${schema}.campaign_touches
     select '${pausedCampaign}', n, 'email', 72, 72 * n from generate_series(1, 4) n`,
  );
  if (hasQueueTable) {
    await client.query(
      `update ${schema}.touch_queue q set due_at = 'infinity' from ${schema}.enrollments e
       where e.id = q.enrollment_id and e.campaign_id = '${pausedCampaign}'`,
    );
  }
  await client.query(`vacuum analyze ${schema}.enrollments`);
  if (hasQueueTable) await client.query(`vacuum analyze ${schema}.touch_queue`);
}

/** The due query of a layout that has to ask the campaign of each touch. */
function asking({ schema, due, hasQueueTable }: Layout): Layout['due'] {
  if (hasQueueTable) return due;
  const active = `exists (select from ${schema}.campaigns c where c.id = e.campaign_id and c.status = 'active')`;
  return (n) => due(n).replace('and e.claim_id is null', `and e.claim_id is null and ${active}`);
}

/** Milliseconds inside the server to select and lock 100 behind the paused touches, `each` of every number. */
export async function selectBehindPaused(
  client: pg.Client,
  layout: Layout,
  each: number,
  samples: number,
): Promise<number[]> {
  await pause(client, layout, each);
  return selectAndLock(client, { allNumbersAtOnce: layout.allNumbersAtOnce, due: asking(layout) }, samples);
}
