// A provider that holds back texts because their recipient sent it STOP (21610) knows of an opt-out that we may never have heard of.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectInvariants } from '../support/invariants.ts';
import { type Business, later, openWorld, type World } from './world.ts';

let world: World;
let business: Business;

const number = '+12125550101';
const refused = { kind: 'rejected', provider: 'twilio', errorCode: 'opted_out', errorMessage: 'unsubscribed' } as const;

beforeEach(async () => {
  world = await openWorld('refused_number');
  business = await world.business({
    touches: [
      { channel: 'sms', delay_hours: 24 },
      { channel: 'sms', delay_hours: 24 },
    ],
  });
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

const enroll = async (phone: string): Promise<string> =>
  (await business.completeJob({ phone, consent: true })).enrollment_id;

async function consentEvents(): Promise<unknown[]> {
  const { rows } = await world.database.query(
    "select channel, kind, source from touchline.consent_events where kind = 'opt_out' order by recorded_at",
  );
  return rows;
}

describe('a text that is refused as opted out', () => {
  it('fails, stops everybody with the number, and keeps it from being written to, in one transaction', async () => {
    const [first, second, other] = [await enroll(number), await enroll(number), await enroll('+12125550102')];
    world.provider(({ recipient }) => (recipient === number ? refused : undefined));
    world.at(later(world.now, 24));
    await world.tick();
    const [one, two] = [await business.enrollment(first), await business.enrollment(second)];
    expect([one.stop_reason, two.stop_reason]).toEqual(['opted_out_sms', 'opted_out_sms']);
    expect([one.touch_1_status, two.touch_1_status].toSorted()).toContain('failed');
    expect([one.touch_2_status, two.touch_2_status]).toEqual(['cancelled', 'cancelled']);
    expect(await business.touches(other)).toEqual(['sent', 'pending']);
    expect((await consentEvents()).at(0)).toEqual({ channel: 'sms', kind: 'opt_out', source: 'provider' });
    const { rows } = await world.database.query('select reason from touchline.suppressions where lifted_at is null');
    expect(rows).toEqual([{ reason: 'opt_out' }]);
    await world.runUntil(later(world.now, 72));
    expect(world.acceptances.map(({ recipient }) => recipient)).not.toContain(number);
  });

  it('is recorded once, however often it is settled, and stays undone when the owner of the number opted in again', async () => {
    const id = await enroll(number);
    world.at(later(world.now, 24));
    const claimId = crypto.randomUUID();
    const [intent] = await world.engine.store.claim({ worker: 'story', claimId, limit: 10, now: world.now });
    const { businessId = '', sendLogId = '' } = intent ?? {};
    const outcome = { businessId, sendLogId, attempt: 1, ...refused };
    expect(await world.engine.store.settle(claimId, [outcome], world.now)).toHaveLength(1);
    expect(await business.touches(id)).toEqual(['failed', 'cancelled']);
    const events = await consentEvents();
    world.at(later(world.now, 1));
    await business.call('touchline.record_opt_in', ['sms', number, { source: 'inbound_sms', method: 'text_message' }]);
    expect(await world.engine.store.settle(claimId, [outcome], world.now)).toEqual([]);
    expect(await consentEvents()).toEqual(events);
    const { rows } = await world.database.query('select sms_consent_status as status from touchline.customers');
    expect(rows).toEqual([{ status: 'opted_in' }]);
  });

  it('and an opt-out at the same moment wait for each other, whoever comes first', async () => {
    await enroll(number);
    world.at(later(world.now, 24));
    const claimId = crypto.randomUUID();
    const [intent] = await world.engine.store.claim({ worker: 'story', claimId, limit: 10, now: world.now });
    const { businessId = '', sendLogId = '' } = intent ?? {};
    const outcome = { businessId, sendLogId, attempt: 1, ...refused };
    await Promise.all([
      world.engine.store.settle(claimId, [outcome], world.now),
      business.call('touchline.record_opt_out', ['sms', number, { source: 'inbound_sms' }]),
      world.engine.store.settle(claimId, [outcome], world.now),
    ]);
    const { rows } = await world.database.query('select state from touchline.send_logs');
    expect(rows).toEqual([{ state: 'failed' }]);
  });
});
