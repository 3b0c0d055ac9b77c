// The whole plan is written at enrollment and counts from the completion; a late start moves what is due, never the plan.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Business, later, openWorld, type TouchPlan, type World } from '../engine/world.ts';
import { expectInvariants } from '../support/invariants.ts';
import { type Answer, addCustomer, addJob, count, daysAgo, enroll } from './enroll-support.ts';

let world: World;

const standard: TouchPlan[] = [
  { channel: 'email', delay_hours: 24 },
  { channel: 'email', delay_hours: 72 },
  { channel: 'email', delay_hours: 168 },
];

beforeAll(async () => {
  world = await openWorld('enroll_plan');
});
afterAll(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

interface Plan {
  /** Hours from completion to each planned touch. */
  plan: (number | null)[];
  /** Hours from completion to the first moment it may leave. */
  dues: number[];
  lateAfter: number;
  shiftHours: number;
}

async function planOf(business: Business, answer: Answer): Promise<Plan> {
  const { rows } = await world.database.query<Plan>(
    `select array[e.touch_1_scheduled_at, e.touch_2_scheduled_at, e.touch_3_scheduled_at, e.touch_4_scheduled_at] as plan,
       (extract(epoch from e.plan_shift) / 3600)::float as "shiftHours",
       (extract(epoch from q.late_after - e.anchor_at) / 3600)::float as "lateAfter"
     from touchline.campaign_enrollments e join touchline.touch_queue q on (q.business_id, q.enrollment_id) = (e.business_id, e.id)
     where e.business_id = $1 and e.id = $2`,
    [business.id, answer.enrollment_id],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`Not enrolled: ${JSON.stringify(answer)}`);
  const { completed_at: completedAt } = await business.job(answer.job_id);
  const hoursFromCompletion = (moment: Date | string): number =>
    (new Date(moment).getTime() - new Date(String(completedAt)).getTime()) / 3_600_000;
  return {
    ...row,
    plan: row.plan.map((moment) => (moment === null ? null : hoursFromCompletion(moment as unknown as Date))),
    dues: answer.touches.map(({ due_at }) => hoursFromCompletion(String(due_at))),
  };
}

describe('the plan', () => {
  test('defect 32: counts from the completion, also when enrolled later; what is due keeps the plan until it is past', async () => {
    const business = await world.business({ touches: standard });
    const early = await enroll(
      business,
      await addJob(business, await addCustomer(business), { completed_at: later(world.now, -20) }),
    );
    expect(await planOf(business, early)).toEqual({
      plan: [24, 96, 264, null],
      dues: [24, 96, 264],
      lateAfter: 24 + 48,
      shiftHours: 0,
    });
  });

  test('a job completed 13 days ago gets its touches at their proper distances, not in a burst', async () => {
    const business = await world.business({ touches: standard });
    const late = await enroll(
      business,
      await addJob(business, await addCustomer(business), { completed_at: daysAgo(world, 13) }),
    );
    const age = 13 * 24;
    expect(await planOf(business, late)).toEqual({
      plan: [24, 96, 264, null],
      dues: [age, age + 72, age + 240],
      lateAfter: age + 48,
      shiftHours: age - 24,
    });
  });

  test('defect 31: what happens is the delay of the campaign, for every preset and service type', async () => {
    const { rows } = await world.database.query<{ key: string; service: string }>(
      `select c.preset_key as key, s.service from touchline.campaigns c
       join touchline.businesses b on b.id = c.business_id cross join unnest(b.service_types) s (service)
       where c.is_preset order by 1, 2`,
    );
    const expected = { gentle: [24, 96], standard: [24, 96, 264], assertive: [4, 28, 100, 268] };
    const businesses = new Map<string, Business>();
    for (const { key, service } of rows) {
      const business = businesses.get(key) ?? (await world.business());
      businesses.set(key, business);
      const campaign = await world.call<string>('touchline.copy_preset($1, $2, $3)', [business.id, key, service]);
      await business.call('touchline.publish_campaign', [campaign]);
      const customer = await addCustomer(business, {
        phone: '+12125550100',
        sms_consent_status: 'opted_in',
        sms_consent_at: world.now,
      });
      const answer = await enroll(business, await addJob(business, customer, { service_type: service }));
      const { plan, dues } = await planOf(business, answer);
      expect({ key, service, plan: plan.filter((at) => at !== null), dues, campaign: answer.campaign_id }).toEqual({
        key,
        service,
        plan: expected[key as keyof typeof expected],
        dues: expected[key as keyof typeof expected],
        campaign,
      });
    }
    expect(rows).toHaveLength(24);
  });

  test('the longest plan: four touches a year apart each', async () => {
    const year: TouchPlan = { channel: 'email', delay_hours: 8760 };
    const business = await world.business({ touches: [year, year, year, year] });
    const answer = await enroll(business, await addJob(business, await addCustomer(business)));
    expect(await planOf(business, answer)).toMatchObject({ plan: [8760, 17520, 26280, 35040] });
  });

  test('does not depend on the time zone of the session, across the change of its clocks', async () => {
    const business = await world.business({ touches: standard });
    const answers: Plan[] = [];
    for (const zone of ['UTC', 'America/New_York', 'Australia/Lord_Howe']) {
      const job = await addJob(business, await addCustomer(business), { completed_at: '2026-02-25T15:00:00Z' });
      // Enrolled in the week in which New York changes its clocks, so that shift and plan lie on both sides.
      const answer = await world.database.asRole('service_role', null, async (client) => {
        await client.query(`set local timezone = '${zone}'`);
        const call = 'select touchline.enroll_job($1, $2, $3) as answer';
        const { rows } = await client.query<{ answer: Answer }>(call, [business.id, job, '2026-03-10T15:00:00Z']);
        return rows[0]?.answer as Answer;
      });
      expect(answer.touches[0]?.scheduled_at).toBe('2026-02-26T15:00:00+00:00');
      answers.push(await planOf(business, answer));
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(answers[0]?.shiftHours).toBe(12 * 24);
  });

  test('stays with the version that was live: publishing another one changes nobody', async () => {
    const business = await world.business({ touches: standard });
    const before = await business.completeJob();
    await world.call('touchline.edit_campaign($1, $2, null)', [business.id, business.campaign]);
    await business.call('touchline.publish_campaign', [business.campaign]);
    const after = await business.completeJob();
    expect((await business.enrollment(before.enrollment_id)).campaign_version).toBe(1);
    expect((await business.enrollment(after.enrollment_id)).campaign_version).toBe(2);
  });
});

describe('the first touch', () => {
  test('waits for the sending window of the person, and may be late from there', async () => {
    const business = await world.business({ hours: 'default', zone: 'America/Phoenix' });
    // 21:00 in Phoenix, and so is the plan a day later: the window opens at 07:00.
    const job = await addJob(business, await addCustomer(business), { completed_at: '2026-03-02T04:00:00Z' });
    const { dues, lateAfter } = await planOf(business, await enroll(business, job));
    expect({ dues, lateAfter }).toEqual({ dues: [34], lateAfter: 34 + 48 });
  });

  test('without any open window keeps its plan; the claim will say so', async () => {
    const business = await world.business();
    await world.call("touchline.set_sending_windows($1, 'email', '[]')", [business.id]);
    const answer = await enroll(business, await addJob(business, await addCustomer(business)));
    const { rows } = await world.database.query<{ due: string }>(
      'select (due_at - scheduled_at)::text as due from touchline.touch_queue where business_id = $1',
      [business.id],
    );
    expect([answer.decision, rows[0]?.due]).toEqual(['enrolled', '00:00:00']);
  });

  test('is heard by its lane', async () => {
    const business = await world.business();
    await business.completeJob({}, { completed_at: daysAgo(world, 2).toISOString() });
    expect(await count(business, 'business_dispatch', `channel = 'email' and next_due_at = '2026-03-02T15:00Z'`)).toBe(
      1,
    );
    expect(await count(business, 'business_dispatch', `channel = 'sms' and next_due_at = 'infinity'`)).toBe(1);
  });
});

test('what would be skipped as things stand is said at once, and stays planned', async () => {
  const business = await world.business({
    touches: [
      { channel: 'sms', delay_hours: 4 },
      { channel: 'email', delay_hours: 24 },
      { channel: 'sms', delay_hours: 72 },
    ],
  });
  const skipsOf = async (customer: Record<string, unknown>): Promise<(string | undefined)[]> => {
    const answer = await enroll(business, await addJob(business, await addCustomer(business, customer)));
    expect(await business.touches(String(answer.enrollment_id))).toEqual(['pending', 'pending', 'pending']);
    return answer.touches.map((touch) => touch.skip_reason);
  };
  expect(await skipsOf({})).toEqual(['no_phone', undefined, 'no_phone']);
  const phone = { phone: '+12125550100' };
  expect(await skipsOf(phone)).toEqual(['no_consent', undefined, 'no_consent']);
  const since = { sms_consent_at: '2026-01-01Z' };
  expect(await skipsOf({ ...phone, ...since, sms_consent_status: 'opted_out' })).toEqual([
    'opted_out',
    undefined,
    'opted_out',
  ]);
  expect(await skipsOf({ ...phone, ...since, sms_consent_status: 'opted_in', email: null })).toEqual([
    undefined,
    'no_email',
    undefined,
  ]);
});
