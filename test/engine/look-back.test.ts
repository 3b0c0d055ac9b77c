// What the guards look back at is counted from when a message was handed over, or became known, however old its row is by then.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compose } from '../../src/engine/compose.ts';
import { expectInvariants } from '../support/invariants.ts';
import { later, openWorld, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld('look-back');
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

const email = (delay: number) => ({ channel: 'email', delay_hours: delay }) as const;
const acceptedAt = (): string[] => world.acceptances.map(({ at }) => at.toISOString());
const iso = (from: Date, ...hoursLater: number[]): string[] => hoursLater.map((n) => later(from, n).toISOString());

describe('the minimum gap', () => {
  it('counts from a late word of an acceptance, of a message that was made days before', async () => {
    const business = await world.business({ touches: [email(24), email(72)] });
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob();
    world.at(later(start, 24));
    const claimId = randomUUID();
    const [intent] = await world.engine.store.claim({ worker: 'frozen', claimId, limit: 1, now: world.now });
    if (intent === undefined) throw new Error('Nothing was due.');
    await world.sender.send(compose(intent, world.engine.links), new AbortController().signal, () => true);
    await world.runUntil(later(start, 95));
    expect(await business.touches(id)).toEqual(['presumed_sent', 'pending']);

    world.at(later(start, 97));
    const { businessId, sendLogId, attempt } = intent;
    await world.engine.store.settle(claimId, [{ businessId, sendLogId, attempt, kind: 'accepted' }], world.now);
    expect(await business.touches(id)).toEqual(['sent', 'pending']);
    await world.runUntil(later(start, 130));
    expect(acceptedAt()).toEqual(iso(start, 24, 97 + 20));
  });
});

describe('the frequency cap', () => {
  it('counts a message whose first attempt failed before a long pause', async () => {
    const policy = { cap_messages_per_24h: 1, reentry_days_after_enrollment: 0 };
    const business = await world.business({ touches: [email(24)], policy });
    const start = world.now;
    await business.completeJob({ external_id: 'Ann' });
    world.provider(() => ({ kind: 'retry', errorCode: '451', errorMessage: 'Mailbox busy, try later' }));
    world.at(later(start, 24));
    await world.tick();
    await business.call('touchline.pause_campaign', [business.campaign]);
    world.provider(undefined);
    world.at(later(start, 24 + 240));
    await business.call('touchline.resume_campaign', [business.campaign]);
    await world.runUntil(later(start, 24 + 241));
    const [first] = acceptedAt();
    expect(first).toBeDefined();

    await business.completeJob({ external_id: 'Ann' }, { completed_at: later(world.now, -23).toISOString() });
    await world.runUntil(later(start, 24 + 300));
    expect(acceptedAt()).toEqual([first, ...iso(new Date(first ?? ''), 24)]);
  });
});
