// A sequence from its first touch to its end, and what time and providers do to it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectInvariants } from '../support/invariants.ts';
import { later, openWorld, type World } from './world.ts';

const four = [
  { channel: 'email', delay_hours: 24 },
  { channel: 'email', delay_hours: 72 },
  { channel: 'email', delay_hours: 72 },
  { channel: 'email', delay_hours: 168 },
] as const;

let world: World;

beforeEach(async () => {
  world = await openWorld('sequence');
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

const acceptedAt = (): string[] => world.acceptances.map(({ at }) => at.toISOString());

describe('a sequence of four touches', () => {
  it('ends completed after exactly four acceptances, each at its planned hour (defect 7)', async () => {
    const business = await world.business({ touches: four });
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob();
    await world.runUntil(later(start, 24 * 20));
    expect(acceptedAt()).toEqual([24, 96, 168, 336].map((count) => later(start, count).toISOString()));
    expect(await business.enrollment(id)).toMatchObject({
      status: 'completed',
      current_touch: 4,
      touch_4_status: 'sent',
    });
    expect(world.acceptances.map(({ touchNumber }) => touchNumber)).toEqual([1, 2, 3, 4]);
  });

  it('says in every message what its template says, with the business address and a way out in every email (defects 57, 60)', async () => {
    const business = await world.business({
      touches: [
        { channel: 'email', delay_hours: 1 },
        { channel: 'sms', delay_hours: 24 },
      ],
    });
    await business.completeJob({ first_name: 'Zoë', phone: '+12125550101', consent: true });
    await world.runUntil(later(world.now, 30));
    const [email, sms] = world.acceptances;
    expect(email).toMatchObject({ channel: 'email', subject: 'Hello Zoë' });
    expect(email?.text).toContain('https://reviews.test/brightwater');
    expect(email?.text).toContain('1 Main Street, Springfield');
    expect(email?.text).toContain('https://touchline.test/u/');
    expect(sms).toMatchObject({ channel: 'sms', recipient: '+12125550101', subject: null });
    expect(world.acceptances.map(({ text }) => text).join()).not.toMatch(/[{}]/);
  });

  it('keeps the plan of touch 2 when touch 1 was late (defect 26)', async () => {
    const business = await world.business({ touches: four.slice(0, 2) });
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob();
    world.at(later(start, 40));
    await world.tick();
    const row = await business.enrollment(id);
    expect(row.touch_1_sent_at).toEqual(later(start, 40));
    expect(row.touch_1_scheduled_at).toEqual(later(start, 24));
    expect(row.touch_2_scheduled_at).toEqual(later(start, 96));
  });

  it('leaves the version that a person is in when the campaign is edited, also one whose touch is gone from it (defects 35, 36)', async () => {
    const business = await world.business({ touches: four.slice(0, 3) });
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob();
    await world.runUntil(later(start, 24));
    const { rows } = await world.database.query<{ template_id: string }>(
      'select template_id from touchline.campaign_touches where business_id = $1 and campaign_id = $2 and touch_number = 1',
      [business.id, business.campaign],
    );
    const touches = JSON.stringify([{ channel: 'email', delay_hours: 1, template_id: rows[0]?.template_id }]);
    await world.call('touchline.edit_campaign($1, $2, $3)', [business.id, business.campaign, touches]);
    await business.call('touchline.publish_campaign', [business.campaign]);
    await world.runUntil(later(start, 24 * 10));
    expect(await business.enrollment(id)).toMatchObject({ status: 'completed', campaign_version: 1 });
    expect(acceptedAt()).toEqual([24, 96, 168].map((count) => later(start, count).toISOString()));
  });
});

describe('a provider that is down', () => {
  it('for three days ends in skips, not in a burst (defect 29)', async () => {
    const business = await world.business({
      touches: [
        { channel: 'email', delay_hours: 24 },
        { channel: 'email', delay_hours: 24 },
        { channel: 'email', delay_hours: 24 },
        { channel: 'email', delay_hours: 240 },
      ],
    });
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob();
    world.provider(() => ({ kind: 'account_error', errorMessage: 'connection refused' }));
    await world.runUntil(later(start, 24 + 72));
    expect(world.acceptances).toEqual([]);
    world.provider(undefined);
    await world.runUntil(later(start, 24 * 20));
    const row = await business.enrollment(id);
    expect(row).toMatchObject({
      touch_1_status: 'skipped',
      touch_1_reason: 'too_late',
      touch_4_status: 'sent',
      status: 'completed',
    });
    const times = world.acceptances.map(({ at }) => at.getTime());
    for (const [index, at] of times.entries()) {
      if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(20 * 3_600_000);
    }
  });

  it('for a moment loses no touch (defect 11)', async () => {
    const business = await world.business();
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob();
    let failures = 0;
    world.provider(() => {
      failures += 1;
      return failures <= 3 ? { kind: 'retry', errorCode: '451' } : undefined;
    });
    await world.runUntil(later(start, 30));
    expect(await business.touches(id)).toEqual(['sent']);
    expect(world.acceptances).toHaveLength(1);
    const { rows } = await world.database.query('select outcome from touchline.send_attempts order by attempt');
    expect(rows.map(({ outcome }) => outcome)).toEqual(['retry', 'retry', 'retry', 'accepted']);
  });

  it('for good ends the touch after the last attempt and goes on', async () => {
    const business = await world.business({ touches: four.slice(0, 2), policy: { max_attempts: 2 } });
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob();
    world.provider(({ touchNumber }) => (touchNumber === 1 ? { kind: 'retry', errorCode: '451' } : undefined));
    await world.runUntil(later(start, 24 * 6));
    expect(await business.enrollment(id)).toMatchObject({
      touch_1_status: 'failed',
      touch_1_reason: 'attempts_exhausted',
      touch_2_status: 'sent',
      status: 'completed',
    });
  });

  it('which refuses one message ends that touch at once (rule 20)', async () => {
    const business = await world.business({ touches: four.slice(0, 2) });
    const { enrollment_id: id } = await business.completeJob();
    world.provider(({ touchNumber }) =>
      touchNumber === 1 ? { kind: 'rejected', errorCode: '550', errorMessage: 'no such mailbox' } : undefined,
    );
    await world.runUntil(later(world.now, 24 * 6));
    expect(await business.touches(id)).toEqual(['failed', 'sent']);
    const { rows } = await world.database.query(
      'select state, error_message from touchline.send_logs where touch_number = 1',
    );
    expect(rows).toEqual([{ state: 'failed', error_message: 'no such mailbox' }]);
  });
});

describe('an outcome nobody knows', () => {
  it('waits as unknown until the horizon, is then presumed sent, and is never sent again (rule 1)', async () => {
    const business = await world.business({ touches: four.slice(0, 2) });
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob();
    world.provider(({ touchNumber }) => (touchNumber === 1 ? { kind: 'ambiguous', errorCode: 'timeout' } : undefined));
    world.at(later(start, 24));
    await world.tick();
    expect(await business.touches(id)).toEqual(['unknown', 'pending']);
    await world.runUntil(later(start, 24.05));
    expect(await business.touches(id)).toEqual(['unknown', 'pending']);
    await world.runUntil(later(start, 24.2));
    expect(await business.touches(id)).toEqual(['presumed_sent', 'pending']);
    await world.runUntil(later(start, 24 * 6));
    expect(await business.touches(id)).toEqual(['presumed_sent', 'sent']);
    expect(world.acceptances.map(({ touchNumber }) => touchNumber)).toEqual([2]);
  });

  it('is held for a person where the business wants that', async () => {
    const business = await world.business({ touches: four.slice(0, 2), policy: { unknown_email: 'hold' } });
    const { enrollment_id: id } = await business.completeJob();
    world.provider(() => ({ kind: 'ambiguous' }));
    await world.runUntil(later(world.now, 30));
    expect(await business.touches(id)).toEqual(['held', 'pending']);
  });

  it('is sent once more, and no more, where the business accepts the risk', async () => {
    const business = await world.business({ policy: { unknown_email: 'resend_once' } });
    const { enrollment_id: id } = await business.completeJob();
    let tries = 0;
    world.provider(() => {
      tries += 1;
      return { kind: 'ambiguous' };
    });
    await world.runUntil(later(world.now, 30));
    expect(tries).toBe(2);
    expect(await business.touches(id)).toEqual(['presumed_sent']);
  });

  it('left by a worker that died is unknown after its lease, never pending by itself', async () => {
    const business = await world.business();
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob();
    world.at(later(start, 24));
    const claimId = '99999999-1111-4111-8111-111111111111';
    const intents = await world.engine.store.claim({ worker: 'dies', claimId, limit: 10, now: world.now });
    expect(intents).toHaveLength(1);
    expect(await business.touches(id)).toEqual(['sending']);
    await world.runUntil(later(start, 24.03));
    expect(await business.touches(id)).toEqual(['sending']);
    await world.runUntil(later(start, 24.06));
    expect(await business.touches(id)).toEqual(['unknown']);
    await world.runUntil(later(start, 26));
    expect(await business.touches(id)).toEqual(['presumed_sent']);
    expect(world.acceptances).toEqual([]);
  });
});
