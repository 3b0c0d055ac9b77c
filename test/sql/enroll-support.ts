// What stories about enrolling need beside the world: rows as an app or an earlier time wrote them, and answers in few words.
import { randomUUID } from 'node:crypto';
import type { Business, World } from '../engine/world.ts';

/** A touch in the answer about a job. */
interface AnsweredTouch {
  touch_number: number;
  channel: string;
  status: string;
  scheduled_at: string;
  due_at?: string;
  skip_reason?: string;
}

/** The answer about a job. */
export interface Answer {
  job_id: string;
  customer_id: string;
  decision: string | null;
  reason: string | null;
  decide_after: string | null;
  blocked_by_enrollment: string | null;
  enrollment_id: string | null;
  campaign_id: string | null;
  campaign_version: number | null;
  touches: AnsweredTouch[];
  error?: { code: string; message: string };
}

async function insert(world: World, table: string, row: Record<string, unknown>): Promise<string> {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  const { rows } = await world.database.query<{ id: string }>(
    `insert into touchline.${table} (${columns.join(', ')}) values (${places.join(', ')}) returning id`,
    Object.values(row),
  );
  return rows[0]?.id ?? '';
}

/** A customer whom an email reaches, unless said otherwise. */
export async function addCustomer(business: Business, row: Record<string, unknown> = {}): Promise<string> {
  const email = `${randomUUID()}@example.test`;
  return insert(business.world, 'customers', { business_id: business.id, first_name: 'Ann', email, ...row });
}

/** A job as another program writes it: completed now, unless said otherwise, and not decided. */
export async function addJob(
  business: Business,
  customerId: string,
  row: Record<string, unknown> = {},
): Promise<string> {
  return insert(business.world, 'jobs', {
    business_id: business.id,
    customer_id: customerId,
    status: 'completed',
    completed_at: business.world.now,
    ...row,
  });
}

/** An enrollment of an earlier job that is over, as `row` says; its one touch was sent unless said otherwise. */
export async function addEnded(
  business: Business,
  customerId: string,
  endedAt: Date,
  row: Record<string, unknown> = {},
): Promise<string> {
  const startedAt = new Date(endedAt.getTime() - 86_400_000);
  const job = await addJob(business, customerId, {
    completed_at: startedAt,
    decision: 'enrolled',
    decided_at: startedAt,
  });
  const stopped = row.stop_reason !== undefined;
  const sent = row.touch_1_status === undefined;
  return insert(business.world, 'campaign_enrollments', {
    business_id: business.id,
    campaign_id: business.campaign,
    campaign_version: 1,
    job_id: job,
    customer_id: customerId,
    status: stopped ? 'stopped' : 'completed',
    stopped_at: stopped ? endedAt : null,
    completed_at: stopped ? null : endedAt,
    enrolled_at: startedAt,
    anchor_at: startedAt,
    touch_1_scheduled_at: startedAt,
    touch_1_status: 'sent',
    touch_1_sent_at: sent ? startedAt : null,
    ...row,
  });
}

/** Decides one job and says what became of it. */
export async function enroll(business: Business, jobId: string): Promise<Answer> {
  return business.call<Answer>('touchline.enroll_job', [jobId]);
}

/** `decision`, or `decision: reason`. */
export function verdict({ decision, reason }: Pick<Answer, 'decision' | 'reason'>): string {
  return reason === null ? String(decision) : `${decision}: ${reason}`;
}

/** What is stored on a job, in the same words. */
export async function storedVerdict(business: Business, jobId: string): Promise<string> {
  const { decision, decision_reason: reason } = await business.job(jobId);
  return verdict({ decision, reason });
}

/** The status of an enrollment with its stop reason. */
export async function enrollmentState(business: Business, id: string | null): Promise<string> {
  const { status, stop_reason: reason } = await business.enrollment(String(id));
  return reason === null ? status : `${status}: ${reason}`;
}

/** How many rows of the business fulfil a condition. */
export async function count(business: Business, table: string, condition = 'true'): Promise<number> {
  const { rows } = await business.world.database.query<{ count: number }>(
    `select count(*)::int as count from touchline.${table} where business_id = $1 and ${condition}`,
    [business.id],
  );
  return rows[0]?.count ?? 0;
}

/** One statement about the business, whose id is $1. */
export async function change(business: Business, sql: string, values: unknown[] = []): Promise<void> {
  await business.world.database.query(sql, [business.id, ...values]);
}

/** A moment some days before the world's. */
export function daysAgo(world: World, days: number): Date {
  return new Date(world.now.getTime() - days * 86_400_000);
}

/** Makes every insert into a table fail for the business, or for rows of it that fulfil a condition on `new`; undone by the result. */
export async function breakInserts(
  business: Business,
  table: string,
  condition = 'true',
): Promise<() => Promise<void>> {
  const name = `broken_${randomUUID().replaceAll('-', '')}`;
  await business.world.database.query(`
    create function touchline.${name}() returns trigger language plpgsql as $$ begin raise exception 'broken on purpose'; end $$;
    create trigger ${name} before insert on touchline.${table}
    for each row when (new.business_id = '${business.id}' and ${condition}) execute function touchline.${name}()`);
  return async () => {
    await business.world.database.query(`drop function touchline.${name}() cascade`);
  };
}
