// The database restarts under a worker, in order (fast) and by a crash (immediate), while messages are under way and while it claims.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate/index.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../src/embedded/index.ts';
import { processIdentity } from '../../src/embedded/process-identity.ts';
import { createAcceptanceLog } from '../support/acceptance-log.ts';
import { temporaryFolder } from '../support/test-server.ts';
import { addDuePeople } from './people.ts';
import { type PostOffice, postOffice } from './post-office.ts';
import { expectSound, launchWork, statesIn, type WorkProcess } from './program.ts';

let folder: string;
let server: EmbeddedPostgres;
let office: PostOffice;
let worker: WorkProcess;

/** One connection for `use`, as a restart ends every other one. */
async function onDatabase<T>(use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

// What pg_ctl restart does: `fast` is SIGINT, `immediate` SIGQUIT, which leaves everything to recovery.
const signals = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

async function restart(mode: keyof typeof signals): Promise<void> {
  const before = server;
  const identity = processIdentity(before.pid);
  process.kill(before.pid, signals[mode]);
  while (identity !== null && processIdentity(before.pid) === identity) await passing(10);
  server = await startEmbedded({ dataDir: before.dataDir });
  await before.stop();
  expect(server.url).toBe(before.url);
}

beforeEach(async () => {
  folder = mkdtempSync(join(temporaryFolder(), 'touchline-restart-'));
  chmodSync(folder, 0o711);
  server = await startEmbedded({ dataDir: join(folder, 'data') });
  await onDatabase(async (client) => {
    // Its clock could be set; nobody does, but the invariants are asked about the moment now.
    await migrate(client, { virtualClock: true });
    await createAcceptanceLog(client);
  });
  office = await postOffice();
}, 120_000);
afterEach(async () => {
  worker.child.kill('SIGKILL');
  await worker.ended;
  office.release();
  await office.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

async function expectEverybodyOnce(addresses: readonly string[]): Promise<void> {
  const states = (): Promise<unknown> => onDatabase(statesIn);
  await expect.poll(states, { timeout: 90_000, interval: 250 }).toEqual({ sent: addresses.length });
  expect(office.taken.toSorted()).toEqual(addresses.toSorted());
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
  await onDatabase((client) => expectSound(client, office));
}

test.each(['fast', 'immediate'] as const)(
  'a restart (%s) while messages are under way: what became of them is settled afterwards',
  async (mode) => {
    const addresses = await onDatabase((client) => addDuePeople(client, 20));
    office.hold();
    worker = launchWork(server.url, office, 8);
    await office.holding(5);
    await restart(mode);
    office.release();
    await expectEverybodyOnce(addresses);
  },
  240_000,
);

test('restarts in the midst of claims and settles: nothing is lost, nobody is written to twice', async () => {
  const addresses = await onDatabase((client) => addDuePeople(client, 150));
  worker = launchWork(server.url, office, 8);
  for (const [count, mode] of [
    [20, 'immediate'],
    [60, 'fast'],
    [100, 'immediate'],
  ] as const) {
    await office.took(count);
    await restart(mode);
  }
  await expectEverybodyOnce(addresses);
  expect(worker.text()).toMatch(/The worker goes on trying/);
}, 240_000);
