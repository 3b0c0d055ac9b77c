// Suspending a business, alone and together with pauses; and what five thousand people are like who wait together.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import {
  day,
  enroll,
  enrollmentOf,
  liveCampaign,
  monday,
  newCampaign,
  newSite,
  plus,
  queueOf,
  type Site,
} from '../support/engine-world.ts';
import { expectInvariants } from '../support/invariants.ts';

let database: TestDatabase;
let site: Site;
let campaign: string;

beforeAll(async () => {
  database = await testDatabase({ name: 'fence_suspend', virtualClock: true });
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
  ]);
});

const at = (days: number): Date => plus(monday, days * day);
const pause = (days: number): Promise<number> => site.owner.call('pause_campaign', site.id, campaign, null, at(days));
const resume = (days: number): Promise<number> => site.owner.call('resume_campaign', site.id, campaign, at(days));
const suspend = (days: number): Promise<number> => site.operator.call('suspend_business', site.id, 'Unpaid', at(days));
const reinstate = (days: number): Promise<number> => site.operator.call('reinstate_business', site.id, at(days));

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

describe('a suspended business', () => {
  it('is parked as a whole, and goes on shifted', async () => {
    const other = await liveCampaign(site, [{ channel: 'sms', delay_hours: 24 }], 'hvac');
    const enrollments = [await enroll(site, campaign), await enroll(site, other)];
    expect(await suspend(0.5)).toBe(2);
    expect(await suspend(0.6)).toBe(0);
    expect(await site.worker.call('sweep_lanes', at(2))).toBe(0);
    expect(await reinstate(5.5)).toBe(2);
    for (const enrollment of enrollments) {
      expect(await shift(enrollment)).toBe(5);
      expect((await queueOf(site, enrollment))?.due_at).toEqual(at(6));
    }
    expect(await reinstate(6)).toBe(0);
  });

  it('is named to who would resume a campaign of it', async () => {
    await pause(0);
    await suspend(1);
    const refusal = await site.owner.refusal('resume_campaign', site.id, campaign, at(2));
    expect(refusal).toMatchObject({ code: 'TL309', hint: expect.stringContaining('reinstate') });
    expect(await campaignStatus()).toBe('paused');
  });

  it('is suspended by the operator only, with a reason, and exists', async () => {
    await expect(site.owner.call('suspend_business', site.id, 'Why not', at(0))).rejects.toMatchObject({
      code: '42501',
    });
    await expect(site.worker.call('suspend_business', site.id, 'Why not', at(0))).rejects.toMatchObject({
      code: '42501',
    });
    expect(await site.operator.refusal('suspend_business', site.id, ' ', at(0))).toMatchObject({ code: 'TL402' });
    const nobody = '99999999-0000-7000-8000-000000000000';
    expect(await site.operator.refusal('suspend_business', nobody, 'Why', at(0))).toMatchObject({ code: 'TL201' });
    expect(await site.operator.refusal('reinstate_business', nobody, at(0))).toMatchObject({ code: 'TL201' });
  });
});

describe('pauses and suspensions that overlap', () => {
  type Move = readonly ['pause' | 'resume' | 'suspend' | 'reinstate', number];
  const moves = { pause, resume, suspend, reinstate };

  it.each<[string, readonly Move[], number]>([
    [
      'a pause inside a suspension',
      [
        ['suspend', 1],
        ['pause', 3],
        ['reinstate', 6],
        ['resume', 10],
      ],
      9,
    ],
    [
      'a suspension inside a pause',
      [
        ['pause', 1],
        ['suspend', 3],
        ['reinstate', 6],
        ['resume', 10],
      ],
      9,
    ],
    [
      'a pause that ends at once after a suspension',
      [
        ['pause', 1],
        ['suspend', 3],
        ['reinstate', 6],
        ['resume', 6],
      ],
      5,
    ],
    [
      'one after the other',
      [
        ['pause', 1],
        ['resume', 3],
        ['suspend', 4],
        ['reinstate', 9],
      ],
      7,
    ],
    [
      'two pauses and two suspensions',
      [
        ['pause', 1],
        ['resume', 2],
        ['suspend', 3],
        ['pause', 4],
        ['reinstate', 5],
        ['suspend', 6],
        ['reinstate', 7],
        ['resume', 8],
      ],
      6,
    ],
  ])('%s add up to the days in which nothing could be sent', async (_, story, days) => {
    const enrollment = await enroll(site, campaign, { touch: 2, at: at(-0.5) });
    for (const [move, moment] of story) await moves[move](moment);
    expect(await shift(enrollment)).toBeCloseTo(days, 9);
    expect(await queueOf(site, enrollment)).toMatchObject({ due_at: at(3.5 + days), blocked_by: null });
  });

  it('keep parked what the other one still holds', async () => {
    const enrollment = await enroll(site, campaign);
    await suspend(0.2);
    await pause(0.4);
    expect((await queueOf(site, enrollment))?.blocked_by).toBe('business_suspended');
    expect(await reinstate(2)).toBe(0);
    expect(await queueOf(site, enrollment)).toMatchObject({
      due_at: Number.POSITIVE_INFINITY,
      blocked_by: 'campaign_paused',
    });
    expect(await resume(3)).toBe(1);
  });
});

describe('what cannot be paused or resumed', () => {
  it.each(['pause_campaign', 'resume_campaign'] as const)(
    '%s of a draft, an archived campaign and a preset',
    async (name) => {
      const args = name === 'pause_campaign' ? [null, at(1)] : [at(1)];
      const draft = await newCampaign(site, [{ channel: 'email', delay_hours: 24 }], 'hvac');
      expect(await site.owner.refusal(name, site.id, draft, ...args)).toMatchObject({ code: 'TL302' });
      await site.owner.call('archive_campaign', site.id, draft, at(0));
      expect(await site.owner.refusal(name, site.id, draft, ...args)).toMatchObject({ code: 'TL302' });
      const system = '00000000-0000-0000-0000-000000000000';
      const { rows } = await database.query('select id from touchline.campaigns where is_preset limit 1');
      expect(await site.operator.refusal(name, system, rows[0]?.id, ...args)).toMatchObject({
        code: 'TL302',
        message: expect.stringContaining('preset'),
      });
    },
  );

  it('a reason of a thousand characters is too long', async () => {
    const refusal = site.owner.refusal('pause_campaign', site.id, campaign, 'x'.repeat(1000), at(1));
    expect(await refusal).toMatchObject({ code: 'TL402' });
  });
});

describe('five thousand people in a paused campaign', () => {
  it('defect 30: are resumed all or none, in their order, without a burst', { timeout: 60_000 }, async () => {
    const first = await enroll(site, campaign);
    await crowd(first, 5000);
    expect(await pause(0.5)).toBe(5001);
    await database.query(`
      create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'no room left'; end $$;
      create trigger refuse before update on touchline.touch_queue for each row
      when (old.enrollment_id = '${first}' and new.blocked_by is null) execute function public.refuse()`);
    await expect(resume(10.5)).rejects.toThrow('no room left');
    expect(await campaignStatus()).toBe('paused');
    expect(await spread()).toEqual({ shifted: 0, parked: 5001, due_at_once: 0, hours: null });
    await database.query('drop trigger refuse on touchline.touch_queue; drop function public.refuse()');

    expect(await resume(10.5)).toBe(5001);
    expect(await spread()).toEqual({ shifted: 5001, parked: 0, due_at_once: 0, hours: 10 });
    expect((await enrollmentOf(site, first)).status).toBe('active');
  });

  /** Copies of an enrollment, its job and its queue row, planned over ten hours. */
  async function crowd(model: string, count: number): Promise<void> {
    await database.query(
      `create table public.crowd as select gen_random_uuid() as id, n,
         e.touch_1_scheduled_at + n * interval '36000 seconds' / $2 as scheduled_at, e.campaign_id,
         e.anchor_at + n * interval '36000 seconds' / $2 as anchor_at, e.enrolled_at
       from touchline.campaign_enrollments e, generate_series(1, $2::int) n where e.id = $1`,
      [model, count],
    );
    const copies = [
      "customers (business_id, id, email) select $1, id, id || '@example.test' from public.crowd",
      `jobs (business_id, id, customer_id, status, completed_at)
         select $1, id, id, 'completed', anchor_at from public.crowd`,
      `campaign_enrollments (business_id, id, campaign_id, campaign_version, job_id, customer_id, enrolled_at, anchor_at,
           touch_1_scheduled_at, touch_1_status, touch_2_scheduled_at, touch_2_status)
         select $1, id, campaign_id, 1, id, id, enrolled_at, anchor_at, scheduled_at, 'pending',
           scheduled_at + interval '72 hours', 'pending' from public.crowd`,
      `touch_queue (business_id, enrollment_id, touch_number, channel, scheduled_at, due_at, late_after)
         select $1, id, 1, 'email', scheduled_at, scheduled_at, scheduled_at + interval '48 hours' from public.crowd`,
    ];
    // Past the foreign keys: their checks are planned for the small tables of the other stories and cost a minute here.
    const client = await database.pool.connect();
    await client.query('set session_replication_role = replica');
    for (const copy of copies) await client.query(`insert into touchline.${copy}`, [site.id]);
    client.release(true);
    // As autovacuum does within a minute of such a crowd.
    await database.query('analyze touchline.customers, touchline.campaign_enrollments, touchline.touch_queue');
  }

  async function spread(): Promise<unknown> {
    const { rows } = await database.query(
      `select count(*) filter (where e.plan_shift > interval '0')::int as shifted,
         count(*) filter (where q.blocked_by = 'campaign_paused')::int as parked,
         count(*) filter (where q.due_at <= $2)::int as due_at_once,
         (extract(epoch from max(q.due_at) filter (where q.blocked_by is null) - min(q.due_at)) / 3600)::int as hours
       from touchline.touch_queue q join touchline.campaign_enrollments e on e.id = q.enrollment_id where q.business_id = $1`,
      [site.id, at(10.5)],
    );
    return rows[0];
  }
});
