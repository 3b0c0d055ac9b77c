// What goes when it is old, and letting it go, batch by batch.
import type { ClientBase } from 'pg';

/** How the old rows of a table go: by themselves, when somebody asks, with the row of another table, or never. */
type Retention = 'automatic' | 'asked' | 'follows' | 'kept';

export interface RetentionRule {
  table_name: string;
  how: Retention;
  /** Null: only with an age. */
  default_days: number | null;
  /** Null: never pruned by itself. */
  least_days: number | null;
  /** What must be true of a row that goes, after what its age counts from; or why none does. */
  rule: string;
}

/** Every table of the schema. */
export async function readRetention(client: ClientBase): Promise<RetentionRule[]> {
  const { rows } = await client.query<RetentionRule>('select * from touchline.retention()');
  return rows;
}

export interface PruneBatch {
  table: string;
  /** Null: the table's own age. */
  olderThanDays: number | null;
  limit: number;
  /** Where the batch before this one ended; null: from the beginning. */
  after: unknown;
  dryRun: boolean;
  now: Date | null;
}

export interface Pruned {
  /** Rows by table: those of the table itself, and of messages that went with them. */
  gone: Record<string, number>;
  /** `after` of the next batch; null: this was the last. */
  next: unknown;
}

/** One batch. Raises TL316 kept_on_purpose, TL402. */
export async function pruneBatch(client: ClientBase, batch: PruneBatch): Promise<Pruned> {
  const { table, olderThanDays, limit, after, dryRun, now } = batch;
  const { rows } = await client.query<{ answer: Pruned }>('select touchline.prune($1, $2, $3, $4, $5, $6) as answer', [
    table,
    olderThanDays,
    limit,
    after === null ? null : JSON.stringify(after),
    dryRun,
    now,
  ]);
  return rows[0]?.answer ?? { gone: {}, next: null };
}
