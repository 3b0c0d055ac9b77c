// What becomes of a completed job: the campaign that answers to it, or the reason why none does, stored on the job.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Business, openWorld, type World } from '../engine/world.ts';
import {
  addCustomer,
  addEnded,
  addJob,
  change,
  count,
  daysAgo,
  enroll,
  enrollmentState,
  storedVerdict,
  verdict,
} from './enroll-support.ts';

let world: World;
let business: Business;

beforeAll(async () => {
  world = await openWorld('enroll_decisions');
  business = await world.business({ touches: [{ channel: 'email', delay_hours: 24 }] });
});
afterAll(() => world.close());

/** Decides a new completed job of a customer and checks that the answer is also what is stored. */
async function decide(customer: Record<string, unknown> = {}, job: Record<string, unknown> = {}): Promise<string> {
  const jobId = await addJob(business, await addCustomer(business, customer), job);
  const answer = verdict(await enroll(business, jobId));
  expect(await storedVerdict(business, jobId)).toBe(answer);
  return answer;
}

describe('defect 55: a job that cannot lead to a message says why', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ['of a customer with an address', {}, {}, 'enrolled'],
    ['of an archived customer', { status: 'archived', archived_at: '2026-01-01Z' }, {}, 'refused: customer_archived'],
    ['of an erased customer', { status: 'erased', erased_at: '2026-01-01Z' }, {}, 'refused: customer_erased'],
    ['that somebody chose no campaign for', {}, { campaign_choice: 'none' }, 'refused: none_chosen'],
    ['whose chosen campaign was purged', {}, { campaign_choice: 'campaign' }, 'refused: campaign_not_live'],
    ['of a customer without an address', { email: null }, {}, 'refused: no_reachable_channel'],
    ['without email, but with a phone', { email: null, phone: '+12125550100' }, {}, 'refused: no_reachable_channel'],
    [
      'of a customer who opted out',
      { email_consent_status: 'opted_out', email_consent_at: '2026-01-01Z' },
      {},
      'refused: opted_out',
    ],
    ['completed 15 days ago', {}, { completed_at: '2026-02-15T15:00:00Z' }, 'refused: too_old'],
    ['completed exactly 14 days ago', {}, { completed_at: '2026-02-16T15:00:00Z' }, 'enrolled'],
    ['of a customer who reviewed 29 days ago', { last_reviewed_at: '2026-02-01Z' }, {}, 'refused: reviewed_recently'],
    ['of a customer who reviewed 30 days ago', { last_reviewed_at: '2026-01-31T15:00Z' }, {}, 'enrolled'],
  ])('a job %s', async (_, customer, job, expected) => {
    expect(await decide(customer, job)).toBe(expected);
  });

  test('the first reason in the order of the rules is the one that is said', async () => {
    const archived = { status: 'archived', archived_at: '2026-01-01Z', email: null, last_reviewed_at: world.now };
    const old = { completed_at: '2026-01-01Z' };
    expect(await decide(archived, { ...old, campaign_choice: 'none' })).toBe('refused: customer_archived');
    const reviewed = { email: null, last_reviewed_at: world.now };
    expect(await decide(reviewed, { ...old, campaign_choice: 'none' })).toBe('refused: none_chosen');
    expect(await decide(reviewed, old)).toBe('refused: too_old');
    expect(await decide(reviewed)).toBe('refused: no_reachable_channel');
  });

  test('an address that opted out under another customer counts as an opt-out, a bounced one as unreachable', async () => {
    for (const [address, reason, expected] of [
      ['stop@example.test', 'opt_out', 'refused: opted_out'],
      ['gone@example.test', 'bounced', 'refused: no_reachable_channel'],
    ]) {
      await change(
        business,
        `insert into touchline.suppressions (business_id, channel, address_hash, reason, suppressed_at)
         values ($1, 'email', touchline.address_hash('email', $2), $3, '2026-01-01Z')`,
        [address, reason],
      );
      expect(await decide({ email: address })).toBe(expected);
    }
    await change(business, `update touchline.suppressions set lifted_at = '2026-02-01Z' where business_id = $1`);
    expect(await decide({ email: 'stop@example.test' })).toBe('enrolled');
  });

  test('a touch by SMS needs consent, and one way to the person is enough', async () => {
    const both = await business.publish(
      [
        { channel: 'sms', delay_hours: 4 },
        { channel: 'email', delay_hours: 24 },
      ],
      'roofing',
    );
    const roof = { service_type: 'roofing' };
    const phone = { phone: '+12125550101' };
    const optedIn = { sms_consent_status: 'opted_in', sms_consent_at: '2026-01-01Z' };
    expect(await decide({ ...phone, email: null }, roof)).toBe('refused: no_reachable_channel');
    expect(await decide({ ...phone, ...optedIn, email: null }, roof)).toBe('enrolled');
    expect(await decide({ email: 'only@example.test' }, roof)).toBe('enrolled');
    expect(await count(business, 'campaign_enrollments', `campaign_id = '${both}'`)).toBe(2);
  });

  test('the job of a suspended business is refused', async () => {
    const other = await world.business();
    await other.call('touchline.suspend_business', ['Unpaid']);
    const job = await addJob(other, await addCustomer(other));
    expect(verdict(await enroll(other, job))).toBe('refused: business_suspended');
  });
});

describe('defect 54: a review keeps the person out of the next sequence', () => {
  test.each(['review_clicked', 'feedback_submitted'])('after a stop by %s', async (reason) => {
    const stopped = async (days: number): Promise<string> => {
      const customer = await addCustomer(business);
      await addEnded(business, customer, daysAgo(world, days), { stop_reason: reason, touch_1_status: 'cancelled' });
      return verdict(await enroll(business, await addJob(business, customer)));
    };
    expect(await stopped(29)).toBe('refused: reviewed_recently');
    // It ended with a review: the 90 days after a sequence without one do not apply.
    expect(await stopped(31)).toBe('enrolled');
  });

  test('across campaigns, for a customer who comes every week', async () => {
    await business.publish([{ channel: 'email', delay_hours: 4 }], 'cleaning');
    const customer = await addCustomer(business);
    await addEnded(business, customer, daysAgo(world, 7), { stop_reason: 'review_clicked' });
    const job = await addJob(business, customer, { service_type: 'cleaning' });
    expect(verdict(await enroll(business, job))).toBe('refused: reviewed_recently');
  });
});

describe('choosing the campaign', () => {
  test('defect 45: an explicit choice must be a live campaign of the business', async () => {
    const other = await world.business();
    const draft = await world.call<string>("touchline.copy_preset($1, 'standard')", [other.id]);
    const chosen = await other.publish([{ channel: 'email', delay_hours: 5 }], 'hvac');
    const choose = async (campaign: string): Promise<string> => {
      const row = { campaign_choice: 'campaign', chosen_campaign_id: campaign };
      return verdict(await enroll(other, await addJob(other, await addCustomer(other), row)));
    };
    expect(await choose(draft)).toBe('refused: campaign_not_live');
    expect(await choose(chosen)).toBe('enrolled');
    await other.call('touchline.pause_campaign', [chosen, null]);
    expect(await choose(chosen)).toBe('refused: campaign_paused');
    await other.call('touchline.archive_campaign', [chosen]);
    expect(await choose(chosen)).toBe('refused: campaign_not_live');
    await expect(choose(business.campaign)).rejects.toMatchObject({ code: '23503' });
    const { rows } = await world.database.query<{ id: string }>(
      'select id from touchline.campaigns where is_preset limit 1',
    );
    await expect(choose(String(rows[0]?.id))).rejects.toMatchObject({ code: '23503' });
  });

  test('the campaign of the service type goes before the one for all, and a paused one is not passed by', async () => {
    const other = await world.business();
    const plumbing = await other.publish([{ channel: 'email', delay_hours: 48 }], 'plumbing');
    const campaignOf = async (serviceType: string): Promise<string> => {
      const answer = await enroll(other, await addJob(other, await addCustomer(other), { service_type: serviceType }));
      return answer.campaign_id ?? verdict(answer);
    };
    expect(await campaignOf('plumbing')).toBe(plumbing);
    expect(await campaignOf('painting')).toBe(other.campaign);
    await other.call('touchline.pause_campaign', [plumbing, null]);
    expect(await campaignOf('plumbing')).toBe('refused: campaign_paused');
    await other.call('touchline.archive_campaign', [plumbing]);
    expect(await campaignOf('plumbing')).toBe(other.campaign);
    await other.call('touchline.pause_campaign', [other.campaign, null]);
    expect(await campaignOf('painting')).toBe('refused: campaign_paused');
    await other.call('touchline.archive_campaign', [other.campaign]);
    expect(await campaignOf('painting')).toBe('refused: no_campaign');
  });

  test('a refused job is decided anew when somebody asks again, and not by the passing of time', async () => {
    const other = await world.business();
    await other.call('touchline.archive_campaign', [other.campaign]);
    const job = await addJob(other, await addCustomer(other));
    expect(verdict(await enroll(other, job))).toBe('refused: no_campaign');
    await other.publish([{ channel: 'email', delay_hours: 24 }]);
    await world.tick();
    expect(await storedVerdict(other, job)).toBe('refused: no_campaign');
    expect(verdict(await enroll(other, job))).toBe('enrolled');
  });
});

test('defect 52: a job that no campaign takes stops nothing, nor does one that is not done or not to be followed up', async () => {
  const other = await world.business({ policy: { overlap: 'replace' } });
  const running = await other.completeJob({ external_id: 'customer-1' });
  await other
    .publish([{ channel: 'email', delay_hours: 24 }], 'painting')
    .then((campaign) => other.call('touchline.pause_campaign', [campaign, null]));
  for (const [row, expected] of [
    [{ service_type: 'painting' }, 'refused: campaign_paused'],
    [{ campaign_choice: 'none' }, 'refused: none_chosen'],
    [{ completed_at: '2026-01-01Z' }, 'refused: too_old'],
  ] as const) {
    expect(verdict(await enroll(other, await addJob(other, running.customer_id, row)))).toBe(expected);
  }
  const scheduled = await addJob(other, running.customer_id, { status: 'scheduled', completed_at: null });
  await expect(enroll(other, scheduled)).rejects.toMatchObject({ code: 'TL306' });
  expect(await enrollmentState(other, running.enrollment_id)).toBe('active');
});
