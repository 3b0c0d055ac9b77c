// Stopping an enrollment, wherever its current touch stands: what was not handed over never is, and what was is still recorded.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blockedBehind, callOf } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import {
  day,
  enroll,
  enrollmentOf,
  type LiveState,
  liveCampaign,
  liveStates,
  messagesOf,
  monday,
  newCampaign,
  newSite,
  openClaim,
  plus,
  queueOf,
  type Site,
  statuses,
} from '../support/engine-world.ts';
import { expectInvariants } from '../support/invariants.ts';

let database: TestDatabase;
let site: Site;
let campaign: string;
const friday = plus(monday, 4 * day);

beforeAll(async () => {
  database = await testDatabase({ name: 'fence_stop', virtualClock: true });
});
afterAll(async () => {
  await expectInvariants(database);
  await database.drop();
});
beforeEach(async () => {
  site = await newSite(database);
  campaign = await liveCampaign(site, [
    { channel: 'email', delay_hours: 24 },
    { channel: 'email', delay_hours: 72 },
    { channel: 'email', delay_hours: 168 },
  ]);
});

const stop = (enrollment: string, reason = 'owner_stopped'): Promise<boolean> =>
  site.owner.call('stop_enrollment', site.id, enrollment, reason, friday);

describe('an enrollment is stopped', () => {
  it.each<[LiveState, string, string | undefined, string]>([
    ['pending', 'cancelled', undefined, 'gone'],
    ['retry', 'cancelled', 'cancelled', 'gone'],
    ['sending', 'sending', 'sending', 'stopping'],
    ['unknown', 'unknown', 'unknown', 'stopping'],
    ['held', 'held', 'held', 'stopping'],
  ])('while its touch is %s: the touch is %s, the message %s, the queue row %s', async (state, touch, message, row) => {
    const enrollment = await enroll(site, campaign, { touch: 2, state });
    expect(await stop(enrollment)).toBe(true);
    expect(await enrollmentOf(site, enrollment)).toMatchObject({
      status: 'stopped',
      stop_reason: 'owner_stopped',
      stopped_at: friday,
      current_touch: 2,
    });
    expect(await statuses(site, enrollment)).toEqual(['sent', touch, 'cancelled']);
    expect((await messagesOf(site, enrollment)).map((log) => log.state)).toEqual(
      message === undefined ? ['sent'] : ['sent', message],
    );
    const queued = await queueOf(site, enrollment);
    expect(queued === null ? 'gone' : queued.stopping && 'stopping').toBe(row);
  });

  it.each(liveStates)('once, although its touch was %s: stopping again changes nothing and says so', async (state) => {
    const enrollment = await enroll(site, campaign, { state });
    expect(await stop(enrollment)).toBe(true);
    const first = await enrollmentOf(site, enrollment);
    expect(await stop(enrollment, 'replied')).toBe(false);
    expect(await enrollmentOf(site, enrollment)).toEqual(first);
  });

  it('defect 9: and stays stopped when the provider accepts what was on its way', async () => {
    const enrollment = await enroll(site, campaign, { state: 'sending' });
    const [message] = await messagesOf(site, enrollment);
    await stop(enrollment);
    const outcome = {
      business_id: site.id,
      send_log_id: message?.id,
      attempt: 1,
      outcome: 'accepted',
      provider_id: 'p1',
    };
    await site.worker.call('settle_touches', message?.claim_id, [outcome], friday);
    expect(await enrollmentOf(site, enrollment)).toMatchObject({ status: 'stopped', touch_1_status: 'sent' });
    expect(await statuses(site, enrollment)).toEqual(['sent', 'cancelled', 'cancelled']);
    expect(await queueOf(site, enrollment)).toBeNull();
  });

  it('and what would have been tried again is cancelled instead', async () => {
    const enrollment = await enroll(site, campaign, { state: 'sending' });
    const [message] = await messagesOf(site, enrollment);
    await stop(enrollment);
    const outcome = { business_id: site.id, send_log_id: message?.id, attempt: 1, outcome: 'retry' };
    await site.worker.call('settle_touches', message?.claim_id, [outcome], friday);
    expect(await statuses(site, enrollment)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect((await messagesOf(site, enrollment))[0]?.state).toBe('cancelled');
    expect(await queueOf(site, enrollment)).toBeNull();
  });

  it('and a lease is respected even where the touch does not know of it', async () => {
    const enrollment = await enroll(site, campaign);
    await database.query(
      'update touchline.touch_queue set claim_id = gen_random_uuid(), lease_until = $2 where enrollment_id = $1',
      [enrollment, friday],
    );
    await stop(enrollment);
    expect((await queueOf(site, enrollment))?.stopping).toBe(true);
    await database.query('delete from touchline.touch_queue where enrollment_id = $1', [enrollment]);
  });

  it('without touching anybody else', async () => {
    const [one, other] = [await enroll(site, campaign), await enroll(site, campaign, { state: 'retry' })];
    await stop(one);
    expect(await enrollmentOf(site, other)).toMatchObject({ status: 'active', touch_1_status: 'pending' });
    expect((await queueOf(site, other))?.stopping).toBe(false);
  });

  it('after the claim that holds it has committed, and then lets its message be settled', async () => {
    const enrollment = await enroll(site, campaign);
    const claim = await openClaim(site, plus(monday, day));
    const stopping = stop(enrollment);
    await blockedBehind(database, claim);
    await claim.query('commit');
    claim.release();
    expect(await stopping).toBe(true);
    expect(await statuses(site, enrollment)).toEqual(['sending', 'cancelled', 'cancelled']);
    expect((await queueOf(site, enrollment))?.stopping).toBe(true);
  });
});

describe('the surface', () => {
  it('answers foreign and unknown enrollments alike', async () => {
    const other = await newSite(database);
    const theirs = await enroll(other, await liveCampaign(other, [{ channel: 'email', delay_hours: 24 }]));
    const answers = [theirs, randomUUID()].map((id) =>
      site.owner.refusal('stop_enrollment', site.id, id, 'owner_stopped', friday),
    );
    const [foreign, unknown] = await Promise.all(answers);
    expect(foreign).toEqual(unknown);
    expect(foreign?.code).toBe('TL201');
    expect((await enrollmentOf(other, theirs)).status).toBe('active');
  });

  it.each([
    ['opted_out_sms', /record_opt_out/],
    ['opted_out_email', /record_opt_out/],
    ['bounced', /record_opt_out/],
    ['complained', /record_opt_out/],
    ['review_clicked', /record_customer_event/],
    ['feedback_submitted', /record_customer_event/],
    ['customer_erased', /erase_customer/],
    ['campaign_deleted', /archive_campaign/],
    ['repeat_job', /complete_job/],
    ['campaign_paused', /not paused/],
    ['business_suspended', /operator/],
    ['because', /owner_stopped/],
    [null, /owner_stopped/],
  ])('refuses the reason %s and names what to do instead', async (reason, hint) => {
    const enrollment = await enroll(site, campaign);
    const refusal = await site.owner.refusal('stop_enrollment', site.id, enrollment, reason, friday);
    expect(refusal).toMatchObject({ code: 'TL402', hint: expect.stringMatching(hint) });
    expect((await enrollmentOf(site, enrollment)).status).toBe('active');
  });

  it('runs under read committed only', async () => {
    const enrollment = await enroll(site, campaign);
    const { text, values } = callOf('stop_enrollment', [site.id, enrollment, 'owner_stopped', friday]);
    const client = await database.pool.connect();
    await client.query('begin isolation level repeatable read; set local role touchline_worker');
    await expect(client.query(text, values)).rejects.toMatchObject({ code: 'TL101' });
    await client.query('rollback');
    client.release();
  });

  it('does not stop anything of a draft: there is nobody inside', async () => {
    const draft = await newCampaign(site, [{ channel: 'email', delay_hours: 24 }], 'hvac');
    expect(await site.owner.call('archive_campaign', site.id, draft, friday)).toBe(0);
  });
});
