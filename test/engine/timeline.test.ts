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
});
