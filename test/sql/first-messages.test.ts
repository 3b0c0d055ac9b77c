// While there are no messages, every index on them costs the planner the same. What a claim reads of them must not grow all the same:
// a business's first thousands are claimed with plans made for none.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { later, openWorld, type World } from '../engine/world.ts';

const people = 300;
const batch = 100;

let world: World;
beforeAll(async () => {
  world = await openWorld('first_messages');
  const business = await world.business();
  for (let n = 0; n < people; n += 1) await business.completeJob();
  await world.database.query('vacuum analyze');
});
afterAll(() => world.close());

/** Rows of messages that this connection fetched by an index and did not tell the statistics yet. */
async function untold(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ fetched: number }>(
    `select idx_tup_fetch::integer as fetched from pg_stat_xact_user_tables where relname = 'send_logs'`,
  );
  return rows[0]?.fetched ?? 0;
}

/** Claims a batch; answers how many it brought, and how many rows of messages it fetched. */
async function claimed(claimId: string): Promise<{ count: number; fetched: number }> {
  const sql = `select count(*)::integer as count from touchline.claim_due_touches('first', $1, $2, $3)`;
  return world.database.asRole('touchline_worker', null, async (client) => {
    const before = await untold(client);
    const { rows } = await client.query<{ count: number }>(sql, [claimId, batch, world.now]);
    return { count: rows[0]?.count ?? 0, fetched: (await untold(client)) - before };
  });
}

test('the first messages of a business are found by their keys', async () => {
  world.at(later(world.now, 24));
  for (let n = 0; n < people / batch; n += 1) {
    const { count, fetched } = await claimed(randomUUID());
    expect(count).toBe(batch);
    expect(fetched).toBeGreaterThan(0);
    expect(fetched).toBeLessThanOrEqual(3 * batch);
  }
});
