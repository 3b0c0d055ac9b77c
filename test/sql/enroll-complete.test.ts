// A job is done: the caller's own ids lead to the job and its customer, the decision comes with the answer, and completing never
// fails because enrolling did.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Business, openWorld, type World } from '../engine/world.ts';
import { expectInvariants } from '../support/invariants.ts';
import {
  type Answer,
  addJob,
  breakInserts,
  change,
  count,
  enroll,
  enrollmentState,
  storedVerdict,
  verdict,
} from './enroll-support.ts';

let world: World;
let business: Business;

beforeAll(async () => {
  world = await openWorld('enroll_complete');
});
beforeEach(async () => {
  world.at('2026-03-02T15:00:00Z');
  business = await world.business();
});
afterAll(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

type Values = object | string | null;

const complete = (job: Values, customer: Values = null): Promise<Answer> =>
  business.call<Answer>('touchline.complete_job', [job, customer]);

const ann = { external_id: 'customer-1', first_name: 'Ann', email: 'ann@example.test' };

async function customer(): Promise<Record<string, unknown>> {
  const { rows } = await world.database.query('select * from touchline.customers where business_id = $1', [
    business.id,
  ]);
  expect(rows).toHaveLength(1);
  return rows[0] ?? {};
}

describe('by the ids of the caller', () => {
  test('a new job of a new customer is enrolled at once, with its plan in the answer', async () => {
    const answer = await complete({ external_id: 'job-1', service_type: 'hvac', title: 'Boiler' }, ann);
    expect(answer).toEqual({
      job_id: expect.any(String),
      customer_id: expect.any(String),
      decision: 'enrolled',
      reason: null,
      decide_after: null,
      blocked_by_enrollment: null,
      enrollment_id: expect.any(String),
      campaign_id: business.campaign,
      campaign_version: 1,
      touches: [
        {
          touch_number: 1,
          channel: 'email',
          status: 'pending',
          scheduled_at: '2026-03-03T15:00:00+00:00',
          due_at: '2026-03-03T15:00:00+00:00',
        },
      ],
    });
    expect(await business.job(answer.job_id)).toMatchObject({
      status: 'completed',
      completed_at: world.now,
      service_type: 'hvac',
      title: 'Boiler',
    });
  });

  test('completing again answers the same, keeps the first moment and enrolls nobody', async () => {
    const first = await complete({ external_id: 'job-1' }, ann);
    world.at('2026-03-02T18:00:00Z');
    const again = await complete({ external_id: 'job-1', completed_at: '2026-03-01T00:00:00Z' }, ann);
    expect(again).toEqual(first);
    expect((await business.job(first.job_id)).completed_at).toEqual(new Date('2026-03-02T15:00:00Z'));
    expect(await count(business, 'campaign_enrollments')).toBe(1);
    await world.runUntil('2026-03-03T16:00:00Z');
    expect((await complete({ id: first.job_id })).touches[0]?.status).toBe('sent');
    expect(await count(business, 'campaign_enrollments')).toBe(1);
  });

  test('a job whose enrollment was purged since does not begin again', async () => {
    const first = await complete({ external_id: 'job-1' }, ann);
    await change(business, 'delete from touchline.campaign_enrollments where business_id = $1');
    expect(await enroll(business, first.job_id)).toMatchObject({
      decision: 'enrolled',
      enrollment_id: null,
      touches: [],
    });
    expect(await count(business, 'campaign_enrollments')).toBe(0);
  });

  test('a job and a customer that are known are found by our ids; the moment may be corrected until it is enrolled', async () => {
    const customerId = String(
      (
        await world.database.query('insert into touchline.customers (business_id) values ($1) returning id', [
          business.id,
        ])
      ).rows[0]?.id,
    );
    const job = await addJob(business, customerId, { status: 'scheduled', completed_at: null });
    const refused = await complete(
      { id: job, completed_at: '2026-03-01T12:00:00+02:00' },
      { id: customerId, first_name: 'Bo' },
    );
    expect(verdict(refused)).toBe('refused: no_reachable_channel');
    expect((await business.job(job)).completed_at).toEqual(new Date('2026-03-01T10:00:00Z'));
    await complete({ id: job, completed_at: '2026-03-01T11:00:00Z' });
    expect((await business.job(job)).completed_at).toEqual(new Date('2026-03-01T11:00:00Z'));
    expect(await customer()).toMatchObject({ first_name: 'Bo' });
  });

  test('keys that are given are set, null takes away, the others stay', async () => {
    const zone = {
      time_zone: 'America/Denver',
      phone: '+1 (212) 555-0100',
      tags: ['vip'],
      state: 'co',
      last_name: '  ',
    };
    await complete({ external_id: 'job-1' }, { ...ann, email: ' ANN@Example.Test ', ...zone });
    expect(await customer()).toMatchObject({
      first_name: 'Ann',
      last_name: null,
      email: 'ann@example.test',
      phone: '+12125550100',
      state: 'CO',
      time_zone: 'America/Denver',
      time_zone_source: 'explicit',
      tags: ['vip'],
    });
    await complete({ external_id: 'job-2' }, { external_id: 'customer-1', phone: null, time_zone: null });
    expect(await customer()).toMatchObject({
      first_name: 'Ann',
      email: 'ann@example.test',
      phone: null,
      time_zone: null,
      time_zone_source: null,
    });
  });

  test('defect 75: what an app knows of a customer undoes no archive, no opt-out and no consent', async () => {
    await complete({ external_id: 'job-1' }, { ...ann, phone: '+12125550100' });
    const facts = {
      sms_consent_status: 'opted_out',
      sms_consent_at: new Date('2026-02-01Z'),
      email_consent_status: 'opted_in',
      email_consent_at: new Date('2026-02-01Z'),
      status: 'archived',
      archived_at: new Date('2026-02-01Z'),
    };
    const columns = Object.keys(facts).map((column, index) => `${column} = $${index + 2}`);
    await change(
      business,
      `update touchline.customers set ${columns.join(', ')} where business_id = $1`,
      Object.values(facts),
    );
    const consent = { sms_consent: { status: 'opted_in', method: 'website_form' } };
    const again = await complete(
      { external_id: 'job-2' },
      { ...ann, first_name: 'Anna', phone: '+12125550100', ...consent },
    );
    expect(verdict(again)).toBe('refused: customer_archived');
    expect(await customer()).toMatchObject({ ...facts, first_name: 'Anna' });
  });

  test('nothing is written to an erased customer', async () => {
    const { customer_id: id } = await complete({ external_id: 'job-1' }, ann);
    await business.call('touchline.erase_customer', [id]);
    expect(
      verdict(await complete({ external_id: 'job-2' }, { id, first_name: 'Ann', email: 'ann@example.test' })),
    ).toBe('refused: customer_erased');
    expect(await customer()).toMatchObject({ first_name: null, email: null, status: 'erased' });
  });
});

describe('what is refused', () => {
  const job = { external_id: 'job-1' };
  test.each<[Values, Values, string, string]>([
    [null, ann, 'TL402', 'Job: A JSON object is needed'],
    [{}, ann, 'TL402', 'Job: neither id nor external_id is given'],
    [{ external_id: ' ' }, ann, 'TL402', 'Job: neither id nor external_id is given'],
    [{ ...job, state: 'done' }, ann, 'TL402', 'Job: There is no key "state"'],
    [{ ...job, status: 'scheduled' }, ann, 'TL402', 'Job: There is no key "status"'],
    [{ ...job, decision: 'enrolled' }, ann, 'TL402', 'Job: There is no key "decision"'],
    [{ ...job, service_type: 'gardening' }, ann, 'TL402', 'Job: service_type cannot be "gardening"'],
    [{ ...job, title: 'x'.repeat(201) }, ann, 'TL402', 'Job: title cannot be'],
    [{ ...job, completed_at: '2026-03-01T10:00:00' }, ann, 'TL402', 'Job: completed_at cannot be'],
    [{ ...job, completed_at: '2026-02-30T10:00:00Z' }, ann, 'TL402', 'Job: there is no such moment'],
    [{ ...job, completed_at: 1_772_000_000 }, ann, 'TL402', 'Job: completed_at cannot be 1772000000'],
    [{ ...job, campaign_choice: 'none', chosen_campaign_id: randomUUID() }, ann, 'TL201', 'There is no such campaign'],
    [{ id: randomUUID() }, ann, 'TL201', 'There is no such job'],
    [{ id: 'job-1' }, ann, 'TL402', 'Job: id cannot be "job-1"'],
    [job, null, 'TL402', 'A new job needs its customer'],
    [job, { first_name: 'Ann' }, 'TL402', 'Customer: neither id nor external_id is given'],
    [job, { ...ann, status: 'active' }, 'TL402', 'Customer: There is no key "status"'],
    [job, { ...ann, sms_consent_status: 'opted_in' }, 'TL402', 'Customer: There is no key "sms_consent_status"'],
    [job, { id: randomUUID() }, 'TL201', 'There is no such customer'],
    [job, { ...ann, email: 'ann' }, 'TL402', 'Customer: email cannot be "ann"'],
    [job, { ...ann, phone: '212 555 0100' }, 'TL402', 'Customer: phone cannot be "212 555 0100"'],
    [job, { ...ann, time_zone: 'Mars/Phobos' }, 'TL402', 'Customer: time_zone cannot be "Mars/Phobos"'],
    [job, { ...ann, tags: null }, 'TL402', 'Customer: tags cannot be null'],
    [job, { ...ann, tags: ['a', 'b', 'c', 'd', 'e', 'f'] }, 'TL402', 'Customer: tags cannot be'],
    [job, '["ann"]', 'TL402', 'Customer: A JSON object is needed'],
    [job, { ...ann, sms_consent: true }, 'TL402', 'Customer: sms_consent needs a status'],
  ])('%j of %j', async (badJob, badCustomer, code, message) => {
    const refused = complete(badJob, badCustomer);
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect([await count(business, 'jobs'), await count(business, 'customers')]).toEqual([0, 0]);
  });

  test('an external id that somebody else has', async () => {
    await complete(job, ann);
    const { customer_id: id } = await complete({ external_id: 'job-2' }, { external_id: 'customer-2' });
    await expect(complete(job, { external_id: 'customer-2' })).rejects.toMatchObject({
      code: 'TL402',
      message: 'Job: it is the job of another customer',
    });
    await expect(complete({ external_id: 'job-2' }, { id, external_id: 'customer-1' })).rejects.toMatchObject({
      code: 'TL402',
      message: 'Customer: external_id cannot be "customer-1"',
    });
  });

  test('the system business, which nobody works for, and one that does not exist', async () => {
    for (const id of ['00000000-0000-0000-0000-000000000000', randomUUID()]) {
      const call = world.call('touchline.complete_job($1, $2, $3)', [id, job, ann]);
      await expect(call).rejects.toMatchObject({ code: 'TL201', message: 'There is no such business' });
    }
  });
});

describe('the state of the job', () => {
  test('do not send stays, and is why nothing happens', async () => {
    const { customer_id: id } = await complete({ external_id: 'job-1' }, { external_id: 'customer-1' });
    const job = await addJob(business, id, { status: 'do_not_send', completed_at: null });
    expect(verdict(await complete({ id: job }))).toBe('refused: none_chosen');
    expect(await business.job(job)).toMatchObject({ status: 'do_not_send', completed_at: world.now });
  });

  test('a cancelled job that was done after all is decided, also when it was refused before', async () => {
    const { customer_id: id } = await complete({ external_id: 'job-1' }, { external_id: 'customer-1' });
    const job = await addJob(business, id, { status: 'cancelled', completed_at: null });
    await change(
      business,
      `update touchline.jobs set decision = 'refused', decision_reason = 'job_not_completed', decided_at = $2
       where business_id = $1 and status = 'cancelled'`,
      [world.now],
    );
    expect(verdict(await complete({ id: job }, { id, email: 'ann@example.test' }))).toBe('enrolled');
  });

  test('an import enrolls nobody, however often its jobs are completed, until somebody asks', async () => {
    const { customer_id: id } = await complete({ external_id: 'job-1' }, { external_id: 'customer-1' });
    await change(business, `update touchline.customers set email = 'ann@example.test' where business_id = $1`);
    const job = await addJob(business, id, { source: 'import', decision: 'imported', decided_at: world.now });
    expect(verdict(await complete({ id: job }))).toBe('imported');
    await world.tick();
    expect(await storedVerdict(business, job)).toBe('imported');
    expect(verdict(await enroll(business, job))).toBe('enrolled');
  });

  test('an explicit campaign travels with the job', async () => {
    const campaign = await business.publish([{ channel: 'email', delay_hours: 2 }], 'roofing');
    const chosen = await complete({ external_id: 'job-1', chosen_campaign_id: campaign }, ann);
    expect(chosen.campaign_id).toBe(campaign);
    const none = await complete(
      { external_id: 'job-2', campaign_choice: 'none' },
      { ...ann, external_id: 'customer-2' },
    );
    expect(verdict(none)).toBe('refused: none_chosen');
  });
});

describe('when enrolling fails', () => {
  test.each(['campaign_enrollments', 'touch_queue'])(
    'by a fault of %s, the job is completed all the same and the next tick enrolls it',
    async (table) => {
      const repair = await breakInserts(business, table);
      const failed = await complete({ external_id: 'job-1' }, ann);
      expect(failed).toMatchObject({
        decision: null,
        enrollment_id: null,
        touches: [],
        error: { code: 'P0001', message: 'broken on purpose' },
      });
      expect(await business.job(failed.job_id)).toMatchObject({ status: 'completed', completed_at: world.now });
      await world.tick();
      expect(await storedVerdict(business, failed.job_id)).toBe('null');
      await repair();
      await world.tick();
      expect(await storedVerdict(business, failed.job_id)).toBe('enrolled');
    },
  );
});

describe('consent that comes with the job', () => {
  const phone = '+12125550100';
  const person = { ...ann, phone };
  const optedIn = { sms_consent: { status: 'opted_in', method: 'service_agreement', source: 'api' } };

  test('is recorded once, as evidence, where nothing was known', async () => {
    await complete({ external_id: 'job-1' }, { ...person, ...optedIn });
    await complete({ external_id: 'job-1' }, { ...person, ...optedIn });
    expect(await customer()).toMatchObject({ sms_consent_status: 'opted_in', sms_consent_at: world.now });
    expect(await count(business, 'consent_events', `method = 'service_agreement' and kind = 'opt_in'`)).toBe(1);
  });

  test('never undoes an opt-out of the number, also when the number came with another customer', async () => {
    await complete({ external_id: 'job-1' }, { ...person, ...optedIn });
    await business.call('touchline.record_opt_out', ['sms', phone, { source: 'inbound_sms' }]);
    await complete({ external_id: 'job-2' }, { ...person, ...optedIn });
    expect(await customer()).toMatchObject({ sms_consent_status: 'opted_out' });
    await complete({ external_id: 'job-3' }, { external_id: 'customer-2', phone, ...optedIn });
    expect(await count(business, 'customers', `sms_consent_status = 'opted_in'`)).toBe(0);
    expect(await count(business, 'suppressions', 'lifted_at is null')).toBe(1);
  });

  test('an opt-out is recorded and stops what runs', async () => {
    const first = await complete({ external_id: 'job-1' }, { ...person, ...optedIn });
    await complete({ external_id: 'job-2' }, { ...person, sms_consent: { status: 'opted_out' } });
    expect(await customer()).toMatchObject({ sms_consent_status: 'opted_out' });
    expect(await enrollmentState(business, first.enrollment_id)).toBe('stopped: opted_out_sms');
  });
});
