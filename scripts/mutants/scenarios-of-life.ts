// How sequences run, begin, end and make room for each other.
import { recordProviderEvent } from '../../src/db/engine/provider-events.ts';
import type { ProviderEvent } from '../../src/domain/provider-event.ts';
import type { Business, TouchPlan } from '../../test/engine/world.ts';
import type { Stage } from './stage.ts';

export const emails: readonly TouchPlan[] = [
  { channel: 'email', delay_hours: 24 },
  { channel: 'email', delay_hours: 72 },
];

export const mixed: readonly TouchPlan[] = [
  { channel: 'email', delay_hours: 24 },
  { channel: 'sms', delay_hours: 72 },
  { channel: 'email', delay_hours: 72 },
];

/** A business whose brand tells its texts from everybody's. */
async function branded({ world }: Stage, name: string): Promise<Business> {
  const business = await world.business({ name, touches: emails });
  await world.call('touchline.set_business($1, $2)', [business.id, { brand_name: `canary-${business.id}` }]);
  return business;
}

/** A callback about the last message. */
export async function callBack({ world }: Stage, event: Omit<ProviderEvent, 'sendLogId'>): Promise<void> {
  const last = world.acceptances.at(-1);
  if (last === undefined) throw new Error('Nothing was accepted that a callback could be about.');
  const { businessId, idempotencyKey: sendLogId, sender } = last;
  const received = { provider: 'resend', businessId, senderAccountId: sender.senderAccountId, headers: {} };
  const body = Buffer.from(JSON.stringify(event));
  await recordProviderEvent(world.database.pool, { ...event, ...received, sendLogId, body }, world.now);
}

export const scenariosOfLife = {
  async 'three touches by email and SMS, for three people'(stage: Stage): Promise<void> {
    const { world } = stage;
    const business = await world.business({ touches: mixed });
    await business.publish(emails, 'plumbing');
    await business.completeJob({ phone: '+12125550101', consent: true });
    await business.completeJob({ phone: '+12125550102', consent: true }, { completed_at: stage.after(-30) });
    world.at(stage.after(0.5));
    await business.completeJob({ phone: '+12125550103', consent: true });
    await stage.judge();
    await stage.runUntil(170);
  },
  async 'a first touch that the provider rejects'(stage: Stage): Promise<void> {
    const business = await stage.world.business({ touches: emails });
    await business.completeJob();
    stage.provider(({ touchNumber }) => (touchNumber === 1 ? { kind: 'rejected', errorCode: '550' } : 'accept'));
    await stage.runUntil(40);
  },
  async 'a second job replaces the running sequence'(stage: Stage): Promise<void> {
    const business = await stage.world.business({ touches: emails, policy: { overlap: 'replace' } });
    await business.publish(emails, 'plumbing');
    await business.completeJob({ external_id: 'ann' });
    await stage.tickAt(30);
    await business.completeJob({ external_id: 'ann' }, { service_type: 'plumbing' });
    await stage.tickAt(31);
  },
  async 'two businesses with words and accounts of their own'(stage: Stage): Promise<void> {
    const both = [await branded(stage, 'Ash'), await branded(stage, 'Birch')];
    for (const business of both) await business.completeJob();
    await stage.runUntil(30);
  },
  async 'callbacks out of order, and one twice'(stage: Stage): Promise<void> {
    const business = await stage.world.business({ touches: emails });
    await business.completeJob();
    await stage.tickAt(24);
    const bounced = { eventId: 'e1', kind: 'bounced', bounceClass: 'transient' } as const;
    await callBack(stage, { ...bounced, occurredAt: stage.after(24.1) });
    stage.world.at(stage.after(25));
    await callBack(stage, { eventId: 'e2', kind: 'delivered', occurredAt: stage.after(24.9) });
    await callBack(stage, { ...bounced, occurredAt: stage.after(24.1) });
  },
  async 'a lane is busy while work becomes due in it'(stage: Stage): Promise<void> {
    const { world } = stage;
    const business = await world.business({ touches: emails });
    const holder = await world.database.pool.connect();
    await holder.query('begin; select from touchline.business_dispatch for no key update');
    await business.completeJob();
    await holder.query('commit');
    holder.release();
    await stage.tickAt(1);
    await stage.tickAt(26);
  },
};
