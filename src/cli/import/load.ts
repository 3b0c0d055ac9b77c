// The second pass: rows in batches, each in a transaction of its own, so that no lock is held for long.
import type { PoolClient } from 'pg';
import { type ImportedRow, importJobs, refreshStatistics } from '../../db/call/import.ts';
import type { RowProblem } from '../../domain/import/refusal.ts';
import { type ImportRow, type RowContext, readRow } from '../../domain/import/row.ts';
import type { Database } from '../database.ts';
import { csvRows } from './csv-file.ts';
import type { Inspected } from './inspect.ts';
import { Tally } from './tally.ts';

export interface LoadOptions {
  businessId: string;
  context: RowContext;
  now: Date | null;
  /** Every transaction is rolled back. */
  dryRun: boolean;
  keepIds: boolean;
}

/** Hears what becomes of each row, and how far it is. */
export interface Listener {
  row(line: number, outcome: string, detail: string): void;
  problem(problem: RowProblem): void;
  progress(rows: number): void;
}

const batchSize = 500;
// The server's own look at new rows comes a minute late: too late for the first import into an empty database.
const firstRefreshAfterRows = 500;
const refreshAgainFactor = 4;

class Undone<T> extends Error {
  readonly answer: T;

  constructor(answer: T) {
    super('rolled back on purpose');
    this.answer = answer;
  }
}

/** What `work` answers, without its effects. */
export async function withoutEffect<T>(
  run: Database['run'],
  work: (client: PoolClient) => Promise<T>,
  statementTimeoutMs?: number,
): Promise<T> {
  try {
    return await run<T>(
      async (client) => {
        throw new Undone(await work(client));
      },
      statementTimeoutMs === undefined ? {} : { statementTimeoutMs },
    );
  } catch (error) {
    if (error instanceof Undone) return error.answer as T;
    throw error;
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001');
}

/** Once more where another transaction was in the way: nothing of the first attempt is there. */
export async function persistently<T>(work: () => Promise<T>, attempts = 3): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (attempts <= 1 || !isTransient(error)) throw error;
    return persistently(work, attempts - 1);
  }
}

function record(answer: ImportedRow, tally: Tally, { keepIds }: LoadOptions, listener: Listener): void {
  if (answer.outcome === 'rejected') {
    const { line, what, why, fix } = answer;
    const problem = { line, column: '', what: [`${what}.`, why].join(' ').trim(), fix };
    tally.reject(problem);
    listener.problem(problem);
  } else if (answer.outcome === 'left_out') {
    tally.leaveOut(answer.reason);
    listener.row(answer.line, answer.outcome, answer.reason);
  } else {
    tally.take(answer, keepIds);
    listener.row(answer.line, answer.outcome, `${answer.status} job, ${answer.customer} customer`);
  }
}

async function writeBatch(
  run: Database['run'],
  rows: readonly ImportRow[],
  options: LoadOptions,
): Promise<ImportedRow[]> {
  const work = (client: PoolClient): Promise<ImportedRow[]> =>
    importJobs(client, options.businessId, rows, options.now);
  return persistently(() => (options.dryRun ? withoutEffect(run, work) : run(work)));
}

/** Keeps the rows that are understood, and tells of the others. */
function sortRow(cells: readonly string[], line: number, options: LoadOptions, tally: Tally, listener: Listener) {
  const reading = readRow(cells, line, options.context);
  if (reading.kind === 'row') return reading.row;
  if (reading.kind === 'rejected') {
    tally.reject(reading.problem);
    listener.problem(reading.problem);
  } else {
    tally.leaveOut(reading.reason);
    listener.row(line, 'left_out', reading.reason);
  }
  return undefined;
}

/** Imports a file that was inspected. */
export async function load(
  run: Database['run'],
  inspected: Inspected,
  options: LoadOptions,
  listener: Listener,
): Promise<Tally> {
  const tally = new Tally();
  const seen = new Map<string, number>();
  let batch: ImportRow[] = [];
  let refreshAtRows = firstRefreshAfterRows;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    for (const answer of await writeBatch(run, batch, options)) record(answer, tally, options, listener);
    batch = [];
    if (!options.dryRun && tally.rows.imported >= refreshAtRows) {
      refreshAtRows *= refreshAgainFactor;
      await run(refreshStatistics);
    }
    listener.progress(tally.rows.total);
  };
  let isHeader = true;
  for await (const { cells, line } of csvRows(inspected.path, inspected.separator)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    tally.rows.total += 1;
    const row = sortRow(cells, line, options, tally, listener);
    const earlier = row === undefined ? undefined : seen.get(row.job.external_id);
    if (row === undefined) continue;
    if (earlier !== undefined) {
      tally.leaveOut('same_job_again');
      listener.row(line, 'left_out', `same_job_again, see line ${earlier}`);
      continue;
    }
    seen.set(row.job.external_id, line);
    batch.push(row);
    if (batch.length >= batchSize) await flush();
  }
  await flush();
  return tally;
}
