// Nobody is written to at night: the moment of sending counts, in the customer's own time.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectInvariants } from '../support/invariants.ts';
import { later, openWorld, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld('quiet');
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

function localTime(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(
    at,
  );
}

describe('a job finished at 9 in the evening', () => {
  // 21:00 on Thursday, 5 March 2026, in each place.
  const places = [
    { zone: 'America/Phoenix', nine: '2026-03-06T04:00:00Z' },
    { zone: 'America/New_York', nine: '2026-03-06T02:00:00Z' },
    { zone: 'Asia/Kolkata', nine: '2026-03-05T15:30:00Z' },
    { zone: 'Australia/Lord_Howe', nine: '2026-03-05T10:00:00Z' },
  ];

  it.each(places)('in $zone gets its email at 7 and its text at 8 in the morning', async ({ zone, nine }) => {
    world.at(nine);
    const business = await world.business({
      hours: 'default',
      touches: [
        { channel: 'email', delay_hours: 24 },
        { channel: 'sms', delay_hours: 72 },
      ],
    });
    await business.completeJob({
      time_zone: zone,
      time_zone_source: 'explicit',
      phone: '+12125550101',
      consent: true,
    });
    await world.runUntil(later(nine, 24 * 6));
    expect(world.acceptances.map(({ channel, at }) => `${channel} ${localTime(at, zone)}`)).toEqual([
      'email Sat 07:00',
      'sms Tue 08:00',
    ]);
  });
});

describe('a window that closes while a message could still be under way', () => {
  it('is left alone: nothing is claimed that might be handed over after it (F30)', async () => {
    world.at('2026-03-02T19:59:50Z');
    const business = await world.business({ hours: 'default', touches: [{ channel: 'sms', delay_hours: 1 }] });
    await business.completeJob({ phone: '+12125550101', consent: true }, { completed_at: '2026-03-02T19:59:50Z' });
    world.at('2026-03-02T20:59:50Z');
    await world.tick();
    expect(world.acceptances).toEqual([]);
    await world.runUntil('2026-03-03T09:00:00Z');
    expect(world.acceptances.map(({ at }) => localTime(at, 'UTC'))).toEqual(['Tue 08:00']);
  });
});

describe('a backlog', () => {
  it('of the day is not sent at night when the worker comes back (defect 25)', async () => {
    world.at('2026-03-02T10:00:00Z');
    const business = await world.business({ hours: 'default', touches: [{ channel: 'email', delay_hours: 8 }] });
    await business.completeJob();
    world.at('2026-03-02T23:30:00Z');
    await world.tick();
    expect(world.acceptances).toEqual([]);
    await world.runUntil('2026-03-03T08:00:00Z');
    expect(world.acceptances.map(({ at }) => at.toISOString())).toEqual(['2026-03-03T07:00:00.000Z']);
  });

  it('that is sent at once queues every next touch at the first open moment of its own plan', async () => {
    const touches = [
      { channel: 'email', delay_hours: 1 },
      { channel: 'email', delay_hours: 96 },
    ] as const;
    const comesBack = '2026-03-03T18:00:00Z';
    const business = await world.business({ hours: 'default', touches });
    const zones = ['UTC', 'America/New_York', 'America/Los_Angeles'];
    for (let hoursBefore = 26; hoursBefore >= 2; hoursBefore -= 1) {
      world.at(later(comesBack, -hoursBefore));
      await business.completeJob({ time_zone: zones[hoursBefore % 3] ?? 'UTC', time_zone_source: 'explicit' });
    }
    world.at(comesBack);
    await world.tick();
    expect(world.acceptances).toHaveLength(25);
    const { rows } = await world.database.query<{ due_at: Date; asked: Date; waits: boolean }>(
      `select q.due_at, q.due_at > q.scheduled_at as waits,
         touchline.next_allowed_at(q.scheduled_at, q.channel, q.business_id, k.time_zone, k.time_zone_source) as asked
       from touchline.touch_queue q
       join touchline.campaign_enrollments e on (e.business_id, e.id) = (q.business_id, q.enrollment_id)
       join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
       where q.touch_number = 2`,
    );
    expect(rows).toHaveLength(25);
    expect(rows.map(({ due_at }) => due_at)).toEqual(rows.map(({ asked }) => asked));
    const waiting = rows.filter(({ waits }) => waits).length;
    expect(waiting).toBeGreaterThan(5);
    expect(waiting).toBeLessThan(20);
  });
});
