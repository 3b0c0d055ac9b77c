// A completed job of a customer who is in a sequence, or was lately: the policy of the business decides, across its campaigns.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Business, openWorld, type World } from '../engine/world.ts';
import {
  type Answer,
  addCustomer,
  addEnded,
  addJob,
  breakInserts,
  change,
  count,
  daysAgo,
  enroll,
  enrollmentState,
  storedVerdict,
  verdict,
} from './enroll-support.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld('enroll_overlap');
});
afterAll(() => world.close());

const histories = {
  'was never enrolled': null,
  'reviewed 10 days ago': { days: 10, row: { stop_reason: 'review_clicked' } },
  'ended a sequence 10 days ago': { days: 10, row: {} },
  'ended a sequence 91 days ago': { days: 91, row: {} },
  'had a sequence replaced 10 days ago': { days: 10, row: { stop_reason: 'repeat_job' } },
  'was stopped 10 days ago, after a message': { days: 10, row: { stop_reason: 'owner_stopped' } },
  'was stopped 10 days ago, before any message': {
    days: 10,
    row: { stop_reason: 'owner_stopped', touch_1_status: 'cancelled' },
  },
} as const;

type History = keyof typeof histories;

const outcomes = {
  skip: 'refused: already_active',
  replace: 'enrolled',
  queue_after: 'queued: already_active',
  ask: 'conflict: already_active',
} as const;

type Overlap = keyof typeof outcomes;

/** The table of the rules: review first, then the overlap, then the sequence before; replacing needs the last one, too. */
function expected(history: History, overlap: Overlap, isActive: boolean): string {
  if (history === 'reviewed 10 days ago') return 'refused: reviewed_recently';
  const isRecent = history === 'ended a sequence 10 days ago' || history === 'was stopped 10 days ago, after a message';
  if (isActive && overlap !== 'replace') return outcomes[overlap];
  return isRecent ? 'refused: enrolled_recently' : 'enrolled';
}

describe.each(Object.keys(outcomes) as Overlap[])('with the policy %s', (overlap) => {
  let business: Business;
  beforeAll(async () => {
    world.at('2026-03-02T15:00:00Z');
    business = await world.business({ policy: { overlap } });
    await business.publish([{ channel: 'email', delay_hours: 24 }], 'hvac');
  });

  /** What becomes of the next job of a customer with this history, and that it stopped the running sequence only to begin. */
  async function outcome(history: History, running: string): Promise<string> {
    const customer = await addCustomer(business);
    const service = running === 'same campaign' ? 'other' : 'hvac';
    const old =
      running === 'none' ? null : await enroll(business, await addJob(business, customer, { service_type: service }));
    const past = histories[history];
    if (past !== null) await addEnded(business, customer, daysAgo(world, past.days), past.row);
    const answer = await enroll(business, await addJob(business, customer));
    const begins = answer.decision === 'enrolled';
    const actives = await count(business, 'campaign_enrollments', `status = 'active' and customer_id = '${customer}'`);
    expect(actives, `active enrollments of one customer, running: ${running}`).toBe(old === null && !begins ? 0 : 1);
    if (old !== null) {
      const state = await enrollmentState(business, old.enrollment_id);
      expect(state).toBe(begins ? 'stopped: repeat_job' : 'active');
    }
    return verdict(answer);
  }

  test.each(Object.keys(histories) as History[])('a customer who %s', async (history) => {
    for (const running of ['none', 'same campaign', 'other campaign']) {
      const wanted = expected(history, overlap, running !== 'none');
      expect(await outcome(history, running), `running: ${running}`).toBe(wanted);
    }
  });
});

test('a sequence that ended and was reviewed afterwards ended with a review', async () => {
  const business = await world.business();
  const customer = await addCustomer(business, { last_reviewed_at: daysAgo(world, 60) });
  await addEnded(business, customer, daysAgo(world, 40));
  expect(verdict(await enroll(business, await addJob(business, customer)))).toBe('refused: enrolled_recently');
  await change(business, 'update touchline.customers set last_reviewed_at = $2 where business_id = $1', [
    daysAgo(world, 35),
  ]);
  expect(verdict(await enroll(business, await addJob(business, customer)))).toBe('enrolled');
});

test('no days of re-entry: the next job begins at once', async () => {
  const policy = { reentry_days_after_review: 0, reentry_days_after_enrollment: 0 };
  const business = await world.business({ policy });
  const customer = await addCustomer(business, { last_reviewed_at: world.now });
  await addEnded(business, customer, world.now);
  expect(verdict(await enroll(business, await addJob(business, customer)))).toBe('enrolled');
});

test('defect 50: replacing is one step: when the new sequence cannot begin, the old one goes on', async () => {
  const business = await world.business({ policy: { overlap: 'replace' } });
  const old = await business.completeJob({ external_id: 'customer-1' });
  const repair = await breakInserts(business, 'touch_queue');
  const failed = (await business.completeJob({ external_id: 'customer-1' }, { external_id: 'job-2' })) as Answer;
  expect(failed).toMatchObject({ decision: null, enrollment_id: null, error: { message: 'broken on purpose' } });
  expect(await enrollmentState(business, old.enrollment_id)).toBe('active');
  expect(await business.touches(old.enrollment_id)).toEqual(['pending']);
  expect(await count(business, 'touch_queue')).toBe(1);
  await repair();
  await world.tick();
  expect(await enrollmentState(business, old.enrollment_id)).toBe('stopped: repeat_job');
  expect(await count(business, 'campaign_enrollments', `status = 'active'`)).toBe(1);
});

describe('queue_after', () => {
  test('a job waits for the end of the running sequence, then begins a week after it, whatever its age', async () => {
    world.at('2026-03-02T15:00:00Z');
    const business = await world.business({
      policy: { overlap: 'queue_after' },
      touches: [
        { channel: 'email', delay_hours: 24 },
        { channel: 'email', delay_hours: 360 },
      ],
    });
    const first = (await business.completeJob({ external_id: 'c' })) as Answer;
    const second = (await business.completeJob({ external_id: 'c' }, { external_id: 'second' })) as Answer;
    expect(second).toMatchObject({
      decision: 'queued',
      reason: 'already_active',
      blocked_by_enrollment: first.enrollment_id,
      decide_after: '2026-03-25T15:00:00+00:00',
      enrollment_id: null,
    });
    await world.runUntil('2026-03-18T15:00:00Z');
    expect(await enrollmentState(business, first.enrollment_id)).toBe('completed');
    // Decided as soon as the way is free; it begins when the gap has passed, 23 days after its completion.
    expect(await storedVerdict(business, second.job_id)).toBe('enrolled');
    const begun = (await business.call('touchline.enroll_job', [second.job_id])) as Answer;
    expect(begun.touches).toMatchObject([
      { scheduled_at: '2026-03-03T15:00:00+00:00', due_at: '2026-03-25T15:00:00+00:00' },
      { scheduled_at: '2026-03-18T15:00:00+00:00', due_at: '2026-04-09T15:00:00+00:00' },
    ]);
  });

  test('goes on waiting while the sequence takes longer than planned, whatever the policy has become', async () => {
    world.at('2026-03-02T15:00:00Z');
    const business = await world.business({ policy: { overlap: 'queue_after', queue_gap_days: 1 } });
    await business.completeJob({ external_id: 'c' });
    const second = (await business.completeJob({ external_id: 'c' }, { external_id: 'second' })) as Answer;
    await business.call('touchline.pause_campaign', [business.campaign, null]);
    await world.call('touchline.set_sending_policy($1, $2)', [business.id, { overlap: 'skip' }]);
    world.at('2026-03-05T15:00:00Z');
    await world.tick();
    expect(await storedVerdict(business, second.job_id)).toBe('queued: already_active');
    expect((await business.job(second.job_id)).decide_after).toEqual(new Date('2026-03-05T16:00:00Z'));
    await business.call('touchline.resume_campaign', [business.campaign]);
    // A new job follows the policy of now.
    const third = (await business.completeJob({ external_id: 'c' }, { external_id: 'third' })) as Answer;
    expect(verdict(third)).toBe('refused: already_active');
    await world.runUntil('2026-03-07T15:00:00Z');
    expect(await storedVerdict(business, second.job_id)).toBe('enrolled');
  });

  test('a queued job that was cancelled meanwhile is refused when its turn comes', async () => {
    world.at('2026-03-02T15:00:00Z');
    const business = await world.business({ policy: { overlap: 'queue_after' } });
    const first = await business.completeJob({ external_id: 'c' });
    const second = await business.completeJob({ external_id: 'c' }, { external_id: 'second' });
    await change(
      business,
      `update touchline.jobs set status = 'cancelled' where business_id = $1 and external_id = 'second'`,
    );
    await business.call('touchline.stop_enrollment', [first.enrollment_id, 'owner_stopped']);
    await world.tick();
    expect(await storedVerdict(business, second.job_id)).toBe('refused: job_not_completed');
  });

  test('two queued jobs of one customer begin one after the other', async () => {
    world.at('2026-03-02T15:00:00Z');
    const business = await world.business({ policy: { overlap: 'queue_after' } });
    const first = await business.completeJob({ external_id: 'c' });
    const second = await business.completeJob({ external_id: 'c' }, { external_id: 'second' });
    const third = await business.completeJob({ external_id: 'c' }, { external_id: 'third' });
    await business.call('touchline.stop_enrollment', [first.enrollment_id, 'owner_stopped']);
    await world.tick();
    expect(await storedVerdict(business, second.job_id)).toBe('enrolled');
    expect(await storedVerdict(business, third.job_id)).toBe('queued: already_active');
    const answer = (await business.call('touchline.enroll_job', [third.job_id])) as Answer;
    const blocker = (await business.call('touchline.enroll_job', [second.job_id])) as Answer;
    expect(answer.blocked_by_enrollment).toBe(blocker.enrollment_id);
  });
});

describe('ask', () => {
  let business: Business;
  beforeAll(async () => {
    world.at('2026-03-02T15:00:00Z');
    business = await world.business({ policy: { overlap: 'ask' } });
  });

  /** A running sequence and a job in conflict with it. */
  async function conflict(): Promise<{ old: string; job: string }> {
    const customer = await addCustomer(business);
    const old = await enroll(business, await addJob(business, customer));
    const answer = await enroll(business, await addJob(business, customer));
    expect(answer).toMatchObject({ decision: 'conflict', blocked_by_enrollment: old.enrollment_id });
    return { old: String(old.enrollment_id), job: answer.job_id };
  }

  const resolve = (job: string, choice: string): Promise<Answer> =>
    business.call<Answer>('touchline.resolve_conflict', [job, choice]);

  test('defect 51: a conflict nobody resolved stays one, however long it takes', async () => {
    const { old, job } = await conflict();
    await world.tick();
    expect(verdict(await enroll(business, job))).toBe('conflict: already_active');
    await business.call('touchline.stop_enrollment', [old, 'owner_stopped']);
    world.at('2026-03-12T15:00:00Z');
    await world.tick();
    expect(await storedVerdict(business, job)).toBe('conflict: already_active');
    await business.call('touchline.enroll_completed', [[job], null]);
    expect(await storedVerdict(business, job)).toBe('conflict: already_active');
    world.at('2026-03-02T15:00:00Z');
  });

  test('replace stops the running sequence and begins the new one', async () => {
    const { old, job } = await conflict();
    expect(verdict(await resolve(job, 'replace'))).toBe('enrolled');
    expect(await enrollmentState(business, old)).toBe('stopped: repeat_job');
  });

  test('wait begins the new one after the running one; skip leaves it', async () => {
    const waiting = await conflict();
    expect(await resolve(waiting.job, 'wait')).toMatchObject({
      decision: 'queued',
      blocked_by_enrollment: waiting.old,
      decide_after: '2026-03-10T15:00:00+00:00',
    });
    const skipped = await conflict();
    expect(verdict(await resolve(skipped.job, 'skip'))).toBe('refused: already_active');
    expect(await enrollmentState(business, skipped.old)).toBe('active');
  });

  test('after the running one has ended by itself, replace begins at once and wait after the gap', async () => {
    for (const [choice, due] of [
      ['replace', '2026-03-05T15:00:00+00:00'],
      ['wait', '2026-03-11T15:00:00+00:00'],
    ] as const) {
      world.at('2026-03-02T15:00:00Z');
      const { old, job } = await conflict();
      world.at('2026-03-04T15:00:00Z');
      await change(
        business,
        `update touchline.campaign_enrollments set status = 'completed', completed_at = $3, touch_1_status = 'presumed_sent'
         where business_id = $1 and id = $2`,
        [old, world.now],
      );
      await change(business, 'delete from touchline.touch_queue where business_id = $1 and enrollment_id = $2', [old]);
      world.at('2026-03-05T15:00:00Z');
      expect((await resolve(job, choice)).touches[0]?.due_at).toBe(due);
    }
    world.at('2026-03-02T15:00:00Z');
  });

  test('defect 52: replacing stops nothing when the job is refused now', async () => {
    const { old, job } = await conflict();
    await change(business, `update touchline.jobs set campaign_choice = 'none' where business_id = $1 and id = $2`, [
      job,
    ]);
    expect(verdict(await resolve(job, 'replace'))).toBe('refused: none_chosen');
    expect(await enrollmentState(business, old)).toBe('active');
  });

  test('defect 53: a second click, or a choice on a stale screen, is told so and changes nothing', async () => {
    const { old, job } = await conflict();
    const [one, two] = await Promise.allSettled([resolve(job, 'replace'), resolve(job, 'skip')]);
    const statuses = [one.status, two.status].toSorted();
    expect(statuses).toEqual(['fulfilled', 'rejected']);
    await expect(resolve(job, 'replace')).rejects.toMatchObject({ code: 'TL306' });
    const settled = one.status === 'fulfilled' ? 'stopped: repeat_job' : 'active';
    expect(await enrollmentState(business, old)).toBe(settled);
    await expect(resolve(job, 'maybe')).rejects.toMatchObject({ code: 'TL402' });
    await expect(resolve(randomUUID(), 'skip')).rejects.toMatchObject({ code: 'TL201' });
  });
});
