// One business at the moment in which two transactions meet, and what is left of it afterwards in few words.
import { randomUUID } from 'node:crypto';
import { logAcceptances } from '../../support/acceptance-log.ts';
import type { Business, World } from '../world.ts';
import type { Statement } from './session.ts';

/** The n-th row of a table in the order of `key`, which is that of locks. */
const nth = (table: string, key: string, n: number): string =>
  `${table} where business_id = $1 and ${key} = (
    select ${key} from touchline.${table} where business_id = $1 order by ${key} offset ${n - 1} limit 1)`;
const messageOf = (n: number): string =>
  `send_logs where business_id = $1 and campaign_enrollment_id = (
    select id from touchline.campaign_enrollments where business_id = $1 order by id offset ${n - 1} limit 1)`;

/** Rows of a business that functions lock. */
const rows = {
  'the email lane': "business_dispatch where business_id = $1 and channel = 'email'",
  'the sms lane': "business_dispatch where business_id = $1 and channel = 'sms'",
  'the business': 'businesses where id = $1',
  'the campaign': 'campaigns where business_id = $1',
  'the draft': "campaign_versions where business_id = $1 and state = 'draft'",
  'the customer': 'customers where business_id = $1',
  'the first customer': nth('customers', 'id', 1),
  'the second customer': nth('customers', 'id', 2),
  'the job': 'jobs where business_id = $1 and decision is null',
  'the enrollment': 'campaign_enrollments where business_id = $1',
  'the first enrollment': nth('campaign_enrollments', 'id', 1),
  'the second enrollment': nth('campaign_enrollments', 'id', 2),
  'the queue row': 'touch_queue where business_id = $1',
  'the first queue row': nth('touch_queue', 'enrollment_id', 1),
  'the second queue row': nth('touch_queue', 'enrollment_id', 2),
  'the message': 'send_logs where business_id = $1',
  'the refused message': "send_logs where business_id = $1 and state = 'retry'",
  'the first message': messageOf(1),
  'the second message': messageOf(2),
  'the suppression': 'suppressions where business_id = $1',
  'the sender': "sender_accounts where business_id = $1 and channel = 'email'",
  'the claim': 'lane_claims where business_id = $1',
} as const;

export type Rows = keyof typeof rows;

export interface Person {
  customerId: string;
  email: string;
  enrollmentId: string;
}

interface OpenMessage {
  business_id: string;
  id: string;
  attempt: number;
  claim_id: string;
  campaign_enrollment_id: string;
  touch_number: number;
  channel: 'email' | 'sms';
  recipient: string;
  sender_account_id: string;
}

interface EnrollmentState {
  status: string;
  stop_reason: string | null;
  touches: string[];
  queue: string | null;
  messages: string[];
}

export class Scene {
  readonly business: Business;
  readonly people: Person[] = [];
  /** Completed jobs that nobody has decided. */
  readonly jobs: string[] = [];
  /** Of the claim that is part of the pair. */
  claimId: string = randomUUID();
  private readonly accepted = new Set<string>();

  constructor(business: Business) {
    this.business = business;
  }

  get world(): World {
    return this.business.world;
  }

  /** The n-th person, from 1. */
  person(n: number): Person {
    const person = this.people[n - 1];
    if (person === undefined) throw new Error(`There is no person ${n} in this scene.`);
    return person;
  }

  lock(name: Rows): Statement {
    return { text: `select from touchline.${rows[name]}`, values: [this.business.id] };
  }

  private async select<Row extends object>(sql: string): Promise<Row[]> {
    return (await this.world.database.query<Row>(sql, [this.business.id])).rows;
  }

  /** Messages that somebody was given to hand over. */
  open(): Promise<OpenMessage[]> {
    return this.select(
      "select * from touchline.send_logs where business_id = $1 and state = 'sending' order by campaign_enrollment_id desc",
    );
  }

  /** The provider takes these messages, each once. */
  async accept(messages: readonly OpenMessage[]): Promise<void> {
    const news = messages.filter(({ id }) => !this.accepted.has(id));
    for (const { id } of news) this.accepted.add(id);
    const acceptances = news.map((message) => ({
      businessId: message.business_id,
      sendLogId: message.id,
      enrollmentId: message.campaign_enrollment_id,
      touchNumber: message.touch_number,
      attempt: message.attempt,
      channel: message.channel,
      recipient: message.recipient,
      idempotencyKey: message.id,
      bodyHash: '',
      acceptedAt: this.world.now,
      senderAccountId: message.sender_account_id,
    }));
    await logAcceptances(this.world.database.pool, acceptances);
  }

  /** What is still open is accepted, and the worker says so. */
  async settleAll(): Promise<void> {
    for (const message of await this.open()) {
      await this.accept([message]);
      const { business_id: businessId, id: sendLogId, attempt } = message;
      const outcome = { businessId, sendLogId, attempt, kind: 'accepted' as const };
      await this.world.engine.store.settle(message.claim_id, [outcome], this.world.now);
    }
  }

  /** The next claim is another one. */
  renewClaim(): void {
    this.claimId = randomUUID();
  }

  /** How many attempts began with the claim of the pair. */
  async claimed(): Promise<number> {
    const { rows: found } = await this.world.database.query(
      'select from touchline.send_attempts where business_id = $1 and claim_id = $2',
      [this.business.id, this.claimId],
    );
    return found.length;
  }

  /** No claim looks at the business any more, until `reopen`. */
  async leave(): Promise<void> {
    await this.select(
      "update touchline.business_dispatch set blocked_at = now(), blocked_reason = 'left alone' where business_id = $1",
    );
  }

  /** Claims go on, and so does what was paused or suspended. */
  async reopen(): Promise<void> {
    await this.select(
      'update touchline.business_dispatch set blocked_at = null, blocked_reason = null where business_id = $1',
    );
    await this.business.call('touchline.reinstate_business');
    const { rows: paused } = await this.world.database.query<{ id: string }>(
      "select id from touchline.campaigns where business_id = $1 and status = 'paused'",
      [this.business.id],
    );
    for (const { id } of paused) await this.business.call('touchline.resume_campaign', [id]);
  }

  /** Enrollments in order: status, touches, where the queue row is, states of messages; then whatever else is not as usual. */
  async state(): Promise<string> {
    const enrollments = await this.select<EnrollmentState>(
      `select e.status, e.stop_reason,
         array_remove(array[e.touch_1_status, e.touch_2_status, e.touch_3_status, e.touch_4_status], null) as touches,
         case when q.enrollment_id is null then null when q.stopping then 'stopping' when q.claim_id is not null then 'leased'
           when q.blocked_by is not null then 'parked ' || q.blocked_by else 'queued' end
           || case when q.attempts > 0 then ' after ' || q.attempts else '' end as queue,
         array(select l.state || case when l.recipient is null then ' to nobody' else '' end from touchline.send_logs l
           where (l.business_id, l.campaign_enrollment_id) = (e.business_id, e.id) order by l.touch_number) as messages
       from touchline.campaign_enrollments e
       left join touchline.touch_queue q on (q.business_id, q.enrollment_id) = (e.business_id, e.id)
       where e.business_id = $1 order by e.id`,
    );
    const usual = await this.select<{ text: string }>(
      `select 'campaign ' || status as text from touchline.campaigns where business_id = $1 and status <> 'active'
       union all select 'version ' || live_version from touchline.campaigns where business_id = $1 and live_version <> 1
       union all select 'business ' || status from touchline.businesses where id = $1 and status <> 'active'
       union all select 'customer ' || status from touchline.customers where business_id = $1 and status <> 'active'
       union all select * from (select 'job ' || coalesce(decision_reason, decision, 'undecided') from touchline.jobs
         where business_id = $1 and decision is distinct from 'enrolled' order by id) j`,
    );
    const said = enrollments.map(({ status, stop_reason: reason, touches, queue, messages }) =>
      [
        `${reason ?? status}: ${touches.join(', ')}`,
        ...(queue === null ? [] : [queue]),
        ...(messages.length === 0 ? [] : [`message ${messages.join(', ')}`]),
      ].join('; '),
    );
    return [...said, ...usual.map(({ text }) => text)].join(' | ');
  }
}
