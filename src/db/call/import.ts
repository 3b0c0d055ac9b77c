// Calls of the functions that import and enroll in bulk. `now` only for databases with a virtual clock.
import type { ClientBase } from 'pg';
import type { ImportRow } from '../../domain/import/row.ts';

/** What became of a row. */
export type ImportedRow =
  | {
      line: number;
      outcome: 'imported' | 'updated' | 'unchanged';
      job_id: string;
      status: string;
      decision: string | null;
      service_type: string;
      /** `new`, or the status of a customer who was known. */
      customer: string;
      /** The consent to texts, or `no_phone`. */
      sms: string;
    }
  | { line: number; outcome: 'left_out'; reason: string }
  | { line: number; outcome: 'rejected'; what: string; why: string; fix: string };

/** Writes rows, each for itself; at most 1000. */
export async function importJobs(
  client: ClientBase,
  businessId: string,
  rows: readonly ImportRow[],
  now: Date | null = null,
): Promise<ImportedRow[]> {
  const answer = await client.query<{ answer: ImportedRow[] }>('select touchline.import_jobs($1, $2, $3) as answer', [
    businessId,
    JSON.stringify(rows),
    now,
  ]);
  return answer.rows[0]?.answer ?? [];
}

/** Lets the server's planner see what an import has written so far. */
export async function refreshStatistics(client: ClientBase): Promise<void> {
  await client.query('select touchline.refresh_statistics()');
}

/** What became of many jobs that were decided at once. */
export interface EnrollSummary {
  jobs: number;
  not_completed: number;
  already_enrolled: number;
  enrolled: number;
  queued: number;
  conflict: number;
  refused: number;
  /** Refused jobs by reason. */
  reasons: Record<string, number>;
  /** When the first and the last of the first touches may leave. */
  first_slot: string | null;
  last_slot: string | null;
  /** From where the next call goes on at the same pace. */
  next_slot: string | null;
  /** How many messages are planned, by channel. */
  messages: Record<string, number>;
  /** Touches that would be skipped as things stand, by reason. */
  planned_skips: Record<string, number>;
}

/** The same jobs in the order in which they are to be enrolled: that of completion; those that are not completed last. */
export async function jobsInOrder(
  client: ClientBase,
  businessId: string,
  jobIds: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    'select j.id from touchline.jobs j where j.business_id = $1 and j.id = any ($2) order by j.completed_at, j.id',
    [businessId, jobIds],
  );
  return rows.map(({ id }) => id);
}

export interface EnrollRequest {
  businessId: string;
  jobIds: readonly string[];
  /** How many sequences begin in an hour; null: all begin at once. */
  perHour: number | null;
  /** When the first begins; null: now. */
  firstSlot: string | null;
  now: Date | null;
}

/** Decides completed jobs in one statement. */
export async function enrollCompleted(
  client: ClientBase,
  { businessId, jobIds, perHour, firstSlot, now }: EnrollRequest,
): Promise<EnrollSummary> {
  const { rows } = await client.query<{ answer: EnrollSummary }>(
    'select touchline.enroll_completed($1, $2, $3, $4, $5) as answer',
    [businessId, jobIds, perHour, firstSlot, now],
  );
  const answer = rows[0]?.answer;
  if (answer === undefined) throw new Error('enroll_completed answered nothing.');
  return answer;
}

/** What the account of a channel can send. */
export interface ChannelCapacity {
  channel: 'email' | 'sms';
  /** Messages an hour; null: Touchline sets no limit. */
  rate_per_hour: number | null;
  /** Hours a day in which the business's sending windows are open. */
  open_hours: number;
}

export async function sendingCapacity(
  client: ClientBase,
  businessId: string,
  now: Date | null,
): Promise<ChannelCapacity[]> {
  const { rows } = await client.query<ChannelCapacity>('select * from touchline.sending_capacity($1, $2)', [
    businessId,
    now,
  ]);
  return rows;
}
