// Calls of the functions that complete jobs and enroll. `now` only for databases with a virtual clock.
import type { ClientBase } from 'pg';

/** A job as its owner knows it: `id` or `external_id`, and what is to be set. */
export type JobFields = Readonly<Record<string, string | null>>;

/** A customer likewise; `sms_consent` is `{ status, source, method, … }`. */
export type CustomerFields = Readonly<
  Record<string, string | readonly string[] | Readonly<Record<string, string>> | null>
>;

export interface PlannedTouch {
  touch_number: number;
  channel: string;
  status: string;
  scheduled_at: string;
  /** The earliest moment it could leave, as things stand. */
  due_at?: string;
  /** What would skip it, as things stand. */
  skip_reason?: string;
}

/** What was decided about a job, and the plan that follows. */
export interface JobAnswer {
  job_id: string;
  customer_id: string;
  /** enrolled, queued, conflict, refused or imported; null: not decided yet. */
  decision: string | null;
  reason: string | null;
  enrollment_id: string | null;
  campaign_id: string | null;
  touches: PlannedTouch[];
}

/** Completes a job, written with its customer by the caller's own ids, and decides it. */
export async function completeJob(
  client: ClientBase,
  businessId: string,
  job: JobFields,
  customer: CustomerFields | null,
  now: Date | null = null,
): Promise<JobAnswer> {
  const { rows } = await client.query<{ answer: JobAnswer }>(
    'select touchline.complete_job($1, $2, $3, $4) as answer',
    [businessId, JSON.stringify(job), customer === null ? null : JSON.stringify(customer), now],
  );
  const answer = rows[0]?.answer;
  if (answer === undefined) throw new Error('complete_job answered nothing.');
  return answer;
}

/** Decides a completed job now. */
export async function enrollJob(
  client: ClientBase,
  businessId: string,
  jobId: string,
  now: Date | null = null,
): Promise<JobAnswer> {
  const { rows } = await client.query<{ answer: JobAnswer }>('select touchline.enroll_job($1, $2, $3) as answer', [
    businessId,
    jobId,
    now,
  ]);
  const answer = rows[0]?.answer;
  if (answer === undefined) throw new Error('enroll_job answered nothing.');
  return answer;
}

export const conflictChoices = ['replace', 'wait', 'skip'] as const;
export type ConflictChoice = (typeof conflictChoices)[number];

/** What a person decided about a job whose customer is in a sequence already. Raises TL201, TL306 job_state. */
export async function resolveConflict(
  client: ClientBase,
  businessId: string,
  jobId: string,
  choice: ConflictChoice,
  now: Date | null = null,
): Promise<JobAnswer> {
  const { rows } = await client.query<{ answer: JobAnswer }>(
    'select touchline.resolve_conflict($1, $2, $3, $4) as answer',
    [businessId, jobId, choice, now],
  );
  const answer = rows[0]?.answer;
  if (answer === undefined) throw new Error('resolve_conflict answered nothing.');
  return answer;
}
