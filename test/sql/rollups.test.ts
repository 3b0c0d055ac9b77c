// Daily counts are written where a touch changes what it counts as, folded by house-keeping, and equal to a recount at every moment
// between: each story ends with the invariants, and asks both halves.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordProviderEvent } from '../../src/db/engine/provider-events.ts';
import { migrate } from '../../src/db/migrate/index.ts';
import type { ProviderEvent } from '../../src/domain/provider-event.ts';
import type { Intent, OutcomeKind } from '../../src/engine/ports.ts';
import { Session } from '../engine/interleavings/session.ts';
import { type Business, later, openWorld, type World } from '../engine/world.ts';
import { violations } from '../support/violations.ts';

const zone = 'America/New_York';
const day1 = '2026-03-03';
const day2 = '2026-03-04';

let world: World;
let business: Business;

beforeEach(async () => {
  world = await openWorld('rollups');
  business = await newBusiness();
});
afterEach(async () => {
  await expectRightCounts();
  await world.close();
});

/** No provider took anything here, so only what speaks of counts is asked. */
async function expectRightCounts(): Promise<void> {
  const client = await world.database.pool.connect();
  await client.query('begin');
  const wrong = (await violations(client, { now: world.now })).filter(({ invariant }) => invariant.startsWith('35_'));
  await client.query('rollback');
  client.release();
  expect(wrong).toEqual([]);
}

function newBusiness(): Promise<Business> {
  const touches = [
    { channel: 'email', delay_hours: 24 },
    { channel: 'email', delay_hours: 72 },
  ] as const;
  return world.business({ zone, touches, policy: { unknown_email: 'hold', max_late_hours: 48 } });
}

type Counts = Record<string, number | string>;

/** What counts, as `sent 2` and so on, by day and touch. */
async function counts(relation: string, id = business.id): Promise<Record<string, string>> {
  const { rows } = await world.database.query<{ key: string; counts: Counts }>(
    `select s.day || ' touch ' || s.touch_number as key,
       pg_catalog.to_jsonb(s) - '{business_id,campaign_id,touch_number,channel,day}'::text[] as counts
     from ${relation} s where s.business_id = $1 order by s.day, s.touch_number`,
    [id],
  );
  const words = (each: Counts): string =>
    Object.entries(each)
      .flatMap(([name, count]) => (count === 0 ? [] : `${name} ${count}`))
      .toSorted()
      .join(', ');
  return Object.fromEntries(rows.map((row) => [row.key, words(row.counts)]).filter(([, text]) => text !== ''));
}
const seen = (id?: string) => counts('touchline.campaign_daily_stats', id);
const stored = (id?: string) => counts('touchline.daily_stats', id);

async function waiting(id = business.id): Promise<number> {
  const { rows } = await world.database.query('select from touchline.daily_stats_changes where business_id = $1', [id]);
  return rows.length;
}

const fold = (limit = 1000): Promise<number> => world.call<number>('touchline.fold_daily_stats($1)', [limit]);

interface Claim {
  claimId: string;
  intents: Intent[];
}

/** Completes jobs and goes to the moment at which their first touch is claimed. */
async function claimed(people = 1, at: string | Date = later(world.now, 24)): Promise<Claim> {
  const completed = { completed_at: later(at, -24).toISOString() };
  world.at(at);
  for (let person = 0; person < people; person += 1) await business.completeJob({}, completed);
  return claimAgain();
}

async function claimAgain(): Promise<Claim> {
  const claimId = randomUUID();
  const intents = await world.engine.store.claim({ worker: 'story', claimId, limit: 100, now: world.now });
  return { claimId, intents };
}

async function settle({ claimId, intents }: Claim, kind: OutcomeKind, at: string | Date = world.now): Promise<void> {
  world.at(at);
  const outcomes = intents.map(({ businessId, sendLogId, attempt }) => ({ businessId, sendLogId, attempt, kind }));
  await world.engine.store.settle(claimId, outcomes, world.now);
}

async function tell(intent: Intent | undefined, kind: ProviderEvent['kind']): Promise<void> {
  if (intent === undefined) throw new Error('Nothing was claimed that could be told of.');
  const { businessId, sendLogId, sender } = intent;
  const from = { provider: 'resend', businessId, senderAccountId: sender.senderAccountId, headers: {} };
  const event = { ...from, eventId: randomUUID(), kind, sendLogId, body: Buffer.from('{}') };
  expect(await recordProviderEvent(world.database.pool, event, world.now)).toBe('recorded');
}

/** Runs `work` in a session that holds what it locked until the end of `meanwhile`. */
async function holding<T>(work: (client: pg.PoolClient) => Promise<unknown>, meanwhile: () => Promise<T>): Promise<T> {
  const client = await world.database.pool.connect();
  try {
    await client.query('begin');
    await work(client);
    const answer = await meanwhile();
    await client.query('commit');
    return answer;
  } finally {
    await client.query('rollback');
    client.release();
  }
}
const foldAs = async (client: pg.ClientBase): Promise<number> => {
  await client.query('set local role touchline_worker');
  const { rows } = await client.query<{ answer: number }>('select touchline.fold_daily_stats() as answer');
  return rows[0]?.answer ?? Number.NaN;
};

const noon = `${day1}T17:00:00Z`;

describe('what is settled', () => {
  it('counts at once, in one row for all that was settled together, and is folded by the next tick', async () => {
    await settle(await claimed(3, noon), 'accepted');
    expect(await seen()).toEqual({ [`${day1} touch 1`]: 'sent 3' });
    expect([await waiting(), await stored()]).toEqual([1, {}]);
    await world.tick();
    expect([await waiting(), await stored()]).toEqual([0, await seen()]);
    expect(await fold()).toBe(0);
  });

  it('counts on the day that it is in the zone of the business', async () => {
    await settle(await claimed(1, `${day2}T04:59:59Z`), 'accepted');
    await settle(await claimed(1, `${day2}T05:00:00Z`), 'rejected');
    const wanted = { [`${day1} touch 1`]: 'sent 1', [`${day2} touch 1`]: 'failed 1' };
    expect(await seen()).toEqual(wanted);
    await fold();
    expect(await stored()).toEqual(wanted);
  });

  it('counts once, however often it is settled', async () => {
    const claim = await claimed(1, noon);
    await settle(claim, 'accepted');
    await settle(claim, 'accepted', later(noon, 30));
    expect(await seen()).toEqual({ [`${day1} touch 1`]: 'sent 1' });
  });

  it('moves to the day of its proof, when it was only presumed the day before', async () => {
    await world.call('touchline.set_sending_policy($1, $2)', [business.id, { unknown_email: 'presumed_sent' }]);
    const claim = await claimed(1, noon);
    await settle(claim, 'ambiguous');
    await world.runUntil(later(noon, 1));
    expect(await stored()).toEqual({ [`${day1} touch 1`]: 'presumed_sent 1' });
    world.at(`${day2}T06:00:00Z`);
    await tell(claim.intents[0], 'accepted');
    expect(await seen()).toEqual({ [`${day2} touch 1`]: 'sent 1' });
    // One at a time: between them the halves are what they may be, and the sum is right.
    expect([await fold(1), await fold(1), await fold(1)]).toEqual([1, 1, 0]);
    expect(await stored()).toEqual({ [`${day2} touch 1`]: 'sent 1' });
  });

  it('is skipped when nobody may send it any more, and on that day', async () => {
    await claimed(0, later(noon, -24));
    await business.completeJob();
    world.at(later(noon, 60));
    await world.tick();
    expect(await seen()).toEqual({ '2026-03-06 touch 1': 'skipped 1' });
  });

  it('is no skip any more when a person skipped it and the provider proves that it has it', async () => {
    const claim = await claimed(1, noon);
    await settle(claim, 'ambiguous');
    await world.runUntil(later(noon, 1));
    await business.call('touchline.resolve_touch', [claim.intents[0]?.sendLogId, 'skip', false]);
    expect(await seen()).toEqual({ [`${day1} touch 1`]: 'skipped 1' });
    world.at(later(noon, 24));
    await tell(claim.intents[0], 'delivered');
    expect(await seen()).toEqual({ [`${day2} touch 1`]: 'delivered 1, sent 1' });
  });
});

describe('what providers tell later', () => {
  it('counts on the day of the message, and a bounce takes the delivery back', async () => {
    const claim = await claimed(3, noon);
    await settle(claim, 'accepted');
    const [one, two, three] = claim.intents;
    world.at(later(noon, 40));
    await tell(one, 'delivered');
    await tell(two, 'complained');
    await tell(three, 'delivered');
    await fold();
    expect(await seen()).toEqual({ [`${day1} touch 1`]: 'complained 1, delivered 3, sent 3' });
    await tell(three, 'bounced');
    await tell(one, 'accepted');
    expect(await seen()).toEqual({ [`${day1} touch 1`]: 'bounced 1, complained 1, delivered 2, sent 3' });
    // Nothing was changed by what was known already.
    expect(await waiting()).toBe(2);
  });
});

describe('folding', () => {
  it('of two at once takes each business once, and neither waits', async () => {
    const other = await newBusiness();
    await settle(await claimed(2, noon), 'accepted');
    const first = business;
    business = other;
    await settle(await claimed(1, later(noon, 1)), 'accepted');
    const hold = 'select from touchline.businesses where id = $1 for no key update';
    const folded = await holding((client) => client.query(hold, [first.id]), fold);
    expect([folded, await waiting(first.id), await waiting(other.id)]).toEqual([1, 1, 0]);
    const both = await holding(foldAs, fold);
    expect(both).toBe(0);
    expect(await waiting(first.id)).toBe(0);
    expect(await stored(first.id)).toEqual({ [`${day1} touch 1`]: 'sent 2' });
  });

  it('by many at once loses nothing and counts nothing twice', async () => {
    const all = [business, await newBusiness(), await newBusiness()];
    for (const [index, each] of all.entries()) {
      business = each;
      for (let times = 0; times < 4; times += 1) await settle(await claimed(1, later(noon, index)), 'accepted');
    }
    const taken = await Promise.all(Array.from({ length: 8 }, () => fold(2)));
    let rest = 0;
    for (let more = await fold(2); more > 0; more = await fold(2)) rest += more;
    expect(taken.reduce((sum, each) => sum + each, rest)).toBe(12);
    for (const { id } of all) expect(await stored(id)).toEqual({ [`${day1} touch 1`]: 'sent 4' });
  });

  it('that ends before its commit leaves everything as it was', async () => {
    await settle(await claimed(2, noon), 'accepted');
    const client = await world.database.pool.connect();
    await client.query('begin');
    expect(await foldAs(client)).toBe(1);
    await client.query('rollback');
    client.release();
    expect([await waiting(), await stored()]).toEqual([1, {}]);
    expect(await seen()).toEqual({ [`${day1} touch 1`]: 'sent 2' });
  });

  it('drops what belongs to no campaign any more, and leaves what is being deleted', async () => {
    await settle(await claimed(1, noon), 'accepted');
    await fold();
    await settle(await claimed(1, noon), 'accepted');
    const purge = 'delete from touchline.campaigns where business_id = $1';
    expect(await holding((client) => client.query(purge, [business.id]), fold)).toBe(0);
    expect([await seen(), await stored(), await waiting()]).toEqual([{}, {}, 1]);
    expect([await fold(), await waiting(), await stored()]).toEqual([1, 0, {}]);
  });

  it('drops what belongs to no business any more', async () => {
    const gone = randomUUID();
    await world.database.query(
      `insert into touchline.daily_stats_changes (business_id, campaign_id, touch_number, channel, at, measure, change)
       values ($1, $1, 1, 'email', $2, 'sent', 1)`,
      [gone, noon],
    );
    expect([await seen(gone), await fold(), await waiting(gone), await fold()]).toEqual([{}, 1, 0, 0]);
  });
});

describe('another time zone', () => {
  const midnight = `${day2}T03:00:00Z`;
  const move = (name: string) => world.call('touchline.set_business($1, $2)', [business.id, { time_zone: name }]);

  it('counts every day anew, folded or not', async () => {
    const claim = await claimed(2, midnight);
    await settle(claim, 'accepted');
    await fold();
    await tell(claim.intents[0], 'delivered');
    await settle(await claimed(1, midnight), 'rejected');
    expect(await seen()).toEqual({ [`${day1} touch 1`]: 'delivered 1, failed 1, sent 2' });
    await move('Asia/Tokyo');
    expect(await stored()).toEqual({ [`${day2} touch 1`]: 'sent 2' });
    expect(await seen()).toEqual({ [`${day2} touch 1`]: 'delivered 1, failed 1, sent 2' });
    await move('America/Los_Angeles');
    await fold();
    expect(await stored()).toEqual({ [`${day1} touch 1`]: 'delivered 1, failed 1, sent 2' });
  });

  it('does so too where somebody writes the column without a function of ours', async () => {
    await settle(await claimed(1, midnight), 'accepted');
    await fold();
    await world.database.query(`update touchline.businesses set time_zone = 'UTC' where id = $1`, [business.id]);
    expect(await stored()).toEqual({ [`${day2} touch 1`]: 'sent 1' });
    const client = await world.database.pool.connect();
    await client.query('begin isolation level repeatable read');
    await expect(
      client.query('update touchline.businesses set time_zone = $2 where id = $1', [business.id, zone]),
    ).rejects.toMatchObject({ code: 'TL101' });
    await client.query('rollback');
    client.release();
  });

  it('waits for a fold that is under way; and a fold leaves a business whose zone is being changed', async () => {
    await settle(await claimed(1, midnight), 'accepted');
    const folder = await Session.open('folder', world.database);
    const owner = await Session.open('owner', world.database);
    const change = {
      text: 'update touchline.businesses set time_zone = $2 where id = $1',
      values: [business.id, 'UTC'],
    };
    await folder.begin('touchline_worker');
    folder.start([{ text: 'select touchline.fold_daily_stats()', values: [] }], () => undefined);
    await folder.rows();
    await owner.begin('service_role');
    owner.start([change], () => undefined);
    expect(await owner.waitsFor([folder])).toEqual(['folder']);
    await folder.commit();
    await owner.rows();
    await settle(await claimed(1, midnight), 'accepted');
    expect(await fold()).toBe(0);
    await owner.commit();
    owner.close();
    folder.close();
    expect(await stored()).toEqual({ [`${day2} touch 1`]: 'sent 1' });
    await fold();
    expect(await stored()).toEqual({ [`${day2} touch 1`]: 'sent 2' });
  });

  it('leaves days alone whose messages may be pruned', async () => {
    await settle(await claimed(1, midnight), 'accepted');
    await settle(await claimed(1, later(midnight, 60)), 'accepted');
    await fold();
    await world.database.query('update touchline.installation set messages_pruned_before = $1', [later(midnight, 24)]);
    await move('Asia/Tokyo');
    expect(await stored()).toEqual({ [`${day1} touch 1`]: 'sent 1', '2026-03-07 touch 1': 'sent 1' });
  });
});

describe('a database that sent before anybody counted', () => {
  it('is counted once, when it gets the code that counts', async () => {
    await settle(await claimed(2, noon), 'accepted');
    await settle(await claimed(1, later(noon, 20)), 'rejected');
    const wanted = await seen();
    await world.database.query(
      `delete from touchline.daily_stats_changes;
       delete from touchline.code_files where path = 'sql/data/daily_stats.sql'`,
    );
    const client = new pg.Client({ connectionString: world.database.url });
    await client.connect();
    await migrate(client);
    expect(await stored()).toEqual(wanted);
    await world.database.query(
      `update touchline.daily_stats set sent = sent + 1;
       delete from touchline.code_files where path = 'sql/data/daily_stats.sql'`,
    );
    await migrate(client);
    await client.end();
    expect(await stored()).not.toEqual(wanted);
    await world.database.query('update touchline.daily_stats set sent = sent - 1');
  });
});

describe('a quarter of an hour', () => {
  it('is enough to know a day: no zone changes its offset within one, or by less', async () => {
    const { rows } = await world.database.query(
      `select z.name, c.at
       from touchline.time_zones z
       cross join lateral unnest(timestamptz '2026-01-01Z'
         || touchline.zone_changes(z.name, '2026-01-01Z', '2031-01-01Z')) c (at)
       where extract(epoch from c.at)::bigint % 900 <> 0
         or extract(epoch from (c.at at time zone z.name) - (c.at at time zone 'UTC'))::bigint % 900 <> 0`,
    );
    expect(rows).toEqual([]);
  });
});
