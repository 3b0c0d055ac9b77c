// What the page of a campaign says of its messages lately: thirty days of the business, folded or not, and nobody else's.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { homePort } from '../../src/db/home.ts';
import type { TouchResults } from '../../src/engine/home.ts';
import type { OutcomeKind } from '../../src/engine/ports.ts';
import { type Business, later, openWorld, type World } from '../engine/world.ts';

let world: World;
let business: Business;
let owner: string;

beforeAll(async () => {
  world = await openWorld('home_results');
  const touches = [{ channel: 'email', delay_hours: 24 }] as const;
  business = await world.business({ zone: 'America/New_York', touches });
  const sql = 'select user_id as owner from touchline.businesses where id = $1';
  owner = (await world.database.query<{ owner: string }>(sql, [business.id])).rows[0]?.owner ?? '';
});
afterAll(() => world.close());

/** So many people whose first message is claimed and settled at this moment. */
async function settled(people: number, at: string, kind: OutcomeKind): Promise<void> {
  const { store } = world.engine;
  const completed = { completed_at: later(at, -24).toISOString() };
  world.at(at);
  for (let person = 0; person < people; person += 1) await business.completeJob({}, completed);
  const claimId = randomUUID();
  const intents = await store.claim({ worker: 'story', claimId, limit: 10, now: world.now });
  const outcomes = intents.map(({ businessId, sendLogId, attempt }) => ({ businessId, sendLogId, attempt, kind }));
  await store.settle(claimId, outcomes, world.now);
}

const asked = (at: string, userId = owner): Promise<TouchResults[]> =>
  homePort(world.database.pool, { role: 'authenticated', userId }, () => new Date(at)).results(
    business.id,
    business.campaign,
  );

const row = (sent: number, failed: number): TouchResults => ({
  ...{ number: 1, channel: 'email', sent, failed, delivered: 0, opened: 0, clicked: 0, bounced: 0, complained: 0 },
  skipped: 0,
});

test('reads the last thirty days in the zone of the business', async () => {
  // March 2 in New York, and the day after.
  await settled(2, '2026-03-03T04:59:59Z', 'accepted');
  await settled(1, '2026-03-03T17:00:00Z', 'rejected');
  expect(await asked('2026-03-03T17:00:00Z')).toEqual([row(2, 1)]);
  await world.call('touchline.fold_daily_stats($1)', [100]);
  // The end of March 31 there is the last moment of thirty days that begin with March 2.
  expect(await asked('2026-04-01T03:59:59Z')).toEqual([row(2, 1)]);
  expect(await asked('2026-04-01T04:00:00Z')).toEqual([row(0, 1)]);
  expect(await asked('2026-04-02T04:00:00Z')).toEqual([]);
  expect(await asked('2026-03-03T17:00:00Z', randomUUID())).toEqual([]);
});
