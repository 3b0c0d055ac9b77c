// Pruning table by table, each batch in a transaction of its own: whatever ends it, what is done is done and nothing is by half.
import { type Pruned, pruneBatch, type RetentionRule } from '../../db/call/prune.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Database } from '../database.ts';

export interface PruneWish {
  /** Null: each table's own age. */
  olderThanDays: number | null;
  dryRun: boolean;
  now: Date | null;
  /** Rows of all tables together. */
  mostRows: number;
  /** Monotonic moment after which no further batch begins. */
  untilMs: number;
}

/** What became of one table. */
export interface PrunedTable {
  table: string;
  older_than_days: number | null;
  /** Rows by table. */
  gone: Record<string, number>;
  /** Whether everything that may go is gone. */
  complete: boolean;
}

/** Hears how many rows of a table are gone so far. */
export type PruneListener = (table: string, rows: number) => void;

const batchRows = 1000;
const longStatementMs = 600_000;

const sumOf = (gone: Record<string, number>): number => Object.values(gone).reduce((sum, rows) => sum + rows, 0);

function add(total: Record<string, number>, { gone }: Pruned): Record<string, number> {
  const sums = Object.entries(gone).map(([name, rows]) => [name, (total[name] ?? 0) + rows]);
  return { ...total, ...Object.fromEntries(sums) };
}

export class Pruner {
  private readonly database: Database;
  private readonly wish: PruneWish;
  private readonly clock: Clock;
  private readonly listener: PruneListener;
  private rowsLeft: number;

  constructor(database: Database, wish: PruneWish, clock: Clock, listener: PruneListener) {
    this.database = database;
    this.wish = wish;
    this.clock = clock;
    this.listener = listener;
    this.rowsLeft = wish.mostRows;
  }

  private get mayGoOn(): boolean {
    return this.wish.dryRun || (this.rowsLeft > 0 && this.clock.monotonicMs() < this.wish.untilMs);
  }

  private async batch(table: string, after: unknown): Promise<Pruned> {
    const { olderThanDays, dryRun, now } = this.wish;
    const limit = dryRun ? batchRows : Math.min(batchRows, this.rowsLeft);
    const batch = { table, olderThanDays, limit, after, dryRun, now };
    const answer = await this.database.run((client) => pruneBatch(client, batch), {
      statementTimeoutMs: longStatementMs,
    });
    this.rowsLeft -= sumOf(answer.gone);
    return answer;
  }

  /** Prunes one table until nothing is left to go or a bound is reached. */
  async prune({ table_name: table, default_days: usual }: RetentionRule): Promise<PrunedTable> {
    let gone: Record<string, number> = {};
    let next: unknown;
    while (next !== null && this.mayGoOn) {
      const answer = await this.batch(table, next ?? null);
      gone = add(gone, answer);
      next = answer.next;
      this.listener(table, sumOf(gone));
    }
    return { table, older_than_days: this.wish.olderThanDays ?? usual, gone, complete: next === null };
  }
}
