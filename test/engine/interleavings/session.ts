// One connection whose transaction is led by hand: the test decides what happens between begin, statement and commit.
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { TestDatabase } from '../../support/database.ts';

export interface Statement {
  text: string;
  values: unknown[];
}

export class Session {
  readonly name: string;
  private readonly database: TestDatabase;
  private readonly client: pg.PoolClient;
  private readonly pid: number;
  private result: Promise<pg.QueryResult | undefined> | undefined;
  private ended = true;
  private end: Promise<void> | undefined;

  private constructor(name: string, database: TestDatabase, client: pg.PoolClient, pid: number) {
    this.name = name;
    this.database = database;
    this.client = client;
    this.pid = pid;
  }

  static async open(name: string, database: TestDatabase): Promise<Session> {
    const client = await database.pool.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
    return new Session(name, database, client, rows[0]?.pid ?? 0);
  }

  async begin(role: string): Promise<void> {
    await this.client.query('begin');
    await this.client.query(`set local role ${pg.escapeIdentifier(role)}`);
  }

  /** Sends statements and does not wait for them; `onEnd` hears the end of the last. */
  start(statements: readonly Statement[], onEnd: () => void): void {
    this.ended = false;
    const end = (): void => {
      this.ended = true;
      onEnd();
    };
    const results = statements.map(({ text, values }) => this.client.query(text, values));
    this.result = Promise.all(results).then((all) => all.at(-1));
    this.end = this.result.then(end, end);
  }

  /** What the last statement returned; fails as the first failed. */
  async rows<Row extends pg.QueryResultRow = pg.QueryResultRow>(): Promise<Row[]> {
    return ((await this.result)?.rows ?? []) as Row[];
  }

  /** Waits until the statements have ended or one waits for a lock, and says for whom of these sessions: nobody at the end. */
  async waitsFor(others: readonly Session[]): Promise<string[]> {
    for (;;) {
      const { rows } = await this.database.query<{ pids: number[] }>('select pg_catalog.pg_blocking_pids($1) as pids', [
        this.pid,
      ]);
      if (this.ended) return [];
      const holders = others.filter(({ pid }) => rows[0]?.pids.includes(pid));
      if (holders.length > 0) return holders.map(({ name }) => name);
      // Looking costs what the statement needs: once in a millisecond is enough, and its end is heard at once.
      await Promise.race([this.end, setTimeout(1)]);
    }
  }

  /** Locks rows as the owner in a transaction of its own, and fails when there are none. */
  async hold({ text, values }: Statement): Promise<void> {
    await this.client.query('begin');
    const { rowCount } = await this.client.query(`${text} for no key update`, values);
    if (rowCount === 0) throw new Error(`There is nothing to hold: ${text}`);
  }

  async commit(): Promise<void> {
    await this.client.query('commit');
  }

  /** Also after a failure, when the started statement may still wait. */
  async rollback(): Promise<void> {
    await this.client.query('rollback');
  }

  close(): void {
    this.client.release();
  }
}
