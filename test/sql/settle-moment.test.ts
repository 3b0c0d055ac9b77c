// When an outcome came to light: once its settle holds the locks, not when it was asked for.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blockedBehind } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { day, enroll, liveCampaign, messagesOf, monday, newSite, plus, type Site } from '../support/engine-world.ts';

let database: TestDatabase;
let site: Site;
let campaign: string;

beforeAll(async () => {
  database = await testDatabase({ name: 'settle_moment', virtualClock: true });
  site = await newSite(database);
  campaign = await liveCampaign(site, [
    { channel: 'email', delay_hours: 24 },
    { channel: 'email', delay_hours: 72 },
  ]);
});
afterAll(() => database.drop());

test('by a clock that is given: an acceptance of touch 1 is dated just after the claim of touch 2 it waited for', async () => {
  const enrollment = await enroll(site, campaign, { touch: 2, state: 'sending' });
  const claimed = plus(monday, 4 * day);
  await database.query(
    `update touchline.send_logs set state = 'unknown', sent_at = null where campaign_enrollment_id = $1 and touch_number = 1`,
    [enrollment],
  );
  const [first] = await messagesOf(site, enrollment);
  const outcome = { business_id: site.id, send_log_id: first?.id, attempt: 1, outcome: 'accepted' };
  await site.worker.call('settle_touches', first?.claim_id, [outcome], plus(claimed, -1));
  // At the same moment the claim would seem to have known of it.
  const { rows } = await database.query(
    `select a.state, a.sent_at > b.claimed_at as is_later, a.sent_at - b.claimed_at < interval '1 ms' as is_near
     from touchline.send_logs a join touchline.send_logs b using (business_id, campaign_enrollment_id)
     where a.campaign_enrollment_id = $1 and (a.touch_number, b.touch_number) = (1, 2)`,
    [enrollment],
  );
  expect(rows).toEqual([{ state: 'sent', is_later: true, is_near: true }]);
  const second = { ...outcome, send_log_id: (await messagesOf(site, enrollment))[1]?.id };
  await site.worker.call('settle_touches', null, [second], plus(claimed, 1));
  expect((await messagesOf(site, enrollment))[1]).toMatchObject({ state: 'sent', sent_at: plus(claimed, 1) });
});

test("by the server's own: an acceptance that waited for a claim is dated after that claim, which could not know of it", async () => {
  const enrollment = await enroll(site, campaign, { state: 'sending' });
  await database.query('update touchline.installation set virtual_clock = false');
  const [message] = await messagesOf(site, enrollment);
  const outcome = { business_id: site.id, send_log_id: message?.id, attempt: 1, outcome: 'accepted' };
  const claim = await database.pool.connect();
  await claim.query('begin');
  await claim.query('select from touchline.campaign_enrollments where id = $1 for update', [enrollment]);
  const settled = site.worker.call('settle_touches', message?.claim_id, [outcome]);
  await blockedBehind(database, claim);
  const { rows } = await claim.query<{ claimed: Date }>('select pg_catalog.clock_timestamp() as claimed');
  await claim.query('commit');
  claim.release();
  await settled;
  const [sent] = await messagesOf(site, enrollment);
  expect(sent?.state).toBe('sent');
  expect(sent?.sent_at?.getTime()).toBeGreaterThanOrEqual(rows[0]?.claimed.getTime() ?? Number.NaN);
});
