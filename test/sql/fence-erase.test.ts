// Putting a customer away, taking them back, and forgetting them.
import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blockedBehind, callOf } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import {
  day,
  enroll,
  enrollmentOf,
  liveCampaign,
  messagesOf,
  monday,
  newCustomer,
  newPhone,
  newSite,
  plus,
  type Site,
  statuses,
} from '../support/engine-world.ts';
import { expectInvariants } from '../support/invariants.ts';

let database: TestDatabase;
let site: Site;
let campaign: string;
let customer: string;
let phone: string;
let mark: string;
let email: string;
const at = (days: number): Date => plus(monday, days * day);

beforeAll(async () => {
  database = await testDatabase({ name: 'fence_erase', virtualClock: true });
});
afterAll(async () => {
  await expectInvariants(database);
  await database.drop();
});
beforeEach(async () => {
  site = await newSite(database);
  campaign = await liveCampaign(site, [
    { channel: 'email', delay_hours: 24 },
    { channel: 'sms', delay_hours: 24 },
    { channel: 'email', delay_hours: 24 },
  ]);
  mark = `canary${randomBytes(6).toString('hex')}`;
  email = `${mark}@example.test`;
  phone = newPhone();
  customer = await newCustomer(site, { email, phone, first_name: mark });
});

const erase = (days: number): Promise<{ stopped: number; open_messages: number }> =>
  site.owner.call('erase_customer', site.id, customer, at(days));

async function row(id = customer): Promise<Record<string, unknown>> {
  const { rows } = await database.query('select * from touchline.customers where id = $1', [id]);
  return rows[0] ?? {};
}

async function suppressions(): Promise<unknown[]> {
  const { rows } = await database.query(
    'select channel, address, reason, lifted_at from touchline.suppressions where business_id = $1 order by channel',
    [site.id],
  );
  return rows;
}

/** Columns of any table in which the customer's mark or phone number stands, in any case. */
async function found(): Promise<string[]> {
  const { rows: columns } = await database.query<{ name: string; type: string }>(
    `select c.relname || '.' || a.attname as name, pg_catalog.format_type(a.atttypid, null) as type
     from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'touchline'::regnamespace and c.relkind in ('r', 'p')
       and pg_catalog.format_type(a.atttypid, null) in ('text', 'text[]', 'jsonb', 'json', 'bytea', 'inet') order by 1`,
  );
  const places: string[] = [];
  for (const { name, type } of columns) {
    const [table, column] = name.split('.');
    const text = type === 'bytea' ? `encode(${column}, 'escape')` : `lower(${column}::text)`;
    const { rowCount } = await database.query(
      `select from touchline.${table} where strpos(${text}, $1) > 0 or strpos(${text}, $2) > 0 limit 1`,
      [mark, phone.slice(1)],
    );
    if (rowCount === 1) places.push(name);
  }
  return places;
}

/** Writes the mark wherever something personal of the customer can stand. */
async function plant(): Promise<void> {
  const enrollment = await enroll(site, campaign, { customer, touch: 3 });
  const [first] = await messagesOf(site, enrollment);
  const [business, person, message] = [site.id, customer, first?.id].map((id) => `'${id}'::uuid`);
  const statements = [
    `update touchline.customers set external_id = '${mark}', last_name = '${mark}', tags = '{${mark}}', country = 'US', state = 'NY',
       time_zone = 'America/New_York', time_zone_source = 'address' where business_id = ${business} and id = ${person}`,
    `update touchline.jobs set title = '${mark}', notes = '${mark}' where business_id = ${business} and customer_id = ${person}`,
    `update touchline.send_logs set status = 'delivered', subject = '${mark}', variables = '{"first_name": "${mark}"}', error_message = '<${email}> unknown'
     where business_id = ${business} and customer_id = ${person}`,
    `select touchline.recount_daily_stats(${business})`,
    `update touchline.send_attempts set error_message = '${email} unknown' where business_id = ${business} and send_log_id = ${message}`,
    `insert into touchline.send_logs (business_id, customer_id, recipient, subject, status, sent_at)
     values (${business}, ${person}, 'old-${email}', 'By hand, ${mark}', 'sent', '2026-01-01Z')`,
    `insert into touchline.webhook_inbox (business_id, provider, event_id, headers, body, processed_at) values
       (${business}, 'resend', 'event-1', '{"x": "${mark}"}', convert_to('{"to": "someone"}', 'UTF8'), '2026-03-04Z'),
       (${business}, 'twilio', 'event-2', '{}', convert_to('From=%2B${phone.slice(1)}&Body=Hello', 'UTF8'), '2026-03-04Z'),
       (${business}, 'resend', 'event-3', '{}', convert_to('{"to": "${email}"}', 'UTF8'), '2026-03-04Z')`,
    `insert into touchline.message_events (business_id, send_log_id, webhook_id, kind, rank, detail, occurred_at)
     select ${business}, ${message}, id, 'delivered', 1, '{"to": "${email}"}', '2026-03-04Z' from touchline.webhook_inbox
     where business_id = ${business} and event_id = 'event-1'`,
    `insert into touchline.links (business_id, token, purpose, target_url, customer_id, send_log_id)
     values (${business}, md5(${person}::text), 'link', 'https://example.test/?name=${mark}', ${person}, ${message})`,
    `insert into touchline.reviews_feedback (business_id, customer_id, campaign_enrollment_id, rating, comment, internal_notes,
       received_at) values (${business}, ${person}, '${enrollment}', 4, '${mark} was here', 'call ${mark}', '2026-03-05Z'),
       (${business}, ${person}, '${enrollment}', null, 'only words of ${mark}', null, '2026-03-05Z')`,
    `insert into touchline.idempotency_keys (business_id, route, key, body_hash, response_status, response_body, finished_at)
     values (${business}, '/customers', 'one', sha256('x'), 200, jsonb_build_object('id', ${person}::text, 'name', '${mark}'), '2026-03-05Z')`,
    `insert into touchline.audit_log (business_id, actor_kind, action, object_kind, object_id, detail, occurred_at) values
       (${business}, 'member', 'customer.update', 'customer', ${person}, '{"first_name": "${mark}"}', '2026-03-05Z'),
       (${business}, 'worker', 'message.bounce', 'message', ${message}, '{"to": "${email}"}', '2026-03-05Z')`,
  ];
  for (const statement of statements) await database.query(statement);
  const details = { source: 'inbound_sms', text_shown: `Stop, says ${mark}`, notes: mark, ip: '192.0.2.7' };
  await site.owner.call('record_opt_out', site.id, 'email', email, { ...details, source: 'dashboard' }, at(4));
}

describe('erasing a customer', () => {
  it('S34: leaves nothing of them in any column of any table', async () => {
    await plant();
    const before = await found();
    expect(before).toEqual([
      'audit_log.detail',
      'consent_events.notes',
      'consent_events.text_shown',
      'customers.email',
      'customers.external_id',
      'customers.first_name',
      'customers.last_name',
      'customers.phone',
      'customers.tags',
      'idempotency_keys.response_body',
      'jobs.notes',
      'jobs.title',
      'links.target_url',
      'message_events.detail',
      'reviews_feedback.comment',
      'reviews_feedback.internal_notes',
      'send_attempts.error_message',
      'send_logs.error_message',
      'send_logs.recipient',
      'send_logs.subject',
      'send_logs.variables',
      'suppressions.address',
      'webhook_inbox.body',
      'webhook_inbox.headers',
    ]);
    await erase(5);
    expect(await found()).toEqual([]);
    const { rows } = await database.query('select ip from touchline.consent_events where customer_id = $1', [customer]);
    expect(rows).toEqual([{ ip: null }]);
  });

  it('keeps the row, and what was sent still counts', async () => {
    await plant();
    const counts =
      'select state, count(*)::int from touchline.send_logs where customer_id = $1 group by state order by state';
    const before = (await database.query(counts, [customer])).rows;
    await erase(5);
    expect(await row()).toMatchObject({ status: 'erased', erased_at: at(5), email: null, phone: null, tags: [] });
    expect((await database.query(counts, [customer])).rows).toEqual(before);
  });

  it('suppresses every address they were written to under, by hash only', async () => {
    await plant();
    await erase(5);
    const erased = { address: null, reason: 'customer_erased', lifted_at: null };
    expect(await suppressions()).toEqual([
      { channel: 'email', ...erased },
      { channel: 'email', ...erased },
      { channel: 'sms', ...erased },
    ]);
  });

  it('leaves other customers, their messages and evidence as they are', async () => {
    const other = await newCustomer(site, { email: 'bob@example.test', first_name: 'Bob' });
    const enrollment = await enroll(site, campaign, { customer: other, touch: 2 });
    await site.owner.call('record_opt_in', site.id, 'email', 'bob@example.test', { notes: 'At the door' }, at(1));
    const before = [await row(other), await messagesOf(site, enrollment)];
    await plant();
    await erase(5);
    expect([await row(other), await messagesOf(site, enrollment)]).toEqual(before);
    const { rows } = await database.query('select notes from touchline.consent_events where customer_id = $1', [other]);
    expect(rows).toEqual([{ notes: 'At the door' }]);
  });

  it('waits with what a message on its way needs, and its settling wipes the rest', async () => {
    const enrollment = await enroll(site, campaign, { customer, touch: 2, state: 'sending' });
    expect(await erase(3)).toEqual({ stopped: 1, open_messages: 1 });
    expect(await found()).toEqual(['send_logs.recipient']);
    const open = (await messagesOf(site, enrollment))[1];
    expect(open).toMatchObject({ state: 'sending', recipient: phone, variables: { first_name: 'Ann' } });
    const outcome = { business_id: site.id, send_log_id: open?.id, attempt: 1, outcome: 'accepted' };
    await site.worker.call('settle_touches', open?.claim_id, [outcome], at(3));
    expect(await found()).toEqual([]);
    expect(await statuses(site, enrollment)).toEqual(['sent', 'sent', 'cancelled']);
  });

  it('waits for a settle that is under way, and then finds a message it may wipe', async () => {
    const enrollment = await enroll(site, campaign, { customer, state: 'sending' });
    const settle = await settling(enrollment);
    const erasing = erase(3);
    await blockedBehind(database, settle);
    await settle.query('commit');
    settle.release();
    expect(await erasing).toMatchObject({ open_messages: 0 });
    expect(await found()).toEqual([]);
    expect((await messagesOf(site, enrollment))[0]?.state).toBe('sent');
  });

  it('is waited for by a settle, which then wipes the message itself', async () => {
    const enrollment = await enroll(site, campaign, { customer, state: 'sending' });
    const erasing = await database.pool.connect();
    await erasing.query('begin; set local role service_role');
    const { text, values } = callOf('erase_customer', [site.id, customer, at(3)]);
    await erasing.query(text, values);
    const settled = settling(enrollment);
    await blockedBehind(database, erasing);
    await erasing.query('commit');
    erasing.release();
    const settle = await settled;
    await settle.query('commit');
    settle.release();
    expect(await found()).toEqual([]);
    expect(await statuses(site, enrollment)).toEqual(['sent', 'cancelled', 'cancelled']);
  });

  /** A settle of the open message of an enrollment (accepted) that has not committed yet. */
  async function settling(enrollment: string): Promise<pg.PoolClient> {
    const open = (await messagesOf(site, enrollment)).find((message) => message.state === 'sending');
    const outcome = { business_id: site.id, send_log_id: open?.id, attempt: 1, outcome: 'accepted' };
    const client = await database.pool.connect();
    await client.query('begin; set local role touchline_worker');
    const { text, values } = callOf('settle_touches', [open?.claim_id, [outcome], at(3)]);
    await client.query(text, values);
    return client;
  }

  it('wipes the message of a retry at once, because nothing will be tried again', async () => {
    const enrollment = await enroll(site, campaign, { customer, state: 'retry' });
    expect(await erase(3)).toEqual({ stopped: 1, open_messages: 0 });
    expect(await found()).toEqual([]);
    expect((await messagesOf(site, enrollment))[0]?.state).toBe('cancelled');
  });

  it('twice is once, and wipes what was left', async () => {
    await enroll(site, campaign, { customer, touch: 2, state: 'held' });
    await erase(3);
    const first = await row();
    await database.query(
      `with given_up as (
         update touchline.send_logs set state = 'cancelled' where customer_id = $1 and state = 'held' returning campaign_enrollment_id
       ), touch as (
         update touchline.campaign_enrollments set touch_2_status = 'cancelled' where id in (table given_up) returning id
       )
       delete from touchline.touch_queue where enrollment_id in (table touch)`,
      [customer],
    );
    expect(await erase(4)).toEqual({ stopped: 0, open_messages: 0 });
    expect(await found()).toEqual([]);
    expect(await row()).toMatchObject({ erased_at: first.erased_at, status: 'erased' });
  });

  it('passes over an address in old messages that is none', async () => {
    await database.query(
      "insert into touchline.send_logs (business_id, customer_id, recipient, status) values ($1, $2, 'nobody at all', 'failed')",
      [site.id, customer],
    );
    await erase(3);
    expect(await suppressions()).toHaveLength(2);
  });
});

describe('an erased customer', () => {
  it('does not come back: not by an opt-in, not by restoring', async () => {
    await erase(3);
    await site.owner.call('record_opt_in', site.id, 'email', email, {}, at(4));
    expect(await suppressions()).toMatchObject([{ reason: 'customer_erased', lifted_at: null }, { lifted_at: null }]);
    expect(await site.owner.refusal('restore_customer', site.id, customer, at(4))).toMatchObject({ code: 'TL311' });
    expect(await site.owner.call('archive_customer', site.id, customer, at(4))).toBe(0);
    expect(await row()).toMatchObject({ status: 'erased' });
  });

  it('invariant 14: imported again is a new customer whose addresses stay suppressed', async () => {
    await erase(3);
    const job = { external_id: randomUUID(), completed_at: at(4).toISOString() };
    const again = { external_id: 'crm-1', first_name: 'Ann', email, phone };
    const answer = await site.owner.call<Record<string, unknown>>('complete_job', site.id, job, again, at(4));
    expect(answer.customer_id).not.toBe(customer);
    expect(answer.decision).toBe('refused');
    expect(await suppressions()).toMatchObject([{ address: null }, { address: null }]);
  });
});

describe('an archived customer', () => {
  it('is in no sequence, and comes back into none', async () => {
    const enrollment = await enroll(site, campaign, { customer });
    expect(await site.owner.call('archive_customer', site.id, customer, at(1))).toBe(1);
    expect(await site.owner.call('archive_customer', site.id, customer, at(2))).toBe(0);
    expect(await row()).toMatchObject({ status: 'archived', archived_at: at(1), email });
    expect(await site.owner.call('restore_customer', site.id, customer, at(3))).toBe(true);
    expect(await site.owner.call('restore_customer', site.id, customer, at(3))).toBe(false);
    expect(await row()).toMatchObject({ status: 'active', archived_at: null });
    expect(await enrollmentOf(site, enrollment)).toMatchObject({ status: 'stopped', stop_reason: 'owner_stopped' });
  });

  it('defect 75: stays archived and opted out when the app sends them again', async () => {
    await database.query("update touchline.customers set external_id = 'crm-1' where id = $1", [customer]);
    await site.owner.call('record_opt_out', site.id, 'sms', phone, {}, at(1));
    await site.owner.call('archive_customer', site.id, customer, at(1));
    const job = { external_id: randomUUID(), completed_at: at(2).toISOString() };
    const answer = await site.owner.call('complete_job', site.id, job, { external_id: 'crm-1', phone }, at(2));
    expect(answer).toMatchObject({ customer_id: customer, decision: 'refused', reason: 'customer_archived' });
    expect(await row()).toMatchObject({ status: 'archived', sms_consent_status: 'opted_out' });
  });
});
