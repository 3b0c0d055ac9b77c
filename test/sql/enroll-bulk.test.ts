// Many jobs at once: set-based and paced, with the results that one call per job would have had.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Business, openWorld, type World } from '../engine/world.ts';
import { expectInvariants } from '../support/invariants.ts';
import { type Answer, addCustomer, addJob, change, count, daysAgo } from './enroll-support.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld('enroll_bulk');
});
afterAll(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

interface Summary {
  jobs: number;
  not_completed: number;
  already_enrolled: number;
  enrolled: number;
  queued: number;
  conflict: number;
  refused: number;
  reasons: Record<string, number>;
  first_slot: string | null;
  last_slot: string | null;
  next_slot: string;
  messages: Record<string, number>;
  planned_skips: Record<string, number>;
}

const bulk = (
  business: Business,
  jobs: string[],
  perHour: number | null = null,
  firstSlot: string | null = null,
): Promise<Summary> => business.call<Summary>('touchline.enroll_completed', [jobs, perHour, firstSlot]);

/** A business with two campaigns and so many jobs of fewer customers of every kind; the same one each time. */
async function fill(overlap: string, jobs: number): Promise<Business> {
  const business = await world.business({ policy: { overlap }, hours: 'default', zone: 'America/New_York' });
  await business.publish(
    [
      { channel: 'sms', delay_hours: 4 },
      { channel: 'email', delay_hours: 30 },
    ],
    'cleaning',
  );
  const kinds = { people: Math.ceil(jobs * 0.6), jobs, now: world.now };
  await change(
    business,
    `insert into touchline.customers (business_id, external_id, email, phone, sms_consent_status, sms_consent_at,
       email_consent_status, email_consent_at, last_reviewed_at, status, archived_at, time_zone, time_zone_source)
     select $1, 'c' || n, case when n % 5 > 0 then 'c' || n || '@example.test' end,
       case when n % 4 = 0 then '+1212555' || lpad(n::text, 4, '0') end,
       case when n % 8 = 0 then 'opted_in' else 'unknown' end, case when n % 8 = 0 then $3::timestamptz end,
       case when n % 19 = 0 then 'opted_out' else 'unknown' end, case when n % 19 = 0 then $3::timestamptz end,
       case when n % 11 = 0 then $3::timestamptz - interval '100 hours' end,
       case when n % 17 = 0 then 'archived' else 'active' end, case when n % 17 = 0 then $3::timestamptz end,
       case when n % 3 = 0 then 'America/Los_Angeles' end, case when n % 3 = 0 then 'explicit' end
     from generate_series(1, $2) n`,
    [kinds.people, kinds.now],
  );
  await change(
    business,
    `insert into touchline.jobs (business_id, external_id, customer_id, service_type, campaign_choice, status, completed_at)
     select $1, 'j' || lpad(n::text, 5, '0'), c.id, case when n % 2 = 0 then 'cleaning' else 'hvac' end,
       case when n % 23 = 0 then 'none' else 'automatic' end, case when n % 29 = 0 then 'cancelled' else 'completed' end,
       $4::timestamptz - make_interval(mins => (n * 7919) % 24000)
     from generate_series(1, $3) n
     join touchline.customers c on c.business_id = $1 and c.external_id = 'c' || (1 + n % $2)`,
    [kinds.people, kinds.jobs, kinds.now],
  );
  // Plans of a session that saw these tables empty would read them from end to end for each job.
  await world.database.query('analyze');
  return business;
}

async function jobsOf(business: Business): Promise<string[]> {
  const { rows } = await world.database.query<{ id: string }>(
    'select id from touchline.jobs where business_id = $1 order by md5(external_id)',
    [business.id],
  );
  return rows.map(({ id }) => id);
}

// One customer in seven, of every kind; what becomes of a person does not depend on others.
const sampled = `exists (
  select from touchline.customers c
  where (c.business_id, c.id) = (j.business_id, j.customer_id) and substr(c.external_id, 2)::int % 7 = 0)`;

/** Everything that enrolling wrote for the sample, in the words of the caller's own ids. */
async function results(business: Business): Promise<Record<string, unknown>[]> {
  const { rows } = await world.database.query(
    `select j.external_id, j.decision, j.decision_reason, j.decide_after, b.external_id as blocked_by, x.*
     from touchline.jobs j
     left join touchline.campaign_enrollments e on (e.business_id, e.id) = (j.business_id, j.blocked_by_enrollment)
     left join touchline.jobs b on (b.business_id, b.id) = (e.business_id, e.job_id)
     left join lateral (
       select e.status, e.stop_reason, e.enrolled_at, e.plan_shift::text, e.touch_1_scheduled_at, e.touch_1_status,
         e.touch_2_scheduled_at, e.touch_2_status, q.channel, q.scheduled_at, q.due_at, q.late_after
       from touchline.campaign_enrollments e
       left join touchline.touch_queue q on (q.business_id, q.enrollment_id) = (e.business_id, e.id)
       where (e.business_id, e.job_id) = (j.business_id, j.id)) x on true
     where j.business_id = $1 and ${sampled} order by j.external_id`,
    [business.id],
  );
  return rows;
}

async function oneByOne(business: Business): Promise<void> {
  await world.database.query(
    `do $$ declare v_job uuid; begin
       for v_job in select j.id from touchline.jobs j
         where j.business_id = '${business.id}' and j.status = 'completed' and ${sampled} order by j.completed_at, j.id
       loop
         perform touchline.enroll_jobs('${business.id}', array[v_job], '${world.now.toISOString()}', null,
           '${world.now.toISOString()}');
       end loop;
     end $$`,
  );
}

describe('in bulk as one by one', () => {
  test.each([
    ['skip', 5000],
    ['replace', 1000],
    ['queue_after', 1000],
    ['ask', 1000],
  ])(
    'with the policy %s, %i jobs',
    async (overlap, jobs) => {
      const [together, single] = [await fill(overlap, jobs), await fill(overlap, jobs)];
      const summary = await bulk(together, await jobsOf(together));
      await oneByOne(single);
      const expected = await results(single);
      expect(await results(together)).toEqual(expected);
      expect(summary.enrolled).toBe(await count(together, 'campaign_enrollments'));
      expect(expected.filter(({ decision }) => decision === 'enrolled').length).toBeGreaterThan(expected.length / 5);
      expect(summary.not_completed).toBe(Math.floor(jobs / 29));
      const { enrolled, queued, conflict, refused, not_completed: notCompleted } = summary;
      expect(enrolled + queued + conflict + refused + notCompleted).toBe(jobs);
    },
    180_000,
  );
});

describe('the answer', () => {
  test('counts what happened and why, what will be skipped, and the first and last moment of a first touch', async () => {
    const business = await world.business({
      touches: [
        { channel: 'email', delay_hours: 24 },
        { channel: 'sms', delay_hours: 24 },
      ],
    });
    const customers = [await addCustomer(business), await addCustomer(business, { phone: '+12125550100' })];
    const jobs = [
      await addJob(business, String(customers[0]), { completed_at: daysAgo(world, 2) }),
      await addJob(business, String(customers[0]), { completed_at: daysAgo(world, 1) }),
      await addJob(business, String(customers[1])),
      await addJob(business, await addCustomer(business, { email: null })),
      await addJob(business, await addCustomer(business), { completed_at: daysAgo(world, 20) }),
      await addJob(business, await addCustomer(business), { status: 'scheduled', completed_at: null }),
    ];
    const running = (await business.completeJob()) as Answer;
    expect(await bulk(business, [...jobs, running.job_id, ...jobs])).toEqual({
      jobs: 7,
      not_completed: 1,
      already_enrolled: 1,
      enrolled: 2,
      queued: 0,
      conflict: 0,
      refused: 3,
      reasons: { already_active: 1, no_reachable_channel: 1, too_old: 1 },
      first_slot: '2026-03-02T15:00:00+00:00',
      last_slot: '2026-03-03T15:00:00+00:00',
      next_slot: '2026-03-02T15:00:00+00:00',
      messages: { email: 2 },
      planned_skips: { no_phone: 1, no_consent: 1 },
    });
    expect(await bulk(business, [])).toMatchObject({ jobs: 0, enrolled: 0, first_slot: null });
  });

  test('can be had without its effects', async () => {
    const business = await world.business();
    const job = await addJob(business, await addCustomer(business));
    const answer = world.database.asRole('service_role', null, async (client) => {
      const { rows } = await client.query<{ answer: Summary }>(
        'select touchline.enroll_completed($1, $2, null, null, $3) as answer',
        [business.id, [job], world.now],
      );
      throw new Error(String(rows[0]?.answer.enrolled));
    });
    await expect(answer).rejects.toThrow('1');
    expect(await count(business, 'jobs', 'decision is null')).toBe(1);
  });

  test('is an error for ids that do not exist, of which nothing is done, and for a pace that means nothing', async () => {
    const business = await world.business();
    const job = await addJob(business, await addCustomer(business));
    await expect(bulk(business, [job, randomUUID()])).rejects.toMatchObject({ code: 'TL201' });
    await expect(bulk(business, [job], 0)).rejects.toMatchObject({ code: 'TL402' });
    expect(await count(business, 'jobs', 'decision is null')).toBe(1);
  });
});

describe('the pace', () => {
  /** Minutes from now to the first touch of each enrollment, in order of completion. */
  async function minutes(business: Business): Promise<number[]> {
    const { rows } = await world.database.query<{ minutes: number }>(
      `select (extract(epoch from q.due_at - $2) / 60)::float as minutes
       from touchline.campaign_enrollments e
       join touchline.touch_queue q on (q.business_id, q.enrollment_id) = (e.business_id, e.id)
       where e.business_id = $1 order by e.anchor_at, e.job_id`,
      [business.id, world.now],
    );
    return rows.map((row) => row.minutes);
  }

  test('forty an hour: the i-th sequence begins after i times a minute and a half, later touches keep their distance', async () => {
    const business = await world.business({
      touches: [
        { channel: 'email', delay_hours: 24 },
        { channel: 'email', delay_hours: 48 },
      ],
    });
    const jobs: string[] = [];
    for (let i = 0; i < 6; i += 1) {
      const completedAt = new Date(daysAgo(world, 3).getTime() + i * 60_000);
      // Refused jobs take no slot.
      const customer = await addCustomer(business, i === 2 ? { email: null } : {});
      jobs.push(await addJob(business, customer, { completed_at: completedAt }));
    }
    const summary = await bulk(business, jobs.toReversed(), 40);
    expect(await minutes(business)).toEqual([0, 1.5, 3, 4.5, 6]);
    expect(summary).toMatchObject({ first_slot: '2026-03-02T15:00:00+00:00', last_slot: '2026-03-02T15:06:00+00:00' });
    const answer = await business.call<Answer>('touchline.enroll_job', [jobs[5]]);
    expect(answer.touches.map(({ due_at }) => due_at)).toEqual([
      '2026-03-02T15:06:00+00:00',
      '2026-03-04T15:06:00+00:00',
    ]);
  });

  test('counts open hours only, so that no night is saved up for the morning', async () => {
    // Open from 07:00 to 21:00 in New York, where it is 10:00.
    const business = await world.business({ hours: 'default', zone: 'America/New_York' });
    const jobs: string[] = [];
    for (let i = 0; i < 14; i += 1) {
      const completedAt = new Date(daysAgo(world, 3).getTime() + i * 60_000);
      jobs.push(await addJob(business, await addCustomer(business), { completed_at: completedAt }));
    }
    await bulk(business, jobs, 1);
    const sameDay = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    // 21:00 is closed: the twelfth begins at 07:00.
    expect(await minutes(business)).toEqual([...sameDay, 21, 22, 23].map((hours) => hours * 60));
  });

  test('counts every hour where no window is ever open', async () => {
    const business = await world.business();
    await change(business, 'delete from touchline.sending_windows where business_id = $1', []);
    const slots = await world.database.query<{ slots: Date[] }>(
      "select touchline.paced_slots($1, $2, 2, 1, array['email', 'email']) as slots",
      [business.id, world.now],
    );
    const at = world.now.getTime();
    expect(slots.rows[0]?.slots.map((slot) => slot.getTime() - at)).toEqual([1_800_000, 3_600_000]);
  });

  test('is one over many batches, whatever is asked for again after a crash', async () => {
    const business = await world.business({ hours: 'default', zone: 'America/New_York' });
    const jobs: string[] = [];
    for (let i = 0; i < 9; i += 1) {
      const completedAt = new Date(daysAgo(world, 3).getTime() + i * 60_000);
      const customer = await addCustomer(business, i === 4 ? { email: null } : {});
      jobs.push(await addJob(business, customer, { completed_at: completedAt }));
    }
    const first = await bulk(business, jobs.slice(0, 3), 2);
    expect(first.next_slot).toBe('2026-03-02T16:30:00+00:00');
    await bulk(business, jobs.slice(3, 6), 2, first.next_slot);
    // Who asked was killed, and begins again with all of them, knowing no slot.
    const again = await bulk(business, jobs.slice(0, 3), 2);
    expect(again).toMatchObject({ already_enrolled: 3, enrolled: 0, next_slot: first.next_slot });
    const half = await bulk(business, jobs.slice(3, 7), 2, again.next_slot);
    await bulk(business, jobs.slice(7), 2, half.next_slot);
    expect(await minutes(business)).toEqual([0, 30, 60, 90, 120, 150, 180, 210]);
  });

  test('a slot before the plan does not bring it forward', async () => {
    const business = await world.business();
    const jobs = [
      await addJob(business, await addCustomer(business)),
      await addJob(business, await addCustomer(business)),
    ];
    await bulk(business, jobs, 1);
    expect(await minutes(business)).toEqual([24 * 60, 24 * 60]);
  });

  test('goes on over the jobs of one customer that replace each other', async () => {
    const business = await world.business({ policy: { overlap: 'replace' } });
    const customer = await addCustomer(business);
    const jobs: string[] = [];
    for (let days = 5; days > 2; days -= 1) {
      jobs.push(await addJob(business, customer, { completed_at: daysAgo(world, days) }));
    }
    jobs.push(await addJob(business, await addCustomer(business), { completed_at: daysAgo(world, 6) }));
    await bulk(business, jobs, 60);
    // The other customer's job and the first one's oldest take slots 0 and 1, the two that replace it 2 and 3.
    expect((await minutes(business)).toSorted()).toEqual([0, 3]);
  });
});
