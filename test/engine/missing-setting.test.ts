// A setting that is missing makes touches wait, visibly; it never skips or burns one (rule 12).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectInvariants } from '../support/invariants.ts';
import { later, openWorld, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld('missing');
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

describe('a touch whose business lacks a setting', () => {
  it.each(['postal_address', 'review_url'])(
    'waits for %s, is explained, and goes once it is there (defect 12)',
    async (setting) => {
      const business = await world.business();
      const start = world.now;
      const { enrollment_id: id } = await business.completeJob();
      const { rows } = await world.database.query<{ value: string }>(
        `select ${setting} as value from touchline.businesses where id = $1`,
        [business.id],
      );
      await world.database.query(`update touchline.businesses set ${setting} = null where id = $1`, [business.id]);
      await world.runUntil(later(start, 30));
      expect(world.acceptances).toEqual([]);
      expect(await business.touches(id)).toEqual(['pending']);
      const guards = await world.database.asRole('service_role', null, (client) =>
        client.query('select guard, passes, reason, inputs from touchline.explain_touch($1, $2, null, $3)', [
          business.id,
          id,
          world.now,
        ]),
      );
      expect(guards.rows.filter(({ passes }) => passes === false)).toMatchObject([
        { guard: 'due', reason: 'missing_setting' },
        { guard: 'settings', inputs: { missing: [setting] } },
      ]);
      await world.database.query(`update touchline.businesses set ${setting} = $2 where id = $1`, [
        business.id,
        rows[0]?.value,
      ]);
      await world.tick();
      expect(await business.touches(id)).toEqual(['sent']);
    },
  );
});

describe('an account without anybody who can send', () => {
  it('pauses with the reason, burns no touch, and goes on when somebody can (defect 12)', async () => {
    const business = await world.business();
    const start = world.now;
    const { enrollment_id: id } = await business.completeJob();
    world.provider(() => ({ kind: 'account_error', errorCode: '401', errorMessage: 'invalid key' }));
    await world.runUntil(later(start, 24.5));
    const { rows } = await world.database.query(
      "select status, pause_reason, failures_in_a_row from touchline.sender_accounts where business_id = $1 and channel = 'email'",
      [business.id],
    );
    expect(rows[0]).toMatchObject({ status: 'paused', pause_reason: 'invalid key' });
    expect(await business.touches(id)).toEqual(['pending']);
    const attempts = await world.database.query('select attempts from touchline.touch_queue');
    expect(attempts.rows).toEqual([{ attempts: 0 }]);
    world.provider(undefined);
    await world.runUntil(later(start, 40));
    expect(await business.touches(id)).toEqual(['sent']);
    const health = await world.database.query(
      "select status, failures_in_a_row from touchline.sender_accounts where business_id = $1 and channel = 'email'",
      [business.id],
    );
    expect(health.rows).toEqual([{ status: 'active', failures_in_a_row: 0 }]);
  });
});
