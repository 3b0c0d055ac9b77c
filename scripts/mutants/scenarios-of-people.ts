// What people say while messages are on their way: opt-outs, stops, pauses, erasures.
import type pg from 'pg';
import type { Message } from '../../src/engine/ports.ts';
import type { Business, CompletedJob } from '../../test/engine/world.ts';
import { emails, mixed } from './scenarios-of-life.ts';
import type { Fate, Stage } from './stage.ts';

const phone = '+12125550101';
const textsFirst = [{ channel: 'sms', delay_hours: 24 } as const, { channel: 'email', delay_hours: 24 } as const];
const refused: Fate = { kind: 'retry', errorCode: '451' };

/** Lets something happen while the first message of a business is with the provider, whose answer then is the fate. */
function duringFirst(stage: Stage, happens: () => Promise<unknown>, fate: Fate): void {
  let isFirst = true;
  stage.provider(async (_: Message): Promise<Fate> => {
    if (!isFirst) return 'accept';
    isFirst = false;
    await happens();
    return fate;
  });
}

const stop = (business: Business, { enrollment_id: id }: CompletedJob): Promise<boolean> =>
  business.call('touchline.stop_enrollment', [id, 'owner_stopped']);

async function isBlockedBy(client: pg.ClientBase, stage: Stage): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
  const { rowCount } = await stage.world.database.query(
    'select from pg_catalog.pg_stat_activity where $1 = any (pg_catalog.pg_blocking_pids(pid))',
    [rows[0]?.pid],
  );
  return (rowCount ?? 0) > 0;
}

async function pausedWhileSending(stage: Stage, pause: (business: Business) => Promise<unknown>): Promise<Business> {
  const business = await stage.world.business({ touches: emails });
  await business.completeJob();
  stage.world.at(stage.after(10));
  await business.completeJob();
  duringFirst(stage, () => pause(business), refused);
  await stage.tickAt(24);
  await stage.tickAt(25);
  await stage.judge();
  return business;
}

export const scenariosOfPeople = {
  async 'a STOP by SMS while the sequence goes on by email, and an old START after it'(stage: Stage): Promise<void> {
    const { world } = stage;
    const touches = [...mixed, { channel: 'sms', delay_hours: 72 } as const];
    const business = await world.business({ touches, policy: { after_opt_out: 'continue_other_channel' } });
    await business.completeJob({ phone, consent: true });
    await stage.tickAt(24);
    await business.call('touchline.record_opt_out', ['sms', phone, { source: 'inbound_sms' }]);
    world.at(stage.after(26));
    const old = { source: 'inbound_sms', occurred_at: stage.after(1) };
    await business.call('touchline.record_opt_in', ['sms', phone, old]);
    await stage.judge();
    await stage.runUntil(250);
  },
  async 'a STOP that has not committed yet when its message is claimed'(stage: Stage): Promise<void> {
    const { world } = stage;
    const policy = { after_opt_out: 'continue_other_channel' };
    const business = await world.business({ touches: textsFirst, policy });
    await business.completeJob({ phone, consent: true });
    world.at(stage.after(24));
    let ticking: Promise<unknown> = Promise.resolve();
    await world.database.asRole('service_role', null, async (client) => {
      const stopped = [business.id, phone, world.now];
      await client.query(`select touchline.record_opt_out($1, 'sms', $2, '{"source": "inbound_sms"}', $3)`, stopped);
      let isDone = false;
      ticking = world.tick().finally(() => {
        isDone = true;
      });
      while (!isDone && !(await isBlockedBy(client, stage))) await new Promise(setImmediate);
    });
    await ticking;
    await stage.tickAt(25);
  },
  async 'a worker freezes for ten minutes, and a STOP comes meanwhile'(stage: Stage): Promise<void> {
    const { world } = stage;
    const business = await world.business({ touches: emails });
    await business.completeJob({ email: 'ann@example.test' });
    const { store, clock } = world.engine;
    stage.clock = { ...clock, monotonicMs: () => world.now.getTime() };
    let isAwake = false;
    stage.store = {
      ...store,
      claim: async (request) => {
        const intents = await store.claim(request);
        if (isAwake || intents.length === 0) return intents;
        isAwake = true;
        await business.call('touchline.record_opt_out', ['email', 'ann@example.test', { source: 'api' }]);
        world.at(stage.after(24 + 1 / 6));
        return intents;
      },
    };
    await stage.tickAt(24);
    await stage.runUntil(30);
  },
  async 'an erased address comes back with another job'(stage: Stage): Promise<void> {
    const { world } = stage;
    const touches = [{ channel: 'email', delay_hours: 24 } as const, { channel: 'sms', delay_hours: 24 } as const];
    const business = await world.business({ touches });
    const { customer_id: customer } = await business.completeJob({ email: 'ann@example.test' });
    world.at(stage.after(1));
    await business.call('touchline.erase_customer', [customer]);
    world.at(stage.after(2));
    await business.completeJob({ email: 'ann@example.test', phone, consent: true });
    await stage.runUntil(60);
  },
  async 'a stop while the provider has the message'(stage: Stage): Promise<void> {
    const business = await stage.world.business({ touches: mixed });
    const job = await business.completeJob();
    duringFirst(stage, () => stop(business, job), 'accept');
    await stage.tickAt(24);
    await stage.runUntil(25);
  },
  async 'a stop while nobody knows whether the message arrived'(stage: Stage): Promise<void> {
    const { world } = stage;
    const business = await world.business({ touches: emails });
    const job = await business.completeJob();
    let isFirst = true;
    const once = (): Fate => {
      const fate = isFirst ? 'lose' : 'accept';
      isFirst = false;
      return fate;
    };
    stage.provider(once, { replay: { withinHours: 20 } });
    await stage.tickAt(24);
    await stop(business, job);
    await stage.runUntil(26);
  },
  async 'a stop while the message waits for another attempt'(stage: Stage): Promise<void> {
    const business = await stage.world.business({ touches: emails });
    const job = await business.completeJob();
    stage.provider(() => refused);
    await stage.tickAt(24);
    await stop(business, job);
    await stage.tickAt(25);
  },
  async 'a campaign is paused while its message is refused for now'(stage: Stage): Promise<void> {
    const pause = (business: Business): Promise<unknown> =>
      business.call('touchline.pause_campaign', [business.campaign, null]);
    const business = await pausedWhileSending(stage, pause);
    await business.call('touchline.resume_campaign', [business.campaign]);
    await stage.runUntil(100);
  },
  async 'a business is suspended while its message is refused for now'(stage: Stage): Promise<void> {
    const business = await pausedWhileSending(stage, (paused) => paused.call('touchline.suspend_business', ['unpaid']));
    await business.call('touchline.reinstate_business');
    await stage.runUntil(100);
  },
};
