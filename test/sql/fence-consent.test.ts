// Opt-outs and opt-ins: an address, everybody who has it, and what no replay undoes.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blockedBehind } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import {
  day,
  enroll,
  enrollmentOf,
  liveCampaign,
  monday,
  newCustomer,
  newPhone,
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
let phone: string;
let customer: string;

beforeAll(async () => {
  database = await testDatabase({ name: 'fence_consent', virtualClock: true });
});
afterAll(async () => {
  await expectInvariants(database);
  await database.drop();
});
beforeEach(async () => {
  site = await newSite(database);
  campaign = await liveCampaign(site, [
    { channel: 'sms', delay_hours: 24 },
    { channel: 'email', delay_hours: 24 },
    { channel: 'sms', delay_hours: 24 },
  ]);
  phone = newPhone();
  customer = await newCustomer(site, { phone, email: 'ann@example.test' });
});

interface Answer {
  event_id: string | null;
  customers: number;
  stopped: number;
  outdated: boolean;
}

const at = (days: number): Date => plus(monday, days * day);
type Details = Record<string, unknown>;

function optOut(days: number, details: Details = {}, channel = 'sms', address = phone): Promise<Answer> {
  return site.owner.call('record_opt_out', site.id, channel, address, details, at(days));
}

function optIn(days: number, details: Details = {}, channel = 'sms', address = phone): Promise<Answer> {
  return site.owner.call('record_opt_in', site.id, channel, address, details, at(days));
}

async function consent(id = customer): Promise<string> {
  const { rows } = await database.query(
    'select sms_consent_status, email_consent_status from touchline.customers where id = $1',
    [id],
  );
  return `sms ${rows[0]?.sms_consent_status}, email ${rows[0]?.email_consent_status}`;
}

/** Why an address is suppressed now; null when it is not. */
async function suppressed(channel = 'sms', address = phone, { id } = site): Promise<string | null> {
  const { rows } = await database.query<{ reason: string }>(
    `select reason from touchline.suppressions where business_id = $1 and channel = $2 and lifted_at is null
       and address_hash = touchline.address_hash($2, $3)`,
    [id, channel, address],
  );
  return rows[0]?.reason ?? null;
}

async function events(): Promise<number> {
  return (await database.query('select from touchline.consent_events where business_id = $1', [site.id])).rowCount ?? 0;
}

describe('an opt-out', () => {
  it('withdraws consent, suppresses the address and stops the sequence', async () => {
    const enrollment = await enroll(site, campaign, { customer });
    expect(await optOut(1)).toMatchObject({ customers: 1, stopped: 1 });
    expect(await enrollmentOf(site, enrollment)).toMatchObject({
      status: 'stopped',
      stop_reason: 'opted_out_sms',
      stopped_at: at(1),
    });
    expect(await consent()).toBe('sms opted_out, email unknown');
    expect(await suppressed()).toBe('opt_out');
    expect(await suppressed('email', 'ann@example.test')).toBeNull();
  });

  it('acts on every customer of the business with the address', async () => {
    const others = [await newCustomer(site, { phone }), await newCustomer(site, { phone })];
    const enrollments: string[] = [];
    for (const id of [customer, ...others]) enrollments.push(await enroll(site, campaign, { customer: id }));
    expect(await optOut(1, { source_event_id: 'SM1' })).toMatchObject({ customers: 3, stopped: 3 });
    for (const id of [customer, ...others]) expect(await consent(id)).toContain('sms opted_out');
    for (const id of enrollments) expect((await enrollmentOf(site, id)).status).toBe('stopped');
    expect(await events()).toBe(3);
  });

  it('S22, defect 69: of one business is none of another', async () => {
    const other = await newSite(database);
    const theirs = await newCustomer(other, { phone });
    await optOut(1);
    expect(await consent(theirs)).toBe('sms opted_in, email unknown');
    expect(await suppressed('sms', phone, other)).toBeNull();
  });

  it('of an address that nobody has is remembered for whoever comes with it', async () => {
    const unknown = newPhone();
    expect(await optOut(1, {}, 'sms', unknown)).toMatchObject({ customers: 0, stopped: 0 });
    expect(await suppressed('sms', unknown)).toBe('opt_out');
    expect(await events()).toBe(1);
  });

  it('defect 68: finds the number however it is written, and the email in any case', async () => {
    const spelled = `${phone.slice(0, 2)} (${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8)}`;
    expect(await optOut(1, {}, 'sms', spelled)).toMatchObject({ customers: 1 });
    expect(await optOut(1, {}, 'email', ' Ann@Example.TEST ')).toMatchObject({ customers: 1 });
    expect(await consent()).toBe('sms opted_out, email opted_out');
  });

  it('defect 70: that the provider told us of (21610) is one like any other', async () => {
    const enrollment = await enroll(site, campaign, { customer, state: 'sending' });
    await optOut(1, { source: 'provider', source_event_id: '21610-1' });
    expect(await enrollmentOf(site, enrollment)).toMatchObject({
      stop_reason: 'opted_out_sms',
      touch_1_status: 'sending',
    });
    expect(await suppressed()).toBe('opt_out');
  });

  it('that is reported again changes nothing and is answered the same', async () => {
    await enroll(site, campaign, { customer });
    const event = { source: 'inbound_sms', source_event_id: 'SM1', text_shown: 'STOP' };
    const first = await optOut(1, event);
    await optIn(2, { source: 'inbound_sms', source_event_id: 'SM2' });
    const enrollment = await enroll(site, campaign, { customer, at: at(2) });
    expect(await optOut(3, event)).toEqual(first);
    expect(await consent()).toContain('sms opted_in');
    expect(await suppressed()).toBeNull();
    expect((await enrollmentOf(site, enrollment)).status).toBe('active');
    expect(await events()).toBe(2);
  });

  it('that is reported twice at once is recorded once, also when nobody has the address', async () => {
    for (const address of [phone, newPhone()]) {
      const event = { source: 'inbound_sms', source_event_id: randomUUID() };
      const before = await events();
      const answers = await Promise.all(Array.from({ length: 4 }, () => optOut(1, event, 'sms', address)));
      expect(new Set(answers.map((answer) => answer.event_id)).size).toBe(1);
      expect(await events()).toBe(before + 1);
    }
  });

  it('waits for a claim that holds the customer, and then finds its message under way', async () => {
    const enrollment = await enroll(site, campaign, { customer });
    const claim = await openClaim(site, at(1));
    const optingOut = optOut(1);
    await blockedBehind(database, claim);
    await claim.query('commit');
    claim.release();
    expect(await optingOut).toMatchObject({ stopped: 1 });
    expect(await statuses(site, enrollment)).toEqual(['sending', 'cancelled', 'cancelled']);
    expect((await queueOf(site, enrollment))?.stopping).toBe(true);
  });

  it('is ordered after the intent of a claim that held the customer first', async () => {
    const claim = await database.pool.connect();
    await claim.query('begin');
    await claim.query('select from touchline.customers where id = $1 for share', [customer]);
    const optingOut = optOut(1);
    await blockedBehind(database, claim);
    const { rows } = await claim.query("select nextval('touchline.fence_sequence') as intent");
    await claim.query('commit');
    claim.release();
    const answer = await optingOut;
    const written = await database.query('select sequence from touchline.consent_events where id = $1', [
      answer.event_id,
    ]);
    expect(Number(written.rows[0]?.sequence)).toBeGreaterThan(Number(rows[0]?.intent));
  });

  it('is ordered after every intent that was written before it', async () => {
    const enrollment = await enroll(site, campaign, { customer, state: 'sending' });
    await optOut(1);
    const { rows } = await database.query(
      `select (select sequence from touchline.send_logs where campaign_enrollment_id = $1)
         < (select sequence from touchline.consent_events where customer_id = $2) as ordered`,
      [enrollment, customer],
    );
    expect(rows[0]?.ordered).toBe(true);
  });
});

describe('under the policy continue_other_channel', () => {
  beforeEach(() => site.owner.call('set_sending_policy', site.id, { after_opt_out: 'continue_other_channel' }));

  it('the sequence goes on while an email is left in it, and its messages by SMS are refused one by one', async () => {
    const enrollment = await enroll(site, campaign, { customer });
    expect(await optOut(1)).toMatchObject({ stopped: 0 });
    expect(await enrollmentOf(site, enrollment)).toMatchObject({ status: 'active', touch_1_status: 'pending' });
    expect(await consent()).toBe('sms opted_out, email unknown');
    await site.worker.call('sweep_lanes', at(1));
    await database.asRole('touchline_worker', null, (client) =>
      client.query("select * from touchline.claim_due_touches('w', gen_random_uuid(), 10, $1)", [at(1)]),
    );
    expect(await enrollmentOf(site, enrollment)).toMatchObject({
      status: 'active',
      current_touch: 2,
      touch_1_status: 'skipped',
      touch_1_reason: 'opted_out',
    });
  });

  it('the sequence ends when only SMS is left in it', async () => {
    const enrollment = await enroll(site, campaign, { customer, touch: 3 });
    expect(await optOut(3)).toMatchObject({ stopped: 1 });
    expect((await enrollmentOf(site, enrollment)).stop_reason).toBe('opted_out_sms');
  });

  it('a bounce and a complaint leave the other channel alone too', async () => {
    const enrollment = await enroll(site, campaign, { customer });
    await optOut(1, { source: 'bounce', bounce_class: 'permanent' }, 'email', 'ann@example.test');
    await optOut(1, { source: 'complaint' }, 'email', 'ann@example.test');
    expect((await enrollmentOf(site, enrollment)).status).toBe('active');
    expect(await suppressed('email', 'ann@example.test')).toBe('complained');
  });
});

describe('an opt-in', () => {
  it('lifts an opt-out and marks everybody with the address', async () => {
    await optOut(1);
    expect(await optIn(2, { method: 'website_form', consent_form: 'written' })).toMatchObject({
      customers: 1,
      outdated: false,
    });
    expect(await consent()).toContain('sms opted_in');
    expect(await suppressed()).toBeNull();
    await optOut(3);
    expect(await suppressed()).toBe('opt_out');
  });

  it('does not start again what was stopped', async () => {
    const enrollment = await enroll(site, campaign, { customer });
    await optOut(1);
    await optIn(2);
    expect((await enrollmentOf(site, enrollment)).status).toBe('stopped');
  });

  it('invariant 13: a replayed old START does not undo a later STOP, with or without the id of its event', async () => {
    const start = { source: 'inbound_sms', source_event_id: 'SM-start', occurred_at: at(1).toISOString() };
    await optIn(1, start);
    await optOut(2, { source: 'inbound_sms', source_event_id: 'SM-stop' });
    expect(await optIn(3, start)).toMatchObject({ outdated: false });
    expect(await optIn(3, { ...start, source_event_id: 'another' })).toMatchObject({ outdated: true });
    expect(await optIn(3, { occurred_at: at(1).toISOString() })).toMatchObject({ outdated: true });
    expect(await consent()).toContain('sms opted_out');
    expect(await suppressed()).toBe('opt_out');
  });

  it('that claims to come from the future counts from now: a STOP after it still holds', async () => {
    await optIn(1, { occurred_at: at(300).toISOString() });
    await optOut(2);
    expect(await optIn(3, { occurred_at: at(1).toISOString() })).toMatchObject({ outdated: true });
  });

  it.each(['bounced', 'complained', 'customer_erased'])('leaves an address suppressed that is %s', async (reason) => {
    await database.query('select touchline.suppress_address($1, $2, $3, $4, $5)', [
      site.id,
      'sms',
      phone,
      reason,
      at(0),
    ]);
    await optOut(1);
    await optIn(2);
    expect(await suppressed()).toBe(reason);
    expect(await consent()).toContain('sms opted_in');
  });

  it('lifts what somebody of the business suppressed by hand', async () => {
    await database.query('select touchline.suppress_address($1, $2, $3, $4, $5)', [
      site.id,
      'sms',
      phone,
      'manual',
      at(0),
    ]);
    await optIn(2);
    expect(await suppressed()).toBeNull();
  });
});

describe('a bounce', () => {
  it('defect 67: that is permanent suppresses the address and stops, and is not the wish of the customer', async () => {
    const enrollment = await enroll(site, campaign, { customer });
    await optOut(1, { source: 'bounce', bounce_class: 'permanent' }, 'email', 'ann@example.test');
    expect((await enrollmentOf(site, enrollment)).stop_reason).toBe('bounced');
    expect(await suppressed('email', 'ann@example.test')).toBe('bounced');
    expect(await consent()).toBe('sms opted_in, email unknown');
  });

  it('defect 67: that is transient does nothing at all', async () => {
    const enrollment = await enroll(site, campaign, { customer });
    const answer = await optOut(1, { source: 'bounce', bounce_class: 'transient' }, 'email', 'ann@example.test');
    expect(answer).toMatchObject({ event_id: null, stopped: 0 });
    expect((await enrollmentOf(site, enrollment)).status).toBe('active');
    expect(await suppressed('email', 'ann@example.test')).toBeNull();
    expect(await events()).toBe(0);
  });

  it('is one or the other', async () => {
    const refusal = site.owner.refusal(
      'record_opt_out',
      site.id,
      'email',
      'ann@example.test',
      { source: 'bounce' },
      at(1),
    );
    expect(await refusal).toMatchObject({ code: 'TL402', hint: expect.stringContaining('bounce_class') });
  });
});

describe('a complaint', () => {
  it('suppresses, stops, and is the wish of the customer', async () => {
    const enrollment = await enroll(site, campaign, { customer });
    await optOut(1, { source: 'complaint' }, 'email', 'ann@example.test');
    expect((await enrollmentOf(site, enrollment)).stop_reason).toBe('complained');
    expect(await suppressed('email', 'ann@example.test')).toBe('complained');
    expect(await consent()).toBe('sms opted_in, email opted_out');
  });
});

describe('what is refused', () => {
  it.each<[string, string, unknown, string]>([
    ['an address of another channel', 'sms', {}, 'TL402'],
    ['a detail that means nothing', 'email', { sauce: 'api' }, 'TL402'],
    ['details that are no object', 'email', ['api'], 'TL402'],
    ['an ip that is none', 'email', { ip: 'home' }, 'TL402'],
    ['a moment that is none', 'email', { occurred_at: 'later' }, 'TL402'],
    ['a source nobody knows', 'email', { source: 'gossip' }, '23514'],
    ['a form of consent', 'email', { consent_form: 'written' }, '23514'],
  ])('%s', async (_, channel, details, code) => {
    const refusal = site.owner.refusal('record_opt_out', site.id, channel, 'ann@example.test', details, at(1));
    expect(await refusal).toMatchObject({ code });
    expect(await events()).toBe(0);
  });

  it('no address, no business, and an opt-in by a bounce', async () => {
    const nobody = '99999999-0000-7000-8000-000000000000';
    expect(await site.owner.refusal('record_opt_out', site.id, 'sms', null, {}, at(1))).toMatchObject({
      code: 'TL402',
    });
    expect(await site.worker.refusal('record_opt_out', nobody, 'sms', phone, {}, at(1))).toMatchObject({
      code: 'TL201',
    });
    const bounce = { source: 'bounce' };
    expect(await site.owner.refusal('record_opt_in', site.id, 'sms', phone, bounce, at(1))).toMatchObject({
      code: 'TL402',
    });
  });
});
