// Nights and outages.
import type { TouchPlan } from '../../test/engine/world.ts';
import { emails } from './scenarios-of-life.ts';
import type { Stage } from './stage.ts';

const daily: readonly TouchPlan[] = [
  { channel: 'email', delay_hours: 24 },
  { channel: 'email', delay_hours: 24 },
  { channel: 'email', delay_hours: 72 },
];

export const scenariosOfTime = {
  // The start is 15:00 in the business's zone: texts are due at three in the afternoon, and nobody comes before eleven at night.
  async 'workers come back at night'(stage: Stage): Promise<void> {
    const { world } = stage;
    const business = await world.business({ touches: [{ channel: 'sms', delay_hours: 24 }], hours: 'default' });
    await business.completeJob({ phone: '+12125550101', consent: true });
    const west = { time_zone: 'America/Los_Angeles', time_zone_source: 'explicit' };
    await business.completeJob({ phone: '+12125550102', consent: true, ...west });
    // In the west it is 15:00 then; when the business opens it is midnight there.
    await stage.tickAt(32);
    await stage.runUntil(60);
  },
  async 'workers come back after a day, and again after two weeks'(stage: Stage): Promise<void> {
    const { world } = stage;
    const business = await world.business({ touches: daily });
    await business.completeJob();
    await stage.tickAt(44);
    await stage.runUntil(66);
    await stage.tickAt(400);
    await stage.runUntil(402);
  },
  async 'workers come back after five days, and the provider does not answer'(stage: Stage): Promise<void> {
    const business = await stage.world.business({ touches: emails });
    await business.completeJob();
    stage.provider(() => 'accept silently');
    await stage.tickAt(144);
    await stage.judge();
    await stage.runUntil(145);
  },
  async 'a message waits out a long pause, and another follows it'(stage: Stage): Promise<void> {
    const { world } = stage;
    const policy = { cap_messages_per_24h: 1, reentry_days_after_enrollment: 0 };
    const business = await world.business({ touches: daily.slice(0, 1), policy });
    await business.completeJob({ external_id: 'Ann' });
    stage.provider(() => ({ kind: 'retry', errorCode: '451' }));
    await stage.tickAt(24);
    await business.call('touchline.pause_campaign', [business.campaign]);
    stage.provider(() => 'accept');
    world.at(stage.after(264));
    await business.call('touchline.resume_campaign', [business.campaign]);
    await stage.runUntil(265);
    await business.completeJob({ external_id: 'Ann' }, { completed_at: stage.after(242).toISOString() });
    await stage.runUntil(320);
  },
};
