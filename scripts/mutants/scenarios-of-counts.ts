// What the daily counts must follow: reports that come twice, proof that comes late, and a business that moves to another zone.
import type { AttemptOutcome, EngineStore } from '../../src/engine/ports.ts';
import { callBack, emails } from './scenarios-of-life.ts';
import type { Stage } from './stage.ts';

/** A store that keeps what it is told to settle. */
function listening(store: EngineStore, settled: [string, readonly AttemptOutcome[]][]): EngineStore {
  return {
    ...store,
    settle: (claimId, outcomes, now) => {
      settled.push([claimId, outcomes]);
      return store.settle(claimId, outcomes, now);
    },
    settleAndClaim: (claimId, outcomes, next) => {
      settled.push([claimId, outcomes]);
      return store.settleAndClaim(claimId, outcomes, next);
    },
  };
}

export const scenariosOfCounts = {
  async "a worker reports again what is in yesterday's counts"(stage: Stage): Promise<void> {
    const { world } = stage;
    const business = await world.business({ touches: emails });
    await business.completeJob();
    const settled: [string, readonly AttemptOutcome[]][] = [];
    const { store } = world.engine;
    stage.store = listening(store, settled);
    await stage.tickAt(24);
    world.at(stage.after(48));
    for (const [claimId, outcomes] of [...settled]) await world.engine.store.settle(claimId, outcomes, world.now);
  },
  async 'a message is presumed sent, and proved the next day'(stage: Stage): Promise<void> {
    const business = await stage.world.business({ touches: emails });
    await business.completeJob();
    stage.provider(() => 'accept silently');
    await stage.runUntil(26);
    stage.world.at(stage.after(48));
    await callBack(stage, { eventId: 'e1', kind: 'accepted' });
    await stage.tickAt(49);
  },
  async 'a business in New York moves to Tokyo'(stage: Stage): Promise<void> {
    const { world } = stage;
    const business = await world.business({ touches: emails, zone: 'America/New_York' });
    await business.completeJob({}, { completed_at: stage.after(-12).toISOString() });
    // In New York it is the evening of the day before.
    await stage.tickAt(12);
    await stage.judge();
    await callBack(stage, { eventId: 'e1', kind: 'delivered' });
    await world.call('touchline.set_business($1, $2)', [business.id, { time_zone: 'Asia/Tokyo' }]);
    await stage.judge();
    await stage.tickAt(13);
  },
};
