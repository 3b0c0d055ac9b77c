// A business in the middle of its campaigns, for tests of single functions: enrollments in any state, written as the claim and
// settle leave them, so that a story can begin where it becomes interesting. Stories from the first day use test/engine/world.ts.
import { randomInt, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { CampaignEnrollment, SendLog, TouchQueue } from '../../src/generated/rows.ts';
import { type Caller, newBusiness, operator, worker } from './caller.ts';
import type { TestDatabase } from './database.ts';

/** Monday, 15:00 in London, 10:00 in New York. */
export const monday = new Date('2026-03-02T15:00:00Z');

export const hour = 3_600_000;
export const day = 24 * hour;

export function plus(moment: Date, milliseconds: number): Date {
  return new Date(moment.getTime() + milliseconds);
}

export interface PlannedTouch {
  channel: 'email' | 'sms';
  delay_hours: number;
}

/** Where the current touch of an active enrollment stands. */
export type LiveState = 'pending' | 'retry' | 'sending' | 'unknown' | 'held';
export const liveStates: readonly LiveState[] = ['pending', 'retry', 'sending', 'unknown', 'held'];

/** A business with an always open sending window. */
export interface Site {
  database: TestDatabase;
  id: string;
  owner: Caller;
  operator: Caller;
  worker: Caller;
}

export async function newSite(database: TestDatabase, profile: Record<string, unknown> = {}): Promise<Site> {
  const { id, owner } = await newBusiness(database, { postal_address: '1 Main Street, Hudson', ...profile });
  await database.query('delete from touchline.sending_windows where business_id = $1', [id]);
  await database.query(
    `insert into touchline.sending_windows (business_id, channel, iso_weekday, opens, closes)
     select $1, c, d, '00:00', '24:00' from unnest('{email,sms}'::text[]) c, generate_series(1, 7) d`,
    [id],
  );
  return { database, id, owner, operator: operator(database), worker: worker(database) };
}

/** A draft campaign, each touch with a text of its own. */
export async function newCampaign(
  { owner, id }: Site,
  touches: readonly PlannedTouch[],
  serviceType: string | null = null,
): Promise<string> {
  const planned: Record<string, unknown>[] = [];
  for (const touch of touches) {
    const name = `Text ${randomUUID()}`;
    const text = touch.channel === 'email' ? { subject: 'Hello', body: 'Thank you' } : { body: 'Thank you' };
    const template = await owner.call('save_template', id, null, { name, channel: touch.channel, ...text });
    planned.push({ ...touch, template_id: template });
  }
  return owner.call('create_campaign', id, `Campaign ${randomUUID()}`, serviceType, null, planned);
}

/** A live campaign. */
export async function liveCampaign(
  site: Site,
  touches: readonly PlannedTouch[],
  serviceType: string | null = null,
): Promise<string> {
  const campaign = await newCampaign(site, touches, serviceType);
  await site.owner.call('publish_campaign', site.id, campaign, monday);
  return campaign;
}

export interface CustomerFacts {
  email?: string | null;
  phone?: string | null;
  first_name?: string;
  time_zone?: string;
}

export function newPhone(): string {
  return `+1212${randomInt(2_000_000, 9_999_999)}`;
}

/** A customer who may be written to by both channels. */
export async function newCustomer({ database, id }: Site, facts: CustomerFacts = {}): Promise<string> {
  const { email = `${randomUUID()}@example.test`, phone = newPhone() } = facts;
  const { rows } = await database.query<{ id: string }>(
    `insert into touchline.customers (business_id, email, phone, first_name, time_zone, time_zone_source, sms_consent_status,
       sms_consent_at)
     values ($1, $2, $3, $4, $5::text, case when $5::text is not null then 'explicit' end, 'opted_in', '2026-01-01Z') returning id`,
    [id, email, phone, facts.first_name ?? 'Ann', facts.time_zone ?? null],
  );
  return rows[0]?.id ?? '';
}

export interface EnrollOptions {
  /** Default: a new customer. */
  customer?: string;
  /** Completion and enrollment; default `monday`. */
  at?: Date;
  /** The current touch; those before it were sent on time. Default 1. */
  touch?: number;
  state?: LiveState;
}

interface QueueShape {
  due: Date | 'infinity';
  blockedBy: string | null;
  claimId: string | null;
  attempts: number;
}

function queueShape(state: LiveState, planned: Date, claimId: string): QueueShape {
  const shapes: Record<LiveState, QueueShape> = {
    pending: { due: planned, blockedBy: null, claimId: null, attempts: 0 },
    retry: { due: plus(planned, hour), blockedBy: null, claimId: null, attempts: 1 },
    sending: { due: planned, blockedBy: null, claimId, attempts: 0 },
    unknown: { due: 'infinity', blockedBy: 'unknown', claimId: null, attempts: 0 },
    held: { due: 'infinity', blockedBy: 'held', claimId: null, attempts: 0 },
  };
  return shapes[state];
}

async function touchesOf({ database, id }: Site, campaign: string): Promise<(PlannedTouch & { version: number })[]> {
  const { rows } = await database.query<PlannedTouch & { version: number }>(
    `select t.channel, t.delay_hours, t.version from touchline.campaign_touches t
     join touchline.campaigns c on (c.business_id, c.id, c.live_version) = (t.business_id, t.campaign_id, t.version)
     where c.business_id = $1 and c.id = $2 order by t.touch_number`,
    [id, campaign],
  );
  return rows;
}

/** An active enrollment in the live version, whose current touch is in the given state. */
export async function enroll(site: Site, campaign: string, options: EnrollOptions = {}): Promise<string> {
  const { database, id: business } = site;
  const { at = monday, touch = 1, state = 'pending' } = options;
  const customer = options.customer ?? (await newCustomer(site));
  const touches = await touchesOf(site, campaign);
  let planned = at;
  const plan = touches.map(({ delay_hours }) => {
    planned = plus(planned, delay_hours * hour);
    return planned;
  });
  const columns: Record<string, unknown> = {};
  plan.forEach((scheduled, index) => {
    const number = index + 1;
    columns[`touch_${number}_scheduled_at`] = scheduled;
    const isSent = number < touch;
    const unsent = number > touch || state === 'retry' ? 'pending' : state;
    columns[`touch_${number}_status`] = isSent ? 'sent' : unsent;
    columns[`touch_${number}_sent_at`] = isSent ? scheduled : null;
  });
  const row = {
    business_id: business,
    id: randomUUID(),
    campaign_id: campaign,
    campaign_version: touches[0]?.version,
    job_id: await newJob(site, customer, at),
    customer_id: customer,
    enrolled_at: at,
    anchor_at: at,
    current_touch: touch,
    ...columns,
  };
  await insert(database, 'campaign_enrollments', row);
  for (let number = 1; number <= touch; number += 1) {
    const scheduled = plan[number - 1] ?? at;
    const channel = touches[number - 1]?.channel ?? 'email';
    const sent = number < touch ? 'sent' : state;
    const claimId = randomUUID();
    if (number === touch) await queue(site, { enrollment: row.id, number, channel, scheduled, state, claimId });
    if (sent !== 'pending') await intent(site, { ...row, number, channel, scheduled, sent, claimId });
  }
  return row.id;
}

async function newJob({ database, id }: Site, customer: string, at: Date): Promise<string> {
  const job = { business_id: id, id: randomUUID(), customer_id: customer, status: 'completed', completed_at: at };
  await insert(database, 'jobs', { ...job, decision: 'enrolled', decided_at: at });
  return job.id;
}

async function queue(
  { database, id }: Site,
  touch: {
    enrollment: string;
    number: number;
    channel: string;
    scheduled: Date;
    state: LiveState;
    claimId: string;
  },
): Promise<void> {
  const { due, blockedBy, claimId, attempts } = queueShape(touch.state, touch.scheduled, touch.claimId);
  await insert(database, 'touch_queue', {
    business_id: id,
    enrollment_id: touch.enrollment,
    touch_number: touch.number,
    channel: touch.channel,
    scheduled_at: touch.scheduled,
    due_at: due,
    late_after: plus(touch.scheduled, 48 * hour),
    blocked_by: blockedBy,
    attempts,
    claim_id: claimId,
    lease_until: claimId === null ? null : plus(touch.scheduled, 95_000),
  });
}

async function intent(
  { database, id }: Site,
  log: {
    id: string;
    customer_id: string;
    campaign_id: string;
    campaign_version: number | undefined;
    number: number;
    channel: string;
    scheduled: Date;
    sent: string;
    claimId: string;
  },
): Promise<void> {
  await database.query(
    `insert into touchline.send_logs (business_id, customer_id, recipient, campaign_id, campaign_enrollment_id, touch_number,
       channel, state, status, campaign_version, template_version_id, sender_account_id, variables, claim_id, attempt, claimed_at,
       due_at, outcome, sent_at, settled_at, sequence)
     select $1, $2, case $6 when 'sms' then c.phone else c.email end, $3, $4, $5, $6, $7,
       case $7 when 'sent' then 'sent' else 'queued' end, $8, t.template_version_id, a.id, '{"first_name": "Ann"}', $9, 1, $10, $10,
       case $7 when 'sent' then 'accepted' when 'retry' then 'retry' end, case $7 when 'sent' then $10::timestamptz end,
       case when $7 in ('sent', 'retry') then $10::timestamptz end, nextval('touchline.fence_sequence')
     from touchline.customers c, touchline.campaign_touches t, touchline.sender_accounts a
     where (c.business_id, c.id) = ($1, $2) and (a.business_id, a.channel) = ($1, $6) and a.in_use
       and (t.business_id, t.campaign_id, t.version, t.touch_number) = ($1, $3, $8, $5)`,
    [
      id,
      log.customer_id,
      log.campaign_id,
      log.id,
      log.number,
      log.channel,
      log.sent,
      log.campaign_version,
      log.claimId,
      log.scheduled,
    ],
  );
  await database.query(
    `with attempt as (
       insert into touchline.send_attempts (business_id, send_log_id, attempt, claim_id, worker, started_at, deadline_at, outcome,
         finished_at)
       select l.business_id, l.id, 1, l.claim_id, 'story', l.claimed_at, l.claimed_at + interval '5 seconds', l.outcome, l.settled_at
       from touchline.send_logs l where l.business_id = $1 and l.campaign_enrollment_id = $2 and l.touch_number = $3
       returning *)
     insert into touchline.lane_claims (business_id, claim_id, channel, worker, claimed_at, lease_until, check_at, send_log_ids)
     select business_id, claim_id, $4, worker, started_at, started_at + interval '95 seconds', started_at + interval '95 seconds',
       array[send_log_id] from attempt where outcome is null`,
    [id, log.id, log.number, log.channel],
  );
  await database.query('select touchline.recount_daily_stats($1)', [id]);
}

async function insert(database: TestDatabase, table: string, row: Record<string, unknown>): Promise<void> {
  const columns = Object.keys(row);
  await database.query(
    `insert into touchline.${table} (${columns.join(', ')}) values (${columns.map((_, at) => `$${at + 1}`).join(', ')})`,
    Object.values(row),
  );
}

async function one<Row extends pg.QueryResultRow>(database: TestDatabase, sql: string, id: string[]): Promise<Row> {
  const { rows } = await database.query<Row>(sql, id);
  if (rows[0] === undefined) throw new Error(`No row: ${sql}`);
  return rows[0];
}

export function enrollmentOf({ database, id }: Site, enrollment: string): Promise<CampaignEnrollment> {
  return one(database, 'select * from touchline.campaign_enrollments where business_id = $1 and id = $2', [
    id,
    enrollment,
  ]);
}

/** Statuses of the planned touches, in order. */
export async function statuses(site: Site, enrollment: string): Promise<string[]> {
  const row = await enrollmentOf(site, enrollment);
  return [row.touch_1_status, row.touch_2_status, row.touch_3_status, row.touch_4_status].filter(
    (status) => status !== null,
  );
}

/** The queue row, or null where there is none. */
export async function queueOf({ database, id }: Site, enrollment: string): Promise<TouchQueue | null> {
  const { rows } = await database.query<TouchQueue & pg.QueryResultRow>(
    'select q.* from touchline.touch_queue q where q.business_id = $1 and q.enrollment_id = $2',
    [id, enrollment],
  );
  return rows[0] ?? null;
}

/** The messages of an enrollment, by touch. */
export async function messagesOf({ database, id }: Site, enrollment: string): Promise<SendLog[]> {
  const { rows } = await database.query<SendLog & pg.QueryResultRow>(
    'select l.* from touchline.send_logs l where l.business_id = $1 and l.campaign_enrollment_id = $2 order by touch_number',
    [id, enrollment],
  );
  return rows;
}

/** A claim of everything due that has written its intents and not committed yet. End it with commit and release. */
export async function openClaim({ database, worker: sweeper }: Site, moment: Date): Promise<pg.PoolClient> {
  await sweeper.call('sweep_lanes', moment);
  const client = await database.pool.connect();
  await client.query('begin; set local role touchline_worker');
  await client.query("select from touchline.claim_due_touches('story', gen_random_uuid(), 100, $1)", [moment]);
  return client;
}
