// Pausing a campaign: nothing is handed over meanwhile, nobody is lost, and whoever waited goes on with the gaps of the plan.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blockedBehind } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import {
  day,
  enroll,
  enrollmentOf,
  hour,
  type LiveState,
  liveCampaign,
  monday,
  newCustomer,
  newSite,
  plus,
  queueOf,
  type Site,
  statuses,
} from '../support/engine-world.ts';
import { expectInvariants } from '../support/invariants.ts';

let database: TestDatabase;
let site: Site;
let campaign: string;

beforeAll(async () => {
  database = await testDatabase({ name: 'fence_pause', virtualClock: true });
});
afterAll(async () => {
  await expectInvariants(database);
  await database.drop();
});
beforeEach(async () => {
  site = await newSite(database);
  campaign = await liveCampaign(site, [
    { channel: 'email', delay_hours: 24 },
    { channel: 'email', delay_hours: 3 * 24 },
    { channel: 'email', delay_hours: 7 * 24 },
  ]);
});

const at = (days: number): Date => plus(monday, days * day);
const pause = (days: number): Promise<number> => site.owner.call('pause_campaign', site.id, campaign, null, at(days));
const resume = (days: number): Promise<number> => site.owner.call('resume_campaign', site.id, campaign, at(days));

/** How far an enrollment is shifted, in days. */
async function shift(enrollment: string): Promise<number> {
  const { rows } = await database.query<{ days: string }>(
    'select extract(epoch from plan_shift) / 86400 as days from touchline.campaign_enrollments where id = $1',
    [enrollment],
  );
  return Number(rows[0]?.days);
}

async function campaignStatus(): Promise<string> {
  const { rows } = await database.query('select status from touchline.campaigns where id = $1', [campaign]);
  return rows[0]?.status;
}

/** Messages the worker is given at a moment. */
async function claimed(moment: Date): Promise<number> {
  const sql =
    "select count(*)::int as n from touchline.claim_due_touches('w', gen_random_uuid(), 100, $1) c where c.business_id = $2";
  return database.asRole(
    'touchline_worker',
    null,
    async (client) => (await client.query(sql, [moment, site.id])).rows[0]?.n,
  );
}

describe('a paused campaign', () => {
  it('defects 6, 38: parks who waits, keeps them active, and nothing of it is claimed for 30 days', async () => {
    const enrollment = await enroll(site, campaign);
    expect(await pause(0)).toBe(1);
    expect(await campaignStatus()).toBe('paused');
    expect(await enrollmentOf(site, enrollment)).toMatchObject({ status: 'active', touch_1_status: 'pending' });
    expect(await queueOf(site, enrollment)).toMatchObject({
      due_at: Number.POSITIVE_INFINITY,
      blocked_by: 'campaign_paused',
    });
    for (const days of [1, 2, 30]) expect(await claimed(at(days))).toBe(0);
  });

  it('is paused once: the second pause keeps the moment and the reason of the first', async () => {
    await enroll(site, campaign);
    await site.owner.call('pause_campaign', site.id, campaign, ' Holidays ', at(1));
    expect(await site.owner.call('pause_campaign', site.id, campaign, 'Other', at(2))).toBe(0);
    const { rows } = await database.query('select paused_at, pause_reason from touchline.campaigns where id = $1', [
      campaign,
    ]);
    expect(rows[0]).toEqual({ paused_at: at(1), pause_reason: 'Holidays' });
  });

  it.each<[LiveState, string | null]>([
    ['pending', 'campaign_paused'],
    ['retry', 'campaign_paused'],
    ['sending', null],
    ['unknown', 'unknown'],
    ['held', 'held'],
  ])('leaves a touch that is %s blocked by %s', async (state, blockedBy) => {
    const enrollment = await enroll(site, campaign, { state });
    const touches = await statuses(site, enrollment);
    await pause(2);
    expect((await queueOf(site, enrollment))?.blocked_by ?? null).toBe(blockedBy);
    expect(await statuses(site, enrollment)).toEqual(touches);
  });

  it('does not touch other campaigns of the business', async () => {
    const other = await liveCampaign(site, [{ channel: 'email', delay_hours: 24 }], 'hvac');
    const enrollment = await enroll(site, other);
    expect(await pause(0)).toBe(0);
    expect((await queueOf(site, enrollment))?.blocked_by).toBeNull();
  });

  it('waits for a claim that is under way in any lane of the business', async () => {
    const claim = await database.pool.connect();
    await claim.query('begin');
    await claim.query(
      "select from touchline.business_dispatch where business_id = $1 and channel = 'sms' for no key update",
      [site.id],
    );
    const pausing = pause(1);
    await blockedBehind(database, claim);
    await claim.query('commit');
    claim.release();
    await pausing;
    expect(await campaignStatus()).toBe('paused');
  });
});

describe('a campaign that is resumed', () => {
  it('after a pause of 10 days keeps the gaps of 3 and 7 days between the remaining touches', async () => {
    const enrollment = await enroll(site, campaign);
    await pause(0.5);
    expect(await resume(10.5)).toBe(1);
    expect(await shift(enrollment)).toBe(10);
    const first = await queueOf(site, enrollment);
    expect(first).toMatchObject({ due_at: at(11), late_after: at(13), scheduled_at: at(1), blocked_by: null });
    const moments: unknown[] = [];
    for (const days of [11, 14, 21]) {
      moments.push((await queueOf(site, enrollment))?.due_at);
      expect(await claimed(plus(at(days), -1000))).toBe(0);
      expect(await claimed(at(days))).toBe(1);
      await accept(enrollment, at(days));
    }
    expect(moments).toEqual([at(11), at(14), at(21)]);
    expect((await enrollmentOf(site, enrollment)).status).toBe('completed');
  });

  it('does not send at once what became overdue: it is due as long after the pause as it was before it', async () => {
    const overdue = await enroll(site, campaign, { at: at(-1) });
    const soon = await enroll(site, campaign, { at: plus(at(-1), 6 * hour) });
    await pause(-0.5);
    await resume(5);
    expect((await queueOf(site, overdue))?.due_at).toEqual(at(5.5));
    expect((await queueOf(site, soon))?.due_at).toEqual(at(5.75));
    expect(await claimed(at(5))).toBe(0);
  });

  it('is due now, not in the past, where a touch had waited past its plan before the pause', async () => {
    const enrollment = await enroll(site, campaign, { at: at(-2) });
    await pause(0);
    await resume(4);
    expect(await queueOf(site, enrollment)).toMatchObject({ due_at: at(4), late_after: at(5) });
  });

  it('counts for somebody enrolled during the pause only from then', async () => {
    await pause(0);
    const enrollment = await enroll(site, campaign, { at: at(4) });
    await resume(10);
    expect(await shift(enrollment)).toBe(6);
    expect((await queueOf(site, enrollment))?.due_at).toEqual(at(11));
  });

  it.each<[LiveState, Date | number, string | null]>([
    ['sending', at(1), null],
    ['unknown', Number.POSITIVE_INFINITY, 'unknown'],
    ['held', Number.POSITIVE_INFINITY, 'held'],
  ])('gives a touch that is %s only a new last moment', async (state, due, blockedBy) => {
    const enrollment = await enroll(site, campaign, { state });
    await pause(2);
    expect(await resume(5)).toBe(0);
    expect(await queueOf(site, enrollment)).toMatchObject({ due_at: due, late_after: at(6), blocked_by: blockedBy });
    expect(await shift(enrollment)).toBe(3);
  });

  it('moves what was settled during the pause and not parked yet, and keeps a back-off that reaches further', async () => {
    await pause(0);
    const settled = await enroll(site, campaign, { at: at(2) });
    const backingOff = await enroll(site, campaign, { at: at(2), state: 'retry' });
    await database.query('update touchline.touch_queue set due_at = $2 where enrollment_id = $1', [backingOff, at(20)]);
    await resume(4);
    expect((await queueOf(site, settled))?.due_at).toEqual(at(5));
    expect((await queueOf(site, backingOff))?.due_at).toEqual(at(20));
  });

  it('leaves what is parked for a missing setting parked', async () => {
    const enrollment = await enroll(site, campaign);
    await database.query(
      "update touchline.touch_queue set due_at = 'infinity', blocked_by = 'missing_setting' where enrollment_id = $1",
      [enrollment],
    );
    await pause(0);
    expect(await resume(3)).toBe(0);
    expect(await queueOf(site, enrollment)).toMatchObject({
      due_at: Number.POSITIVE_INFINITY,
      blocked_by: 'missing_setting',
      late_after: at(6),
    });
  });

  it('is due in the hours of the customer, and again the next day after a pause over a change of clocks', async () => {
    await database.query('delete from touchline.sending_windows where business_id = $1', [site.id]);
    await database.query(
      `insert into touchline.sending_windows (business_id, channel, iso_weekday, opens, closes)
       select $1, 'email', d, '09:00', '17:00' from generate_series(1, 7) d`,
      [site.id],
    );
    const customer = await newCustomer(site, { time_zone: 'America/New_York' });
    const enrollment = await enroll(site, campaign, { customer });
    await pause(0.5);
    // Sixteen days of 24 hours from Tuesday 10:00 EST: the clocks of New York went forward on 8 March, so it is 11:00 there.
    await database.asRole('touchline_worker', null, async (client) => {
      await client.query("set local time zone 'America/New_York'");
      await client.query('select touchline.resume_campaign($1, $2, $3)', [site.id, campaign, at(16.5)]);
    });
    expect(await shift(enrollment)).toBe(16);
    expect((await queueOf(site, enrollment))?.due_at).toEqual(new Date('2026-03-19T15:00:00Z'));
    await pause(16.6);
    await resume(17.1);
    expect((await queueOf(site, enrollment))?.due_at).toEqual(new Date('2026-03-20T13:00:00Z'));
  });

  it('tells its lane when the first touch is due', async () => {
    await enroll(site, campaign);
    await pause(0);
    await database.query("update touchline.business_dispatch set next_due_at = 'infinity' where business_id = $1", [
      site.id,
    ]);
    await resume(2);
    const { rows } = await database.query(
      "select next_due_at from touchline.business_dispatch where business_id = $1 and channel = 'email'",
      [site.id],
    );
    expect(rows[0]?.next_due_at).toEqual(at(3));
  });

  it('when it was active anyway is not changed by it', async () => {
    const enrollment = await enroll(site, campaign);
    const before = await queueOf(site, enrollment);
    expect(await resume(5)).toBe(0);
    expect(await queueOf(site, enrollment)).toEqual(before);
  });
});

async function accept(enrollment: string, moment: Date): Promise<void> {
  const { rows } = await database.query(
    "select id, claim_id, attempt from touchline.send_logs where campaign_enrollment_id = $1 and state = 'sending'",
    [enrollment],
  );
  const message = rows[0];
  const outcome = { business_id: site.id, send_log_id: message?.id, attempt: message?.attempt, outcome: 'accepted' };
  await site.worker.call('settle_touches', message?.claim_id, [outcome], moment);
}
