// Asking the invariants after every story.
import { expect } from 'vitest';
import type { TestDatabase } from './database.ts';
import { type InvariantOptions, violations } from './violations.ts';

/** Fails, and prints what breaks an invariant: of scope live always, of scope harness when the test keeps an acceptance log. */
export async function expectInvariants(database: TestDatabase, options: InvariantOptions = {}): Promise<void> {
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    const found = await violations(client, options);
    const lines = found.map(
      ({ invariant, businessId, detail }) => `${invariant} ${businessId} ${JSON.stringify(detail)}`,
    );
    expect(lines, 'Broken invariants; what each says is in sql/invariants').toEqual([]);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
