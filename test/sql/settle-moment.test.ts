// When an outcome came to light, on the server's own clock: once its settle holds the locks, not when it was asked for.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blockedBehind } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { enroll, liveCampaign, messagesOf, newSite, type Site } from '../support/engine-world.ts';

let database: TestDatabase;
let site: Site;
let enrollment: string;

beforeAll(async () => {
  database = await testDatabase({ name: 'settle_moment', virtualClock: true });
  site = await newSite(database);
  const campaign = await liveCampaign(site, [{ channel: 'email', delay_hours: 24 }]);
  enrollment = await enroll(site, campaign, { state: 'sending' });
  await database.query('update touchline.installation set virtual_clock = false');
});
afterAll(() => database.drop());

test('an acceptance that waited for a claim is dated after that claim, which could not know of it', async () => {
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
