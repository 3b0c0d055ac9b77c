// The suite is measured too: every wall is weakened in every way we can generate, and each weakening must be noticed.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attempt, undone } from './attempt.ts';
import { foreignKeyFailures, tenantForeignKeys, uniqueKeyFailures } from './key-walls.ts';
import { tables, tenantTables } from './manifest.ts';
import {
  andTerms,
  foreignKeyMutants,
  grantMutants,
  listMutants,
  type Mutant,
  policyMutants,
  uniqueKeyMutants,
} from './mutants.ts';
import { privilegeDifferences } from './privileges.ts';
import { leaveOnlyRowSecurity, readTruth, rowFailures, type Truth } from './row-walls.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let client: pg.Client;

beforeAll(async () => {
  world = await openWorld('mutants');
  client = world.client;
});
afterAll(() => world.close());

function truthOf(truths: Map<string, Truth>, table: string): Truth {
  const truth = truths.get(table);
  if (truth === undefined) throw new Error(`${table} is not in test/security/manifest.ts`);
  return truth;
}

/** Applies each mutant, lets the probes look, takes it back. A weakening that the database itself refuses counts as noticed. */
async function survivors(mutants: Mutant[], notices: (mutant: Mutant) => Promise<boolean>): Promise<string[]> {
  const alive: string[] = [];
  for (const mutant of mutants) {
    await client.query('savepoint mutant');
    const refused = await client.query(mutant.sql).then(
      () => false,
      (error: { code?: string }) => {
        if (error.code !== '23505')
          throw new Error(`${mutant.name} could not be applied: ${mutant.sql}`, { cause: error });
        return true;
      },
    );
    if (!refused && !(await notices(mutant))) alive.push(mutant.name);
    await client.query('rollback to savepoint mutant; release savepoint mutant');
  }
  return alive;
}

function report(kind: string, mutants: Mutant[], alive: string[]): void {
  console.log(`${kind}: ${mutants.length} mutants, ${mutants.length - alive.length} killed, ${alive.length} survived`);
  expect(alive, `${kind} that no probe noticed`).toEqual([]);
  expect(mutants.length).toBeGreaterThan(0);
}

describe('row level security (defect 80)', () => {
  it('by itself keeps every actor to the rows of the manifest, and every weakened policy is noticed', async () => {
    await undone(client, async () => {
      await leaveOnlyRowSecurity(client, world.ids);
      const truths = await readTruth(client, world.ids);
      const failures: string[] = [];
      for (const table of Object.keys(tables)) {
        failures.push(...(await rowFailures(client, table, world.ids, truthOf(truths, table))));
      }
      expect(failures).toEqual([]);

      // Where everybody reads all rows, `using (true)` is what the manifest says.
      const open = (mutant: Mutant): boolean =>
        tables[mutant.table]?.select?.rows === 'all' && mutant.name.endsWith('using true');
      const mutants = [...(await policyMutants(client)), ...listMutants()].filter((mutant) => !open(mutant));
      const notices = async ({ table }: Mutant): Promise<boolean> =>
        (await rowFailures(client, table, world.ids, truthOf(truths, table), false)).length > 0;
      report('policies', mutants, await survivors(mutants, notices));
    });
  }, 120_000);
});

describe('grants', () => {
  it('are exactly the manifest, and every further verb or column is noticed', async () => {
    await undone(client, async () => {
      expect(await privilegeDifferences(client)).toEqual([]);
      const mutants = await grantMutants(client);
      const notices = async ({ table }: Mutant): Promise<boolean> =>
        (await privilegeDifferences(client, table)).length > 0;
      report('grants', mutants, await survivors(mutants, notices));
    });
  }, 120_000);
});

describe('keys', () => {
  it('between tables never reach another business, and every one without its business is noticed', async () => {
    await undone(client, async () => {
      const keys = await tenantForeignKeys(client);
      const failures: string[] = [];
      for (const key of keys) failures.push(...(await foreignKeyFailures(client, key, world.ids)));
      expect(failures).toEqual([]);

      const mutants = await foreignKeyMutants(client);
      const notices = async ({ name, table }: Mutant): Promise<boolean> => {
        const key = keys.find((candidate) => candidate.name === name && candidate.table === table);
        return key !== undefined && (await foreignKeyFailures(client, key, world.ids)).length > 0;
      };
      report('foreign keys', mutants, await survivors(mutants, notices));
    });
  }, 60_000);

  it('that are unique never notice another business, and every one without its business is noticed', async () => {
    await undone(client, async () => {
      await leaveOnlyRowSecurity(client, world.ids);
      const failures: string[] = [];
      for (const table of tenantTables.filter((name) => name !== 'businesses')) {
        failures.push(...(await uniqueKeyFailures(client, table, world.ids)));
      }
      expect(failures).toEqual([]);

      const mutants = await uniqueKeyMutants(client);
      const notices = async ({ table }: Mutant): Promise<boolean> =>
        (await uniqueKeyFailures(client, table, world.ids)).length > 0;
      report('unique keys', mutants, await survivors(mutants, notices));
    });
  }, 60_000);
});

describe('the generator', () => {
  it('splits only the AND of the outermost level', () => {
    expect(andTerms('((a = 1) AND (NOT b))')).toEqual(['(a = 1)', '(NOT b)']);
    expect(andTerms('(a = ANY (f()))')).toEqual(['a = ANY (f())']);
    expect(andTerms('((a AND b) OR c)')).toEqual(['(a AND b) OR c']);
  });

  it('leaves the database as it found it', async () => {
    expect(await undone(client, () => attempt(client, 'select from touchline.customers'))).toMatchObject({
      outcome: 'rows:6',
    });
    expect(await privilegeDifferences(client)).toEqual([]);
  });
});
