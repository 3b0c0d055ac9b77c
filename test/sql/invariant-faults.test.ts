// An invariant that nothing can break is decoration: each must find a fault that is planted for it in a world where all is well.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { businessIds } from '../support/invariant-world/businesses.ts';
import { excuses } from '../support/invariant-world/excuses.ts';
import { faultsOfSending } from '../support/invariant-world/faults-of-sending.ts';
import { faultsOfState } from '../support/invariant-world/faults-of-state.ts';
import { worldNow, worldPeople } from '../support/invariant-world/people.ts';
import { plantInvariantWorld } from '../support/invariant-world/plant.ts';
import { expectInvariants } from '../support/invariants.ts';
import { invariantFiles, violations } from '../support/violations.ts';

const faults = [...faultsOfSending, ...faultsOfState];

/** How many other invariants may find a fault besides the one it is planted for. */
const mostOthers = 4;

let database: TestDatabase;
let client: pg.PoolClient;
const found = new Map<string, string[]>();

beforeAll(async () => {
  database = await testDatabase({ name: 'invariant_faults', virtualClock: true });
  client = await database.pool.connect();
  await plantInvariantWorld(client);
});

afterAll(async () => {
  console.log(
    ['fault → invariants that find it', ...[...found].map(([what, names]) => `${what} → ${names.join(', ')}`)].join(
      '\n',
    ),
  );
  client.release();
  await database.drop();
});

const known = new Map<string, string>([
  ...Object.entries(businessIds).flatMap(([name, ids]) =>
    Object.entries(ids).map(([key, id]): [string, string] => [`${name}.${key}`, id]),
  ),
  ...Object.entries(worldPeople).flatMap(([name, { intents, ...ids }]) => [
    ...Object.entries(ids).map(([key, id]): [string, string] => [`${name}.${key}`, id]),
    ...intents.map((id, index): [string, string] => [`${name}.intent${index + 1}`, id]),
  ]),
]);

function withIds(sql: string): string {
  const named = sql.replaceAll(/:(\w+\.\w+)/g, (_, name: string) => {
    const id = known.get(name);
    if (id === undefined) throw new Error(`The world has no :${name}.`);
    return `'${id}'`;
  });
  return named.replaceAll(':now', `'${worldNow.toISOString()}'`);
}

/** The invariants that a fault breaks; it is taken back. */
async function brokenBy(sql: string): Promise<string[]> {
  await client.query('begin');
  try {
    await client.query(withIds(sql));
    const broken = await violations(client, { now: worldNow });
    return [...new Set(broken.map(({ invariant }) => invariant))];
  } finally {
    await client.query('rollback');
  }
}

describe('the world', () => {
  it('breaks no invariant', async () => {
    await expectInvariants(database, { now: worldNow });
  });

  it('has a fault for every invariant', () => {
    const planted = new Set(faults.map(({ breaks }) => breaks));
    expect(invariantFiles.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
  });
});

describe('a planted fault is found, and by few others', () => {
  it.each(faults)('$breaks: $what', async ({ breaks, what, sql }) => {
    const broken = await brokenBy(sql);
    found.set(what, broken);
    expect(broken).toContain(breaks);
    expect(broken.length - 1, `found by ${broken.join(', ')}`).toBeLessThanOrEqual(mostOthers);
  });
});

describe('what is no fault is not called one', () => {
  it.each(excuses)('$what', async ({ sql }) => {
    expect(await brokenBy(sql)).toEqual([]);
  });
});
