// What was sent stays, whatever becomes of the campaign, the job or the customer. A purge breaks on purpose what invariants say of
// enrollments and the log, so they are not asked here.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Business, later, openWorld, type World } from './world.ts';

let world: World;
let business: Business;
let enrollment = '';

beforeEach(async () => {
  world = await openWorld('purge');
  business = await world.business({
    touches: [
      { channel: 'email', delay_hours: 24 },
      { channel: 'email', delay_hours: 24 },
    ],
  });
  const start = world.now;
  ({ enrollment_id: enrollment } = await business.completeJob({ external_id: 'ann' }));
  await world.runUntil(later(start, 24));
});
afterEach(async () => {
  await world.close();
});

async function sentCount(): Promise<number | undefined> {
  const { rows } = await world.database.query<{ count: number }>(
    "select count(*)::integer as count from touchline.send_logs where business_id = $1 and state = 'sent'",
    [business.id],
  );
  return rows[0]?.count;
}

describe('history (defect 43)', () => {
  it('survives the archiving of the campaign, which stops those inside with a reason (defect 47)', async () => {
    await business.call('touchline.archive_campaign', [business.campaign]);
    expect(await business.enrollment(enrollment)).toMatchObject({ status: 'stopped', stop_reason: 'campaign_deleted' });
    expect(await business.touches(enrollment)).toEqual(['sent', 'cancelled']);
    expect(await sentCount()).toBe(1);
  });

  it.each(['campaigns', 'jobs', 'customers'])('survives a purge of %s, and nothing more is sent', async (table) => {
    await world.database.query(`delete from touchline.${table} where business_id = $1`, [business.id]);
    expect(await sentCount()).toBe(1);
    const before = world.acceptances.length;
    await world.runUntil(later(world.now, 72));
    expect(world.acceptances).toHaveLength(before);
  });

  it('takes the outcome of a send that was under way when its customer was purged', async () => {
    world.at(later(world.now, 24));
    const claimId = '99999999-1111-4111-8111-111111111111';
    const intents = await world.engine.store.claim({ worker: 'story', claimId, limit: 10, now: world.now });
    expect(intents).toHaveLength(1);
    await world.database.query('delete from touchline.customers where business_id = $1', [business.id]);
    for (const { businessId, sendLogId, attempt } of intents) {
      const outcome = { businessId, sendLogId, attempt, kind: 'rejected' as const, errorMessage: 'no such mailbox' };
      const settled = await world.engine.store.settle(claimId, [outcome], world.now);
      expect(settled).toEqual([{ businessId, sendLogId, state: 'failed' }]);
    }
  });
});
