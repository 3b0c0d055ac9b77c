// What the home page tells of a person's way: why a touch waits and until when, what became of it, and what is ahead, which must
// then happen as it was told.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { homePort } from '../../src/db/home.ts';
import type { HomePort, Timeline, TimelineMoment } from '../../src/engine/home.ts';
import { expectInvariants } from '../support/invariants.ts';
import { type Business, later, openWorld, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld('timeline');
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

/** The home page of a business's owner. */
async function homeOf(business: Business): Promise<HomePort> {
  const { rows } = await world.database.query<{ user_id: string }>(
    'select user_id from touchline.businesses where id = $1',
    [business.id],
  );
  return homePort(world.database.pool, { role: 'authenticated', userId: rows[0]?.user_id ?? '' }, () => world.now);
}

async function timelineOf(business: Business, enrollmentId: string): Promise<Timeline> {
  const timeline = await (await homeOf(business)).timeline(business.id, enrollmentId);
  if (timeline === undefined) throw new Error('There is no such timeline.');
  return timeline;
}

/** A moment in one line: `03-03T08:00 deferred 1 quiet_hours`, with `?` where it has not happened yet. */
function lineOf({ at, kind, touchNumber, reason, isAhead }: TimelineMoment): string {
  const moment = at.toISOString().slice(5, 16);
  return [moment, isAhead ? `${kind}?` : kind, touchNumber, reason].filter((part) => part !== null).join(' ');
}

async function linesOf(business: Business, enrollmentId: string): Promise<string[]> {
  return (await timelineOf(business, enrollmentId)).moments.map(lineOf);
}

/** When the touches that are ahead are said to leave. */
function leavingOf({ moments }: Timeline): string[] {
  const ahead = new Map<number, string>();
  for (const { kind, touchNumber, at, isAhead } of moments) {
    if (isAhead && touchNumber !== null && /planned|deferred/.test(kind)) ahead.set(touchNumber, at.toISOString());
  }
  return [...ahead.values()];
}

const acceptedAt = (): string[] => world.acceptances.map(({ at }) => at.toISOString());

const email = (delay_hours: number): { channel: 'email'; delay_hours: number } => ({ channel: 'email', delay_hours });
const text = (delay_hours: number): { channel: 'sms'; delay_hours: number } => ({ channel: 'sms', delay_hours });

describe('a touch that waits', () => {
  it('for the windows to open says so from its enrollment on, leaves then, and says so afterwards', async () => {
    const business = await world.business({ touches: [text(10), email(24)], hours: 'default' });
    const { enrollment_id: id } = await business.completeJob({ phone: '+12125550101', consent: true });
    const before = await timelineOf(business, id);
    expect(before.moments.map(lineOf)).toEqual([
      '03-02T15:00 job_completed',
      '03-02T15:00 enrolled',
      '03-03T01:00 planned? 1',
      '03-03T08:00 deferred? 1 quiet_hours',
      '03-04T01:00 planned? 2',
      '03-04T07:00 deferred? 2 quiet_hours',
    ]);
    await world.runUntil(later(world.now, 48));
    expect(acceptedAt()).toEqual(leavingOf(before));
    expect(await linesOf(business, id)).toEqual([
      '03-02T15:00 job_completed',
      '03-02T15:00 enrolled',
      '03-03T01:00 planned 1',
      '03-03T08:00 deferred 1 quiet_hours',
      '03-03T08:00 sent 1',
      '03-04T01:00 planned 2',
      '03-04T07:00 deferred 2 quiet_hours',
      '03-04T07:00 sent 2',
      '03-04T07:00 completed',
    ]);
  });

  it('for the gap after the touch before it is told ahead and leaves then', async () => {
    const business = await world.business({ touches: [email(1), email(2), email(100)], policy: { min_gap_hours: 20 } });
    const { enrollment_id: id } = await business.completeJob();
    const before = await timelineOf(business, id);
    expect(before.moments.map(lineOf).slice(2)).toEqual([
      '03-02T16:00 planned? 1',
      '03-02T18:00 planned? 2',
      '03-03T12:00 deferred? 2 min_gap',
      '03-06T22:00 planned? 3',
    ]);
    await world.runUntil(later(world.now, 21));
    expect(await linesOf(business, id)).toContain('03-03T12:00 deferred 2 min_gap');
    await world.runUntil(later(world.now, 100));
    expect(acceptedAt()).toEqual(leavingOf(before));
  });

  it('because the customer had enough messages today waits until the oldest of them is a day old', async () => {
    const policy = { cap_messages_per_24h: 1, reentry_days_after_enrollment: 0 };
    const business = await world.business({ touches: [email(1)], policy });
    await business.completeJob({ external_id: 'Ann' });
    await world.runUntil(later(world.now, 2));
    const { enrollment_id: id } = await business.completeJob({ external_id: 'Ann' });
    const lines = ['03-02T18:00 planned? 1', '03-03T16:00 deferred? 1 frequency_cap'];
    expect((await linesOf(business, id)).slice(2)).toEqual(lines);
    await world.runUntil(later(world.now, 4));
    expect((await linesOf(business, id)).slice(2)).toEqual(['03-02T18:00 planned 1', lines[1]]);
    await world.runUntil(later(world.now, 30));
    expect(acceptedAt()[1]).toBe('2026-03-03T16:00:00.000Z');
    expect((await linesOf(business, id)).slice(3)).toEqual([
      '03-03T16:00 deferred 1 frequency_cap',
      '03-03T16:00 sent 1',
      '03-03T16:00 completed',
    ]);
  });

  it('for another attempt tells what the provider said of the one before', async () => {
    const business = await world.business({ touches: [email(1)] });
    const { enrollment_id: id } = await business.completeJob();
    world.provider(() => ({ kind: 'retry', errorCode: '451', errorMessage: 'Mailbox busy, try later' }));
    world.at(later(world.now, 1));
    await world.tick();
    const waiting = await timelineOf(business, id);
    const [, , , deferred] = waiting.moments;
    expect(deferred).toMatchObject({
      kind: 'deferred',
      reason: 'retry',
      detail: 'Mailbox busy, try later',
      isAhead: true,
    });
    world.provider(undefined);
    await world.runUntil(later(world.now, 1));
    // The database counts in microseconds, the clock of a story in milliseconds.
    const [accepted] = world.acceptances;
    expect(Math.abs((accepted?.at.getTime() ?? 0) - (deferred?.at.getTime() ?? 0))).toBeLessThanOrEqual(1);
    expect((await timelineOf(business, id)).moments.slice(2)).toMatchObject([
      { kind: 'planned' },
      { kind: 'deferred', reason: 'retry', detail: 'Mailbox busy, try later', isAhead: false },
      { kind: 'sent', at: accepted?.at },
      { kind: 'completed' },
    ]);
  });

  it('in a paused campaign is parked with the reason, and goes on later by the pause', async () => {
    const business = await world.business({ touches: [email(10), email(30)] });
    const home = await homeOf(business);
    const { enrollment_id: id } = await business.completeJob();
    world.at(later(world.now, 2));
    await home.pause(business.id, business.campaign);
    world.at(later(world.now, 3));
    expect((await linesOf(business, id)).slice(2)).toEqual([
      '03-02T17:00 parked 1 campaign_paused',
      '03-03T01:00 planned? 1',
      '03-04T07:00 planned? 2',
    ]);
    world.at(later(world.now, 2));
    await home.resume(business.id, business.campaign);
    const resumed = await timelineOf(business, id);
    expect(resumed.moments.map(lineOf).slice(2)).toEqual([
      '03-03T01:00 planned? 1',
      '03-03T06:00 deferred? 1 plan_shift',
      '03-04T07:00 planned? 2',
      '03-04T12:00 deferred? 2 plan_shift',
    ]);
    await world.runUntil(later(world.now, 60));
    expect(acceptedAt()).toEqual(leavingOf(resumed));
  });

  it('for a setting says which one is missing', async () => {
    const business = await world.business({ touches: [email(1)] });
    await world.call('touchline.set_business($1, $2)', [business.id, { review_url: null }]);
    const { enrollment_id: id } = await business.completeJob();
    const missing = { kind: 'parked', reason: 'missing_setting', detail: 'review_url' };
    expect((await timelineOf(business, id)).moments.at(-1)).toMatchObject({ ...missing, isAhead: true });
    world.at(later(world.now, 2));
    await world.tick();
    expect((await timelineOf(business, id)).moments.at(-1)).toMatchObject({ ...missing, isAhead: false });
  });
});

describe('a touch that does not leave', () => {
  it('for want of consent is told as skipped ahead, and afterwards with its moment', async () => {
    const business = await world.business({ touches: [text(2), email(24), text(24)] });
    const { enrollment_id: id } = await business.completeJob({ phone: '+12125550101' });
    expect((await linesOf(business, id)).slice(2)).toEqual([
      '03-02T17:00 planned? 1',
      '03-02T17:00 skipped? 1 no_consent',
      '03-03T17:00 planned? 2',
      '03-04T17:00 planned? 3',
      '03-04T17:00 skipped? 3 no_consent',
    ]);
    await world.runUntil(later(world.now, 60));
    expect((await linesOf(business, id)).slice(2)).toEqual([
      '03-02T17:00 planned 1',
      '03-02T17:00 skipped 1 no_consent',
      '03-03T17:00 planned 2',
      '03-03T17:00 sent 2',
      '03-04T17:00 planned 3',
      '03-04T17:00 skipped 3 no_consent',
      '03-04T17:00 completed',
    ]);
  });

  it('after an outage is skipped as too late, at the moment it was found', async () => {
    const business = await world.business({ touches: [email(1), email(100)], policy: { max_late_hours: 24 } });
    const { enrollment_id: id } = await business.completeJob();
    world.at(later(world.now, 48));
    expect((await linesOf(business, id)).slice(2)).toEqual([
      '03-02T16:00 planned 1',
      '03-04T15:00 skipped? 1 too_late',
      '03-06T20:00 planned? 2',
    ]);
    await world.tick();
    expect(await linesOf(business, id)).toContain('03-04T15:00 skipped 1 too_late');
  });

  it('because the provider refused it keeps the words', async () => {
    const business = await world.business({ touches: [email(1)] });
    const { enrollment_id: id } = await business.completeJob();
    world.provider(() => ({ kind: 'rejected', errorCode: '550', errorMessage: 'No such user here' }));
    await world.runUntil(later(world.now, 2));
    expect((await timelineOf(business, id)).moments.slice(2)).toMatchObject([
      { kind: 'planned' },
      { kind: 'failed', reason: 'rejected', detail: 'No such user here', isAhead: false },
      { kind: 'completed' },
    ]);
  });

  it('because the customer opted out is cancelled with the stop, and nothing is ahead', async () => {
    const business = await world.business({ touches: [email(1), email(24)] });
    const { enrollment_id: id } = await business.completeJob({ external_id: 'Ann' });
    await world.runUntil(later(world.now, 5));
    const details = { source: 'unsubscribe_link' };
    await business.call('touchline.record_opt_out', ['email', 'ann@example.test', details]);
    expect((await linesOf(business, id)).slice(2)).toEqual([
      '03-02T16:00 planned 1',
      '03-02T16:00 sent 1',
      '03-02T20:00 cancelled 2 opted_out_email',
      '03-02T20:00 opted_out opted_out_email',
      '03-02T20:00 stopped opted_out_email',
    ]);
  });

  it('because the customer has reviewed, or the owner ended it, says who', async () => {
    const business = await world.business({ touches: [email(1), email(24)] });
    const reviewed = await business.completeJob();
    const ended = await business.completeJob();
    await business.call('touchline.record_customer_event', [reviewed.customer_id, 'review_clicked']);
    const home = await homeOf(business);
    expect(await home.stop(business.id, ended.enrollment_id)).toBe(true);
    expect(await home.stop(business.id, ended.enrollment_id)).toBe(false);
    const lines = await linesOf(business, reviewed.enrollment_id);
    expect(lines).toContain('03-02T15:00 reviewed review_clicked');
    expect(await linesOf(business, ended.enrollment_id)).toContain('03-02T15:00 stopped owner_stopped');
  });

  it('because nobody knows whether it left holds the ones behind it at their plan', async () => {
    const business = await world.business({ touches: [email(1), email(24)] });
    const { enrollment_id: id } = await business.completeJob();
    world.provider(() => ({ kind: 'ambiguous', errorMessage: 'The connection was reset' }));
    await world.runUntil(later(world.now, 1));
    expect((await timelineOf(business, id)).moments.slice(2)).toMatchObject([
      { kind: 'planned', touchNumber: 1, isAhead: false },
      { kind: 'unknown', touchNumber: 1, detail: 'The connection was reset' },
      { kind: 'planned', touchNumber: 2, isAhead: true },
    ]);
  });
});

/** What becomes of each touch, and when: as it is told ahead, and as it is told afterwards. */
function outcomesOf({ moments }: Timeline, isTold: boolean): string[] {
  const outcomes = new Map<number, string>();
  for (const { at, kind, touchNumber, reason, isAhead } of moments) {
    if (touchNumber === null || isAhead !== isTold) continue;
    if (kind === 'sent' || (isAhead && /planned|deferred/.test(kind)))
      outcomes.set(touchNumber, `leaves ${at.toISOString()}`);
    if (kind === 'skipped') outcomes.set(touchNumber, `${reason} ${at.toISOString()}`);
  }
  return [...outcomes.values()];
}

describe('what is told ahead of many people at their enrollment', () => {
  it('is what becomes of them, in every zone, with and without consent, over the change of the clocks', async () => {
    const business = await world.business({
      touches: [text(7), email(31), text(40), email(66)],
      ...{ zone: 'America/New_York', hours: 'default' },
    });
    const zones = [undefined, 'America/Los_Angeles', 'Pacific/Honolulu', 'America/Chicago', 'Europe/Berlin'];
    const told = new Map<string, string[]>();
    for (let n = 0; n < 20; n += 1) {
      await world.runUntil(later('2026-03-05T11:00:00Z', n * 1.7));
      const zone = zones[n % zones.length];
      const { enrollment_id: id } = await business.completeJob({
        phone: `+1212555${String(1000 + n)}`,
        consent: n % 3 !== 0,
        ...(zone === undefined ? {} : { time_zone: zone, time_zone_source: n % 2 === 0 ? 'area_code' : 'address' }),
      });
      told.set(id, outcomesOf(await timelineOf(business, id), true));
    }
    await world.runUntil(later(world.now, 24 * 14));
    const became = new Map<string, string[]>();
    for (const id of told.keys()) became.set(id, outcomesOf(await timelineOf(business, id), false));
    expect(became).toEqual(told);
    expect([...became.values()].flat()).toHaveLength(80);
  }, 120_000);
});
