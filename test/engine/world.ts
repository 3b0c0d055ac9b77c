// A business in time: its campaign, customers and jobs through the same functions as everybody, a memory sender, and a clock the
// story moves. Every tick runs twice, so that each story also proves that a second tick changes nothing.
import { createHash, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { engineStore } from '../../src/db/engine/store.ts';
import { clockAt } from '../../src/engine/clock.ts';
import type { Message } from '../../src/engine/ports.ts';
import type { Engine } from '../../src/engine/process-batch.ts';
import { type TickReport, tick } from '../../src/engine/tick.ts';
import type { CampaignEnrollment, Job } from '../../src/generated/rows.ts';
import { type MemorySender, type Misbehave, memorySender } from '../../src/senders/memory.ts';
import { createAcceptanceLog, logAcceptances } from '../support/acceptance-log.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import type { TestServer } from '../support/test-server.ts';

export interface TouchPlan {
  channel: 'email' | 'sms';
  delay_hours: number;
}

export interface BusinessOptions {
  name?: string;
  zone?: string;
  touches?: readonly TouchPlan[];
  /** Changes to the sending policy. */
  policy?: Record<string, unknown>;
  /** Sending windows for both channels; default: always open. */
  hours?: 'always' | 'default';
}

export interface Acceptance extends Message {
  at: Date;
}

export interface CustomerDetails {
  external_id?: string;
  email?: string | null;
  phone?: string | null;
  time_zone?: string;
  time_zone_source?: string;
  first_name?: string;
  consent?: boolean;
}

const links = {
  unsubscribe: ({ sendLogId }: { sendLogId: string }): string => `https://touchline.test/u/${sendLogId}`,
};

const always = Array.from({ length: 7 }, (_, day) => ({ iso_weekday: day + 1, opens: '00:00', closes: '24:00' }));

/** A world of one database with a clock of its own. */
export class World {
  readonly database: TestDatabase;
  readonly sender: MemorySender;
  readonly acceptances: Acceptance[] = [];
  readonly engine: Engine;
  private moment = new Date('2026-03-02T15:00:00Z');
  private misbehaves: Misbehave | undefined;

  constructor(database: TestDatabase) {
    this.database = database;
    this.sender = memorySender(
      (message, signal) => this.misbehaves?.(message, signal),
      (message) => this.accept(message),
    );
    this.engine = {
      store: engineStore(database.pool),
      clock: clockAt(() => this.moment),
      senders: () => this.sender,
      links,
      worker: 'story',
    };
  }

  /** The provider's own log, which the invariants of scope harness compare with ours. */
  private async accept(message: Message): Promise<void> {
    this.acceptances.push({ ...message, at: this.moment });
    const { subject, text, idempotencyKey, sender, ...rest } = message;
    const bodyHash = createHash('sha256').update(`${subject}\n${text}`).digest('hex');
    const accepted = { ...rest, sendLogId: idempotencyKey, idempotencyKey, bodyHash, acceptedAt: this.moment };
    await logAcceptances(this.database.pool, [{ ...accepted, senderAccountId: sender.senderAccountId }]);
  }

  get now(): Date {
    return this.moment;
  }

  /** Moves the clock to a moment, without ticking. */
  at(moment: string | Date): void {
    this.moment = new Date(moment);
  }

  /** What the provider does instead of accepting, from now on. */
  provider(misbehave: Misbehave | undefined): void {
    this.misbehaves = misbehave;
  }

  /** One statement as the operator. */
  async call<T>(sql: string, values: unknown[] = []): Promise<T> {
    return this.database.asRole('service_role', null, async (client) => {
      const { rows } = await client.query<{ answer: T }>(`select ${sql} as answer`, values);
      return rows[0]?.answer as T;
    });
  }

  /** Runs a pass of the engine, and another one that must find nothing left to do. */
  async tick(): Promise<TickReport> {
    const report = await tick(this.engine);
    const before = this.acceptances.length;
    await tick(this.engine);
    if (this.acceptances.length !== before) throw new Error('A second tick at the same moment sent something.');
    return report;
  }

  /** Goes from one due moment to the next, as a worker sleeps, until a moment, and ticks at each. */
  async runUntil(moment: string | Date): Promise<void> {
    const end = new Date(moment).getTime();
    while (this.moment.getTime() < end) {
      const { rows } = await this.database.query<{ at: Date | null }>(
        `select min(at) as at
         from (select check_at as at from touchline.lane_claims
               union all select look_at from touchline.evidence_checks where ends_at > look_at) checks`,
      );
      const check = rows[0]?.at?.getTime() ?? Number.POSITIVE_INFINITY;
      const due = (await this.engine.store.msUntilNextDue(this.moment)) ?? hours(24);
      const wait = Math.min(due, check - this.moment.getTime());
      this.moment = new Date(Math.min(end, this.moment.getTime() + Math.min(Math.max(wait, 1000), hours(24))));
      await this.tick();
    }
  }

  async business(options: BusinessOptions = {}): Promise<Business> {
    const id = await this.call<string>('touchline.add_business($1, $2)', [
      randomUUID(),
      {
        name: options.name ?? 'Brightwater Plumbing',
        time_zone: options.zone ?? 'UTC',
        postal_address: '1 Main Street, Springfield',
        review_url: 'https://reviews.test/brightwater',
      },
    ]);
    if (options.hours !== 'default') {
      for (const channel of ['email', 'sms']) {
        await this.call('touchline.set_sending_windows($1, $2, $3)', [id, channel, JSON.stringify(always)]);
      }
    }
    if (options.policy !== undefined) await this.call('touchline.set_sending_policy($1, $2)', [id, options.policy]);
    const business = new Business(this, id);
    await business.publish(options.touches ?? [{ channel: 'email', delay_hours: 24 }]);
    return business;
  }

  async close(): Promise<void> {
    await this.database.drop();
  }
}

/** One business of a world, with a published campaign for all services. */
export class Business {
  readonly world: World;
  readonly id: string;
  campaign = '';

  constructor(world: World, id: string) {
    this.world = world;
    this.id = id;
  }

  private async template(channel: string): Promise<string> {
    const text =
      channel === 'email'
        ? { subject: 'Hello {{first_name}}', body: 'How did it go? {{review_link}}' }
        : { body: '{{business_name}}: how did it go? {{review_link}} Reply STOP to opt out' };
    const template = { name: `Text ${randomUUID()}`, channel, ...text };
    return this.world.call<string>('touchline.save_template($1, null, $2)', [this.id, template]);
  }

  /** Makes and publishes a campaign for a service type (default: all). */
  async publish(touches: readonly TouchPlan[], serviceType: string | null = null): Promise<string> {
    const planned: object[] = [];
    for (const touch of touches) planned.push({ ...touch, template_id: await this.template(touch.channel) });
    const id = await this.world.call<string>('touchline.create_campaign($1, $2, $3, null, $4)', [
      this.id,
      `Campaign ${randomUUID().slice(0, 8)}`,
      serviceType,
      JSON.stringify(planned),
    ]);
    await this.call('touchline.publish_campaign', [id]);
    if (serviceType === null) this.campaign = id;
    return id;
  }

  /** A function whose first argument is this business and whose last is the moment. */
  async call<T>(name: string, values: unknown[] = []): Promise<T> {
    const places = values.map((_, index) => `$${index + 2}`);
    const args = ['$1', ...places, `p_now => $${values.length + 2}`].join(', ');
    return this.world.call<T>(`${name}(${args})`, [this.id, ...values, this.world.now]);
  }

  /** Completes a job now (or at completed_at) for a customer. */
  async completeJob(customer: CustomerDetails = {}, job: Record<string, unknown> = {}): Promise<CompletedJob> {
    const { consent, ...details } = customer;
    const externalId = details.external_id ?? randomUUID();
    return this.call<CompletedJob>('touchline.complete_job', [
      { external_id: randomUUID(), completed_at: this.world.now.toISOString(), ...job },
      {
        external_id: externalId,
        first_name: 'Ann',
        email: `${externalId.toLowerCase()}@example.test`,
        ...(consent === true ? { sms_consent: { status: 'opted_in', source: 'api', method: 'website_form' } } : {}),
        ...details,
      },
    ]);
  }

  async enrollment(id: string): Promise<CampaignEnrollment> {
    const { rows } = await this.world.database.query<CampaignEnrollment & pg.QueryResultRow>(
      'select * from touchline.campaign_enrollments where business_id = $1 and id = $2',
      [this.id, id],
    );
    const row = rows[0];
    if (row === undefined) throw new Error(`There is no enrollment ${id}.`);
    return row;
  }

  async job(id: string): Promise<Job> {
    const { rows } = await this.world.database.query<Job & pg.QueryResultRow>(
      'select * from touchline.jobs where business_id = $1 and id = $2',
      [this.id, id],
    );
    const row = rows[0];
    if (row === undefined) throw new Error(`There is no job ${id}.`);
    return row;
  }

  /** Statuses of the planned touches, in order. */
  async touches(id: string): Promise<(string | null)[]> {
    const row = await this.enrollment(id);
    const all = [row.touch_1_status, row.touch_2_status, row.touch_3_status, row.touch_4_status];
    return all.filter((status) => status !== null);
  }
}

export interface CompletedJob {
  job_id: string;
  customer_id: string;
  decision: string | null;
  reason: string | null;
  enrollment_id: string;
}

/** Opens a world on a database of its own; a script says on which server. */
export async function openWorld(name: string, server?: TestServer): Promise<World> {
  const database = await testDatabase({ name, virtualClock: true }, server);
  await createAcceptanceLog(database.pool);
  return new World(database);
}

export const hours = (count: number): number => count * 3_600_000;

/** A moment some hours after another. */
export function later(from: Date | string, count: number): Date {
  return new Date(new Date(from).getTime() + hours(count));
}
