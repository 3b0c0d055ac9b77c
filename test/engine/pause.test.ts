// Pausing parks everybody; resuming shifts what is due by the time waited, so that nothing comes in a burst.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectInvariants } from '../support/invariants.ts';
import { later, openWorld, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld('pause');
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

const threeTouches = [
  { channel: 'email', delay_hours: 24 },
  { channel: 'email', delay_hours: 72 },
  { channel: 'email', delay_hours: 168 },
] as const;

const acceptedAt = (): string[] => world.acceptances.map(({ at }) => at.toISOString());
const iso = (from: Date, ...hoursLater: number[]): string[] => hoursLater.map((n) => later(from, n).toISOString());

describe('a campaign paused for ten days', () => {
  it('says of a touch that waited for open hours already why it is late when it goes on', async () => {
    const business = await world.business({ touches: threeTouches.slice(0, 1), zone: 'UTC' });
    const windows = [
      { iso_weekday: 2, opens: '20:00', closes: '24:00' },
      { iso_weekday: 4, opens: '00:00', closes: '24:00' },
    ];
    await world.call('touchline.set_sending_windows($1, $2, $3)', [business.id, 'email', JSON.stringify(windows)]);
    const start = world.now;
    await business.completeJob();
    world.at(later(start, 26));
    await business.call('touchline.pause_campaign', [business.campaign]);
    world.at(later(start, 26 + 48));
    await business.call('touchline.resume_campaign', [business.campaign]);
    const { rows } = await world.database.query(
      'select due_at, deferred_reason, deferrals from touchline.touch_queue where business_id = $1',
      [business.id],
    );
    expect(rows).toEqual([{ due_at: later(start, 74), deferred_reason: 'quiet_hours', deferrals: 1 }]);
    await world.tick();
    expect(acceptedAt()).toEqual(iso(start, 74));
  });

  it('says of a touch whose shifted plan falls into the night that it waits for the morning', async () => {
    const business = await world.business({ touches: threeTouches.slice(0, 1), zone: 'UTC', hours: 'default' });
    const start = world.now;
    await business.completeJob();
    world.at(later(start, 20));
    await business.call('touchline.pause_campaign', [business.campaign]);
    world.at(later(start, 28));
    await business.call('touchline.resume_campaign', [business.campaign]);
    const { rows } = await world.database.query(
      'select due_at, deferred_reason, deferrals from touchline.touch_queue where business_id = $1',
      [business.id],
    );
    // Due 32 hours after three in the afternoon: at eleven at night.
    expect(rows).toEqual([{ due_at: later(start, 40), deferred_reason: 'quiet_hours', deferrals: 1 }]);
    await world.runUntil(later(start, 48));
    expect(acceptedAt()).toEqual(iso(start, 40));
  });

  it('sends nothing meanwhile and keeps the remaining gaps of 3 and 7 days (defects 6, 30, 38)', async () => {
    const business = await world.business({ touches: threeTouches });
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob();
    await world.runUntil(later(start, 24));
    expect(await business.call('touchline.pause_campaign', [business.campaign, 'holiday'])).toBe(1);
    await world.runUntil(later(start, 24 + 240));
    expect(acceptedAt()).toEqual(iso(start, 24));
    await business.call('touchline.resume_campaign', [business.campaign]);
    await world.runUntil(later(start, 24 * 25));
    expect(acceptedAt()).toEqual(iso(start, 24, 24 + 240 + 72, 24 + 240 + 72 + 168));
    const row = await business.enrollment(id);
    expect(row.touch_2_scheduled_at).toEqual(later(start, 96));
    expect(row.status).toBe('completed');
  });

  it('does not send the touches of many people at one moment when it goes on', async () => {
    const business = await world.business({ touches: threeTouches });
    const start = world.now;
    for (let day = 0; day < 4; day += 1) {
      world.at(later(start, day * 24));
      await business.completeJob();
      await world.tick();
    }
    await business.call('touchline.pause_campaign', [business.campaign]);
    const before = world.acceptances.length;
    world.at(later(start, 72 + 240));
    await world.tick();
    await business.call('touchline.resume_campaign', [business.campaign]);
    await world.runUntil(later(start, 24 * 30));
    const perMoment = new Map<string, number>();
    for (const at of acceptedAt().slice(before)) perMoment.set(at, (perMoment.get(at) ?? 0) + 1);
    expect(Math.max(...perMoment.values())).toBeLessThanOrEqual(3);
    expect(world.acceptances).toHaveLength(12);
  });

  it('goes on for everybody at the next moment that is open where they are', async () => {
    const business = await world.business({ touches: threeTouches, hours: 'default', zone: 'America/New_York' });
    const start = world.now;
    // More than a handful of each: their open moments are then found together.
    const zones = { east: 'America/New_York', west: 'America/Los_Angeles' };
    for (const [place, time_zone] of Object.entries(zones)) {
      for (let person = 0; person < 6; person += 1) {
        await business.completeJob({ external_id: `${place}-${person}`, time_zone, time_zone_source: 'explicit' });
      }
    }
    await business.call('touchline.pause_campaign', [business.campaign]);
    world.at(later(start, 12.5));
    expect(await business.call('touchline.resume_campaign', [business.campaign])).toBe(12);
    const { rows } = await world.database.query<{ zone: string; due_at: Date; reason: string | null; people: number }>(
      `select k.time_zone as zone, q.due_at, q.deferred_reason as reason, count(*)::integer as people
       from touchline.touch_queue q
       join touchline.campaign_enrollments e on (e.business_id, e.id) = (q.business_id, q.enrollment_id)
       join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
       group by 1, 2, 3 order by 1`,
    );
    // 22:30 in New York, where mail goes from 7 to 21 o'clock; 19:30 in Los Angeles.
    const shifted = later(start, 24 + 12.5);
    expect(rows).toEqual([
      { zone: 'America/Los_Angeles', due_at: shifted, reason: null, people: 6 },
      { zone: 'America/New_York', due_at: new Date('2026-03-04T12:00:00Z'), reason: 'quiet_hours', people: 6 },
    ]);
  });

  it('takes nobody new while it is paused, and tells so on the job (rule 33)', async () => {
    const business = await world.business({ touches: threeTouches });
    await business.call('touchline.pause_campaign', [business.campaign]);
    expect(await business.completeJob()).toMatchObject({ decision: 'refused', reason: 'campaign_paused' });
  });

  it('parks a touch whose sending was under way when it was paused, once that is settled', async () => {
    const business = await world.business({ touches: threeTouches });
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob();
    world.at(later(start, 24));
    const claimId = '99999999-1111-4111-8111-111111111111';
    const intents = await world.engine.store.claim({ worker: 'story', claimId, limit: 10, now: world.now });
    await business.call('touchline.pause_campaign', [business.campaign]);
    const outcomes = intents.map(({ businessId, sendLogId, attempt }) => ({
      businessId,
      sendLogId,
      attempt,
      kind: 'not_started' as const,
    }));
    await world.engine.store.settle(claimId, outcomes, world.now);
    await world.runUntil(later(start, 48));
    expect(world.acceptances).toEqual([]);
    const { rows } = await world.database.query('select blocked_by from touchline.touch_queue');
    expect(rows).toEqual([{ blocked_by: 'campaign_paused' }]);
    expect(await business.touches(id)).toEqual(['pending', 'pending', 'pending']);
  });
});

describe('a business suspended for ten days', () => {
  it('sends nothing and goes on with the same gaps when it is reinstated', async () => {
    const business = await world.business({ touches: threeTouches });
    const start = world.now;
    await business.completeJob();
    await world.runUntil(later(start, 24));
    await business.call('touchline.suspend_business', ['unpaid']);
    await world.runUntil(later(start, 24 + 240));
    expect(acceptedAt()).toEqual(iso(start, 24));
    await business.call('touchline.reinstate_business');
    await world.runUntil(later(start, 24 * 25));
    expect(acceptedAt()).toEqual(iso(start, 24, 24 + 240 + 72, 24 + 240 + 72 + 168));
  });
});
