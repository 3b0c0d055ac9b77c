// Enrolls what was imported: batch by batch in order of completion, each batch in a transaction of its own, at one pace over all.
import type { PoolClient } from 'pg';
import { type EnrollSummary, enrollCompleted, jobsInOrder, refreshStatistics } from '../../db/call/import.ts';
import type { Database } from '../database.ts';
import { persistently, withoutEffect } from './load.ts';

export interface EnrollOptions {
  businessId: string;
  jobIds: readonly string[];
  /** Null: all begin at once. */
  perHour: number | null;
  now: Date | null;
  /** Without it everything is rolled back. */
  yes: boolean;
  /** Hears how many jobs are done, now and then. */
  onProgress: (done: number) => void;
}

const batchSize = 1000;
const longStatementMs = 600_000;
// As in a first import, the server's own look at new rows would come too late.
const firstRefreshAfterJobs = batchSize;
const refreshAgainFactor = 8;

const nothing: EnrollSummary = {
  ...{ jobs: 0, not_completed: 0, already_enrolled: 0, enrolled: 0, queued: 0, conflict: 0, refused: 0 },
  ...{ reasons: {}, first_slot: null, last_slot: null, next_slot: null, messages: {}, planned_skips: {} },
};

type Counts = Readonly<Record<string, number>>;

function sum(a: Counts, b: Counts): Record<string, number> {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}

/** The first or the last of two moments, of which either may be missing. */
function extreme(a: string | null, b: string | null, isLast: boolean): string | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a) < Date.parse(b) === isLast ? b : a;
}

/** What became of two batches together. */
function together(a: EnrollSummary, b: EnrollSummary): EnrollSummary {
  return {
    jobs: a.jobs + b.jobs,
    not_completed: a.not_completed + b.not_completed,
    already_enrolled: a.already_enrolled + b.already_enrolled,
    enrolled: a.enrolled + b.enrolled,
    queued: a.queued + b.queued,
    conflict: a.conflict + b.conflict,
    refused: a.refused + b.refused,
    reasons: sum(a.reasons, b.reasons),
    first_slot: extreme(a.first_slot, b.first_slot, false),
    last_slot: extreme(a.last_slot, b.last_slot, true),
    next_slot: b.next_slot,
    messages: sum(a.messages, b.messages),
    planned_skips: sum(a.planned_skips, b.planned_skips),
  };
}

/**
 * Decides completed jobs. What was committed stays when the process is killed; the same call goes on from there at the same pace.
 * @returns what became of them, or would without `yes`
 */
export async function enrollImported(run: Database['run'], options: EnrollOptions): Promise<EnrollSummary> {
  const { businessId, perHour, now, yes, onProgress } = options;
  const jobIds = await run((client) => jobsInOrder(client, businessId, options.jobIds));
  const each = async (batch: <T>(work: (client: PoolClient) => Promise<T>) => Promise<T>): Promise<EnrollSummary> => {
    let all = nothing;
    let refreshAtJobs = firstRefreshAfterJobs;
    for (let from = 0; from < jobIds.length; from += batchSize) {
      const firstSlot = all.next_slot;
      const ids = jobIds.slice(from, from + batchSize);
      all = together(
        all,
        await batch((client) => enrollCompleted(client, { businessId, jobIds: ids, perHour, firstSlot, now })),
      );
      if (from + ids.length >= refreshAtJobs) {
        refreshAtJobs *= refreshAgainFactor;
        await batch(refreshStatistics);
      }
      onProgress(from + ids.length);
    }
    return all;
  };
  if (yes) return each((work) => persistently(() => run(work, { statementTimeoutMs: longStatementMs })));
  // One transaction: what a batch would do depends on the ones before it.
  return withoutEffect(run, (client) => each((work) => work(client)), longStatementMs);
}
