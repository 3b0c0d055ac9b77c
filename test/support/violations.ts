// Whether the data of a database is consistent, for tests and for scripts that keep an acceptance log.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type pg from 'pg';
import { type Invariant, readInvariant } from '../../src/db/migrate/invariant.ts';
import { packageRoot } from '../../src/db/migrate/source.ts';

export interface InvariantOptions {
  /**
   * The moment that is judged. On a database with a virtual clock, what must happen by some moment (an unknown is resolved, a
   * lane's pointer is low enough) is judged only when it is given; elsewhere it is the server's time.
   */
  now?: Date;
}

/** One thing that breaks an invariant. */
export interface Violation {
  /** The invariant's file, without `.sql`. */
  invariant: string;
  businessId: string;
  detail: unknown;
}

export interface InvariantFile extends Invariant {
  /** File name without `.sql`. */
  name: string;
}

const folder = 'sql/invariants';

/** Every file of sql/invariants, in order. */
export const invariantFiles: readonly InvariantFile[] = readdirSync(join(packageRoot, folder))
  .filter((file) => file.endsWith('.sql'))
  .toSorted()
  .map((file) => {
    const path = `${folder}/${file}`;
    return {
      name: basename(file, '.sql'),
      ...readInvariant({ path, text: readFileSync(join(packageRoot, path), 'utf8') }),
    };
  });

async function judgedMoment(client: pg.ClientBase, now: Date | undefined): Promise<Date | string | null> {
  if (now !== undefined) return now;
  const { rows } = await client.query<{ virtual: boolean }>(
    'select virtual_clock as virtual from touchline.installation',
  );
  return rows[0]?.virtual === true ? '-infinity' : null;
}

async function liveViolations(client: pg.ClientBase, now: Date | string | null): Promise<Violation[]> {
  await client.query('set local role service_role');
  const { rows } = await client.query<Violation>(
    `select invariant, business_id as "businessId", detail from touchline.check_invariants(p_now => $1)`,
    [now],
  );
  await client.query('reset role');
  return rows;
}

async function harnessViolations(client: pg.ClientBase): Promise<Violation[]> {
  const log = await client.query<{ exists: boolean }>(
    "select pg_catalog.to_regclass('touchline_test.acceptances') is not null as exists",
  );
  if (log.rows[0]?.exists !== true) return [];
  const found: Violation[] = [];
  for (const { name, query } of invariantFiles.filter(({ scope }) => scope === 'harness')) {
    const { rows } = await client.query<{ business_id: string }>(query);
    found.push(...rows.map(({ business_id, ...detail }) => ({ invariant: name, businessId: business_id, detail })));
  }
  return found;
}

/** What breaks an invariant, inside the open transaction of `client`, who is the owner. */
export async function violations(client: pg.ClientBase, { now }: InvariantOptions = {}): Promise<Violation[]> {
  const live = await liveViolations(client, await judgedMoment(client, now));
  return [...live, ...(await harnessViolations(client))];
}
