// Writes a small world in which every invariant holds, row by row, so that a fault planted in it is the only one.
import type pg from 'pg';
import { type Acceptance, createAcceptanceLog, logAcceptances } from '../acceptance-log.ts';
import { addBusinesses, type BusinessIds, businessIds, channels, delays } from './businesses.ts';
import {
  after,
  before,
  hour,
  type Person,
  type PersonName,
  people,
  personNames,
  second,
  type Touch,
  worldPeople,
} from './people.ts';

const limits = {
  email: { lease: 185 * second, horizon: 245 * second },
  sms: { lease: 95 * second, horizon: 155 * second },
};

async function insert(client: pg.ClientBase, table: string, row: Record<string, unknown>): Promise<void> {
  const columns = Object.keys(row);
  await client.query(
    `insert into touchline.${table} (${columns.join()}) values (${columns.map((_, index) => `$${index + 1}`).join()})`,
    Object.values(row),
  );
}

const businessOf = (person: Person): BusinessIds => businessIds[person.business ?? 'A'];
const emailOf = (name: PersonName): string => `${name.toLowerCase()}@example.test`;
const phoneOf = (name: PersonName): string => `+1212555${1000 + personNames.indexOf(name)}`;
const addressOf = (name: PersonName, channel: 'email' | 'sms'): string =>
  channel === 'sms' ? phoneOf(name) : emailOf(name);

function plannedAt(person: Person, index: number): Date {
  const hours = delays.slice(0, index + 1).reduce<number>((sum, delay) => sum + delay, 0);
  return after(before(person.completed), hours * hour);
}

interface ConsentEvent {
  kind: 'opt_in' | 'opt_out';
  channel: 'email' | 'sms';
  ago: number;
}

async function addConsent(client: pg.ClientBase, name: PersonName, event: ConsentEvent): Promise<void> {
  await client.query(
    `insert into touchline.consent_events
       (business_id, customer_id, channel, kind, source, address_hash, occurred_at, recorded_at)
     values ($1, $2, $3, $4, 'api', touchline.address_hash($3, $5), $6, $6)`,
    [
      businessOf(people[name]).business,
      worldPeople[name].customer,
      event.channel,
      event.kind,
      addressOf(name, event.channel),
      before(event.ago),
    ],
  );
}

async function addSuppression(
  client: pg.ClientBase,
  name: PersonName,
  channel: 'email' | 'sms',
  ago: number,
): Promise<void> {
  await client.query(
    `insert into touchline.suppressions (business_id, channel, address_hash, address, reason, suppressed_at)
     values ($1, $2, touchline.address_hash($2, $3), case $4 when 'opt_out' then $3::text end, $4, $5)`,
    [
      businessIds.A.business,
      channel,
      addressOf(name, channel),
      name === 'erased' ? 'customer_erased' : 'opt_out',
      before(ago),
    ],
  );
}

async function addCustomer(client: pg.ClientBase, name: PersonName, person: Person): Promise<void> {
  const ids = worldPeople[name];
  const { business } = businessOf(person);
  await insert(client, 'customers', {
    business_id: business,
    id: ids.customer,
    first_name: name,
    email: emailOf(name),
    phone: phoneOf(name),
    sms_consent_status: 'opted_in',
    sms_consent_at: before(1000 * hour),
    ...person.customer,
  });
  await addConsent(client, name, { kind: 'opt_in', channel: 'sms', ago: 1000 * hour });
  await insert(client, 'jobs', {
    business_id: business,
    id: ids.job,
    customer_id: ids.customer,
    status: 'completed',
    completed_at: before(person.completed),
    decision: 'enrolled',
    decided_at: before(person.completed),
  });
}

const sentAt = ({ status, claimed }: Touch): Date | null =>
  status === 'sent' && claimed !== undefined ? after(before(claimed), 2 * second) : null;

async function addEnrollment(client: pg.ClientBase, name: PersonName, person: Person): Promise<void> {
  const ids = worldPeople[name];
  const business = businessOf(person);
  const ended = person.ended === undefined ? null : before(person.ended);
  const touches = person.touches.map((touch, index) => ({
    [`touch_${index + 1}_scheduled_at`]: plannedAt(person, index),
    [`touch_${index + 1}_status`]: touch.status,
    [`touch_${index + 1}_reason`]: touch.reason ?? null,
    [`touch_${index + 1}_sent_at`]: sentAt(touch),
    [`touch_${index + 1}_skipped_at`]: touch.status === 'skipped' ? plannedAt(person, index) : null,
  }));
  await insert(client, 'campaign_enrollments', {
    business_id: business.business,
    id: ids.enrollment,
    campaign_id: business[person.campaign ?? 'live'],
    campaign_version: 1,
    job_id: ids.job,
    customer_id: ids.customer,
    status: person.status ?? 'active',
    stop_reason: person.stopReason ?? null,
    stopped_at: person.status === 'stopped' ? ended : null,
    completed_at: person.status === 'completed' ? ended : null,
    enrolled_at: before(person.completed),
    anchor_at: before(person.completed),
    current_touch: person.current ?? 1,
    ...Object.assign({}, ...touches),
  });
}

async function addQueueRow(client: pg.ClientBase, name: PersonName, person: Person): Promise<void> {
  if (person.queue === undefined) return;
  const { leased, ...columns } = person.queue;
  const index = (person.current ?? 1) - 1;
  const channel = channels[index] ?? 'email';
  const claimed = before(person.touches[index]?.claimed ?? 0);
  await insert(client, 'touch_queue', {
    business_id: businessOf(person).business,
    enrollment_id: worldPeople[name].enrollment,
    touch_number: index + 1,
    channel,
    scheduled_at: plannedAt(person, index),
    due_at: plannedAt(person, index),
    late_after: after(plannedAt(person, index), 48 * hour),
    claim_id: leased === true ? worldPeople[name].claim : null,
    lease_until: leased === true ? after(claimed, limits[channel].lease) : null,
    ...columns,
  });
}

async function addIntent(client: pg.ClientBase, name: PersonName, person: Person, index: number): Promise<void> {
  const touch: Touch | undefined = person.touches[index];
  if (touch?.claimed === undefined) return;
  const ids = worldPeople[name];
  const business = businessOf(person);
  const channel = channels[index] ?? 'email';
  const claimed = before(touch.claimed);
  const state = touch.state ?? touch.status;
  const outcomes = touch.outcomes ?? [];
  const settled = outcomes.at(-1) === null ? null : after(claimed, 2 * second);
  await client.query(
    `insert into touchline.send_logs (business_id, id, customer_id, recipient, status, sent_at, created_at, campaign_id,
       campaign_enrollment_id, touch_number, channel, state, campaign_version, template_version_id, sender_account_id,
       variables, claim_id, attempt, claimed_at, settled_at, due_at, outcome, sequence)
     select v.business_id, $2::uuid, $3::uuid, $4::text,
       case $5::text when 'sent' then 'sent' when 'failed' then 'failed' else 'queued' end, $6::timestamptz, $7::timestamptz,
       $8::uuid, $9::uuid, $10::smallint, v.channel, $5::text, 1, v.id, $12::uuid,
       case when $4::text is not null then pg_catalog.jsonb_build_object('brand', 'canary-' || v.business_id) end,
       $13::uuid, $14::smallint, $7::timestamptz, $15::timestamptz, $16::timestamptz, $17::text,
       nextval('touchline.fence_sequence')
     from touchline.template_versions v
     where v.business_id = $1 and v.channel = $11`,
    [
      business.business,
      ids.intents[index],
      ids.customer,
      name === 'erased' ? null : addressOf(name, channel),
      state,
      sentAt(touch),
      claimed,
      business[person.campaign ?? 'live'],
      ids.enrollment,
      index + 1,
      channel,
      channel === 'sms' ? business.smsSender : business.emailSender,
      ids.claim,
      outcomes.length,
      settled,
      plannedAt(person, index),
      outcomes.at(-1),
    ],
  );
  for (const [place, outcome] of outcomes.entries()) {
    const started = after(claimed, (place + 1 - outcomes.length) * hour);
    await insert(client, 'send_attempts', {
      business_id: business.business,
      send_log_id: ids.intents[index],
      attempt: place + 1,
      claim_id: ids.claim,
      worker: 'world',
      started_at: started,
      deadline_at: after(started, 5 * second),
      finished_at: outcome === null ? null : after(started, 2 * second),
      outcome,
    });
  }
  if (state !== 'sending' && state !== 'unknown') return;
  await insert(client, 'lane_claims', {
    business_id: business.business,
    claim_id: ids.claim,
    channel,
    worker: 'world',
    claimed_at: claimed,
    lease_until: after(claimed, limits[channel].lease),
    check_at: after(claimed, state === 'sending' ? limits[channel].lease : limits[channel].horizon),
    send_log_ids: [ids.intents[index]],
  });
}

async function addPerson(client: pg.ClientBase, name: PersonName): Promise<void> {
  const person: Person = people[name];
  await addCustomer(client, name, person);
  await addEnrollment(client, name, person);
  await addQueueRow(client, name, person);
  if (name === 'returned') {
    await addConsent(client, name, { kind: 'opt_out', channel: 'email', ago: 200 * hour });
    await addConsent(client, name, { kind: 'opt_in', channel: 'email', ago: 100 * hour });
  }
  for (const index of person.touches.keys()) await addIntent(client, name, person, index);
  if (name === 'optedOut') {
    await addConsent(client, name, { kind: 'opt_out', channel: 'email', ago: 30 * hour });
    await addSuppression(client, name, 'email', 30 * hour);
  }
  if (name === 'erased') {
    await addSuppression(client, name, 'email', 40 * hour);
    await addSuppression(client, name, 'sms', 40 * hour);
  }
}

/** What the provider has: everything sent, presumed sent, held or unknown, a second after its claim. */
function acceptancesOf(name: PersonName): Acceptance[] {
  const person: Person = people[name];
  const business = businessOf(person);
  return person.touches.flatMap((touch, index) => {
    const channel = channels[index] ?? 'email';
    if (touch.claimed === undefined || !['sent', 'presumed_sent', 'held', 'unknown'].includes(touch.status)) return [];
    const sendLogId = worldPeople[name].intents[index] ?? '';
    return [
      {
        businessId: business.business,
        sendLogId,
        enrollmentId: worldPeople[name].enrollment,
        touchNumber: index + 1,
        attempt: touch.outcomes?.length ?? 1,
        channel,
        recipient: addressOf(name, channel),
        idempotencyKey: sendLogId,
        bodyHash: sendLogId,
        acceptedAt: after(before(touch.claimed), second),
        senderAccountId: channel === 'sms' ? business.smsSender : business.emailSender,
      },
    ];
  });
}

// A delivered message with the webhook that told so, and the counts of everything.
async function addEvidence(client: pg.ClientBase): Promise<void> {
  const { business } = businessIds.A;
  const [intent] = worldPeople.completed.intents;
  await client.query(
    `insert into touchline.webhook_inbox (business_id, id, provider, event_id, body, processed_at)
     values ($1, $2, 'resend', 'event-1', 'delivered', now())`,
    [business, intent],
  );
  await client.query(
    `insert into touchline.message_events (business_id, send_log_id, webhook_id, kind, rank, occurred_at)
     values ($1::uuid, $2::uuid, null, 'accepted', 1, $3), ($1::uuid, $2::uuid, $2::uuid, 'delivered', 2, $3)`,
    [business, intent, before(455 * hour)],
  );
  await client.query(`update touchline.send_logs set status = 'delivered' where business_id = $1 and id = $2`, [
    business,
    intent,
  ]);
  await client.query('select touchline.recount_daily_stats(id) from touchline.businesses');
}

/** Fills an empty database with a virtual clock; `worldNow` is its moment. Everything has happened by the rules. */
export async function plantInvariantWorld(client: pg.ClientBase): Promise<void> {
  await addBusinesses(client);
  for (const name of personNames) await addPerson(client, name);
  await addEvidence(client);
  await client.query(
    `update touchline.business_dispatch d
     set next_due_at = coalesce((
       select min(q.due_at) from touchline.touch_queue q
       where (q.business_id, q.channel) = (d.business_id, d.channel) and q.claim_id is null), 'infinity')`,
  );
  await createAcceptanceLog(client);
  await logAcceptances(client, personNames.flatMap(acceptancesOf));
}
