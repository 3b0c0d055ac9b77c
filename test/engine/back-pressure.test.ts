// A provider that does not answer clearly is left alone for a while, so that not every message becomes a guess.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processBatch } from '../../src/engine/process-batch.ts';
import { blockedBehind } from '../support/caller.ts';
import { expectInvariants } from '../support/invariants.ts';
import { type Business, later, openWorld, type World } from './world.ts';

let world: World;
let business: Business;
let start: Date;

beforeEach(async () => {
  world = await openWorld('back_pressure');
  business = await world.business({ touches: [{ channel: 'email', delay_hours: 24 }] });
  start = world.now;
  for (let index = 0; index < 9; index += 1) await business.completeJob({ external_id: `c-${index}` });
  world.at(later(start, 24));
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

interface Account {
  status: string;
  pause_reason: string | null;
  paused_until: Date | null;
  failures_in_a_row: number;
}

async function account(): Promise<Account | undefined> {
  const { rows } = await world.database.query<Account>(
    `select status, pause_reason, paused_until, failures_in_a_row
     from touchline.sender_accounts where business_id = $1 and channel = 'email'`,
    [business.id],
  );
  return rows[0];
}

async function states(): Promise<Record<string, number>> {
  const { rows } = await world.database.query<{ status: string; number: number }>(
    'select touch_1_status as status, count(*)::integer as number from touchline.campaign_enrollments group by 1',
  );
  return Object.fromEntries(rows.map(({ status, number }) => [status, number]));
}

const timeout = { kind: 'ambiguous', errorCode: 'timeout', errorMessage: 'No answer within 120000 ms.' } as const;

async function oneByOne(times: number): Promise<void> {
  for (let round = 0; round < times; round += 1) await processBatch(world.engine, 1);
}

describe('a provider that gives no clear answer', () => {
  it('five times in a row is left alone, with its words; the other touches wait and are not counted', async () => {
    world.provider(() => timeout);
    await oneByOne(9);
    expect(await account()).toEqual({
      status: 'paused',
      pause_reason: 'No answer within 120000 ms.',
      paused_until: new Date(later(start, 24).getTime() + 300_000),
      failures_in_a_row: 5,
    });
    expect(await states()).toEqual({ unknown: 5, pending: 4 });
    const { rows } = await world.database.query('select attempts from touchline.touch_queue where blocked_by is null');
    expect(rows).toEqual(Array.from({ length: 4 }, () => ({ attempts: 0 })));
    world.provider(undefined);
    await world.runUntil(later(start, 24.2));
    expect(await states()).toEqual({ presumed_sent: 5, sent: 4 });
    expect(await account()).toMatchObject({ status: 'active', failures_in_a_row: 0 });
  });

  it('three times for one worker and twice for another, both at once, is left alone', async () => {
    const settling = async (limit: number): Promise<[string, unknown[]]> => {
      const claimId = crypto.randomUUID();
      const intents = await world.engine.store.claim({ worker: 'story', claimId, limit, now: world.now });
      const outcomes = intents.map(({ businessId, sendLogId, attempt }) => ({
        ...{ business_id: businessId, send_log_id: sendLogId, attempt, provider: 'memory' },
        ...{ outcome: 'ambiguous', error_code: 'timeout', error_message: 'No answer.' },
      }));
      const sql = 'select * from touchline.settle_touches($1, $2, $3)';
      return [sql, [claimId, JSON.stringify(outcomes), world.now]];
    };
    const [three, two] = [await settling(3), await settling(2)];
    let second: Promise<unknown> = Promise.resolve();
    await world.database.asRole('touchline_worker', null, async (client) => {
      await client.query(...three);
      second = world.database.asRole('touchline_worker', null, (other) => other.query(...two));
      await blockedBehind(world.database, client);
    });
    await second;
    expect(await account()).toMatchObject({ status: 'paused', pause_reason: 'No answer.', failures_in_a_row: 5 });
  });

  it('now and then is asked on: an acceptance ends the count', async () => {
    let tries = 0;
    world.provider(() => {
      tries += 1;
      return tries % 4 === 0 ? undefined : timeout;
    });
    await oneByOne(9);
    expect(await account()).toMatchObject({ status: 'active', failures_in_a_row: 1 });
    expect(await states()).toEqual({ unknown: 7, sent: 2 });
  });

  it('because its worker died is not to blame', async () => {
    const claim = { worker: 'dies', claimId: crypto.randomUUID(), limit: 9, now: world.now };
    expect(await world.engine.store.claim(claim)).toHaveLength(9);
    world.at(new Date(world.now.getTime() + 190_000));
    await world.engine.store.reconcile(100, world.now);
    expect(await states()).toEqual({ unknown: 9 });
    expect(await account()).toMatchObject({ status: 'active', failures_in_a_row: 0 });
  });
});

describe('an account that was paused for hours', () => {
  it('sends at its own rate when it is resumed, not all at once', async () => {
    await world.database.query('update touchline.sender_accounts set rate_per_hour = 60 where business_id = $1', [
      business.id,
    ]);
    const { rows } = await world.database.query<{ id: string }>(
      "select id from touchline.sender_accounts where business_id = $1 and channel = 'email'",
      [business.id],
    );
    await business.call('touchline.pause_sender_account', [rows[0]?.id, 'over the weekend']);
    await world.runUntil(later(start, 30));
    expect(world.acceptances).toEqual([]);
    await business.call('touchline.resume_sender_account', [rows[0]?.id]);
    await world.tick();
    // What a quiet account may have saved up is two minutes' worth.
    expect(world.acceptances.length).toBeLessThanOrEqual(3);
    await world.runUntil(later(start, 31));
    expect(world.acceptances).toHaveLength(9);
    const times = world.acceptances.map(({ at }) => at.getTime());
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(6 * 60_000);
  });
});
