// A database that is brought up to date while a worker sends: every function is dropped and made anew under it, again and again.
// Nothing is sent twice, nothing is lost, and the worker goes on by itself.
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from '../../src/db/migrate/index.ts';
import { work } from '../../src/worker/loop.ts';
import { later, openWorld, type World } from '../engine/world.ts';
import { expectInvariants } from '../support/invariants.ts';

const people = 60;
const times = 3;
const slots = 2;

let world: World;

beforeEach(async () => {
  world = await openWorld('upgrade');
});
afterEach(() => world.close());

/** Applies all code, as the first run of another build does. */
async function upgrade(client: pg.Client): Promise<number> {
  await client.query("update touchline.code_files set checksum = 'of another build'");
  const { code, codeFiles } = await migrate(client, { virtualClock: true });
  expect(code).toBe('applied');
  return codeFiles.length;
}

it('goes on while the code under it is exchanged', async () => {
  const business = await world.business({ touches: [{ channel: 'email', delay_hours: 24 }] });
  for (let index = 0; index < people; index += 1) await business.completeJob({ external_id: `c-${index}` });
  world.at(later(world.now, 24));
  let release: () => void = () => undefined;
  const upgraded = new Promise<void>((resolve) => {
    release = resolve;
  });
  // The last ones stay under way until the code was exchanged for the last time.
  world.provider(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (world.acceptances.length >= people - slots) await upgraded;
    return undefined;
  });
  const stop = new AbortController();
  const running = work(world.engine, { signal: stop.signal, slots });
  await expect.poll(() => world.acceptances.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const client = new pg.Client({ connectionString: world.database.url });
  await client.connect();
  try {
    for (let time = 0; time < times; time += 1) expect(await upgrade(client)).toBeGreaterThan(100);
    expect(world.acceptances.length).toBeLessThan(people);
    release();
    await expect.poll(() => world.acceptances.length, { timeout: 60_000 }).toBe(people);
  } finally {
    release();
    stop.abort();
    await running;
    await client.end();
  }
  expect(new Set(world.acceptances.map(({ recipient }) => recipient)).size).toBe(people);
  await expectInvariants(world.database, { now: world.now });
}, 120_000);
