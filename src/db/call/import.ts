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
  /** Touches that would be skipped as things stand, by reason. */
  planned_skips: Record<string, number>;
}

/** Decides completed jobs, one after the other at so many per hour; without that all begin at once. */
export async function enrollCompleted(
  client: ClientBase,
  businessId: string,
  jobIds: readonly string[],
  perHour: number | null,
  now: Date | null = null,
): Promise<EnrollSummary> {
  const { rows } = await client.query<{ answer: EnrollSummary }>(
    'select touchline.enroll_completed($1, $2, $3, $4) as answer',
    [businessId, jobIds, perHour, now],
  );
  const answer = rows[0]?.answer;
  if (answer === undefined) throw new Error('enroll_completed answered nothing.');
  return answer;
}
