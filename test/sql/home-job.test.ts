// Completing a job from the home page's form: what people type, who the customer is, and the consent that a tick records.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { homePort } from '../../src/db/home.ts';
import type { HomePort, JobForm } from '../../src/engine/home.ts';
import { type Caller, newBusiness } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
let business: string;
let owner: Caller;
let home: HomePort;

beforeAll(async () => {
  database = await testDatabase('home_job');
});
afterAll(() => database.drop());

beforeEach(async () => {
  let ownerId: string;
  ({ id: business, owner, ownerId } = await newBusiness(database, { country: 'US' }));
  const campaign = await owner.call<string>('copy_preset', business, 'gentle');
  await owner.call('publish_campaign', business, campaign);
  home = homePort(database.pool, { role: 'authenticated', userId: ownerId });
});

function form(customer: Partial<JobForm['customer']> = {}, job: Partial<JobForm> = {}): JobForm {
  const ann = { name: 'Ann Lee', email: 'Ann@Example.com', phone: '(212) 555-0123', smsConsent: true };
  const given = { externalId: randomUUID(), serviceType: 'plumbing', completedAt: null };
  return { ...given, ...job, customer: { ...ann, ...customer } };
}

const customers = (): Promise<Record<string, unknown>[]> =>
  owner.rows('select * from touchline.customers where business_id = $1', business);

describe('a job that the form completes', () => {
  it('enrolls its customer, read as an import reads them, with the consent that was ticked', async () => {
    const result = await home.completeJob(business, form());
    expect(result).toMatchObject({ decision: 'enrolled', reason: null });
    expect(await customers()).toMatchObject([
      {
        ...{ first_name: 'Ann', last_name: 'Lee', email: 'ann@example.com', phone: '+12125550123' },
        ...{ sms_consent_status: 'opted_in', email_consent_status: 'unknown' },
      },
    ]);
    const events = await owner.rows(
      'select kind, channel, source, consent_form from touchline.consent_events where business_id = $1',
      business,
    );
    expect(events).toEqual([{ kind: 'opt_in', channel: 'sms', source: 'dashboard', consent_form: 'written' }]);
    expect(await home.timeline(business, result.enrollmentId ?? '')).toMatchObject({
      customer: { name: 'Ann Lee', email: 'ann@example.com' },
      ...{ timeZone: 'America/New_York', timeZoneSource: 'business' },
      ...{ status: 'active', stopReason: null, job: { serviceType: 'plumbing' } },
    });
  });

  it('without the tick records nothing about texts, and needs no consent for email', async () => {
    expect(await home.completeJob(business, form({ smsConsent: false }))).toMatchObject({ decision: 'enrolled' });
    expect(await customers()).toMatchObject([{ sms_consent_status: 'unknown', sms_consent_at: null }]);
  });

  it('answers the same when it is sent twice, also with another spelling of the customer', async () => {
    const first = form();
    const answer = await home.completeJob(business, first);
    expect(await home.completeJob(business, first)).toEqual(answer);
    const corrected = form({ name: 'Anne Lee' }, { externalId: first.externalId });
    expect(await home.completeJob(business, corrected)).toEqual(answer);
    expect(await customers()).toMatchObject([{ first_name: 'Anne' }]);
  });

  it('knows the person of an earlier job by name and address, and does not ask them twice', async () => {
    await home.completeJob(business, form());
    expect(await home.completeJob(business, form())).toMatchObject({ decision: 'refused', enrollmentId: null });
    expect(await customers()).toHaveLength(1);
  });

  it('never undoes an opt-out by a tick', async () => {
    await home.completeJob(business, form());
    await owner.call('record_opt_out', business, 'sms', '+12125550123', { source: 'inbound_sms' });
    await home.completeJob(business, form());
    expect(await customers()).toMatchObject([{ sms_consent_status: 'opted_out' }]);
  });

  it.each([
    [{ email: 'ann at example' }, 'email address'],
    [{ phone: '12' }, 'phone number'],
  ])('refuses %j with words to show, and changes nothing', async (customer, words) => {
    const refusal = { problem: { code: 'invalid_argument', what: expect.stringContaining(words) } };
    await expect(home.completeJob(business, form(customer))).rejects.toMatchObject(refusal);
    expect(await customers()).toEqual([]);
  });

  it('is not for strangers, nor for those who only look', async () => {
    const stranger = homePort(database.pool, { role: 'authenticated', userId: randomUUID() });
    const notFound = { problem: { code: 'not_found' } };
    await expect(stranger.completeJob(business, form())).rejects.toMatchObject(notFound);
    const viewerId = randomUUID();
    await owner.call('set_member', business, viewerId, 'viewer');
    const viewer = homePort(database.pool, { role: 'authenticated', userId: viewerId });
    expect(await viewer.businesses()).toHaveLength(1);
    const notAllowed = { problem: { code: 'not_allowed' } };
    await expect(viewer.completeJob(business, form())).rejects.toMatchObject(notAllowed);
  });
});
