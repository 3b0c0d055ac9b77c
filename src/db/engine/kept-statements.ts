// Statements that a connection keeps by name, so that the server parses and plans them once. Behind a pooler in transaction mode they
// come to a server session that never heard of them, or that heard of them from somebody else: then they are sent whole for good.
import type pg from 'pg';
import { isStatementLost } from '../../engine/refused.ts';

interface Statement {
  name: string;
  text: string;
  values: unknown[];
}

export class KeptStatements {
  private areKept = true;

  query<Row extends pg.QueryResultRow>(
    client: pg.ClientBase,
    { name, ...statement }: Statement,
  ): Promise<pg.QueryResult<Row>> {
    return client.query<Row>(this.areKept ? { name, ...statement } : statement);
  }

  /** Runs a transaction, which such an error ends before its commit, and once more without names. */
  async within<T>(transaction: () => Promise<T>): Promise<T> {
    // Another transaction may find out while this one runs.
    const wereKept = this.areKept;
    try {
      return await transaction();
    } catch (error) {
      if (!wereKept || !isStatementLost(error)) throw error;
      this.areKept = false;
      return transaction();
    }
  }
}
