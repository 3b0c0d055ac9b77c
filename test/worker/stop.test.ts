// `touchline work` is told to stop, or killed, while messages are under way: nothing is lost and nobody is written to twice.
import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { engineStore } from '../../src/db/engine/store.ts';
import { createAcceptanceLog } from '../support/acceptance-log.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { addDuePeople } from './people.ts';
import { type PostOffice, postOffice } from './post-office.ts';
import { expectSound, launchWork, statesIn, type WorkProcess } from './program.ts';

let database: TestDatabase;
let client: pg.PoolClient;
let office: PostOffice;
let started: WorkProcess[];
let addresses: string[];

beforeEach(async () => {
  // Its clock can be given to the reconciler below; the worker asks for none, and has the server's.
  database = await testDatabase({ name: 'worker_stop', virtualClock: true });
  client = await database.pool.connect();
  await createAcceptanceLog(client);
  addresses = await addDuePeople(client, 30);
  office = await postOffice();
  started = [];
});
afterEach(async () => {
  for (const { child, ended } of started) {
    child.kill('SIGKILL');
    await ended;
  }
  office.release();
  await office.close();
  client.release();
  await database.drop();
});

function work(): WorkProcess {
  const process = launchWork(database.url, office, 8);
  started.push(process);
  return process;
}

test('SIGTERM: no further claim, what is under way is taken and settled, and the next worker does the rest', async () => {
  office.hold();
  const first = work();
  await office.holding(5);
  first.child.kill('SIGTERM');
  await first.says(/Stopping/);
  office.release();
  expect(await first.ended).toBe(0);

  const after = await statesIn(client);
  expect(Object.keys(after).filter((state) => state !== 'retry')).toEqual(['sent']);
  expect(after.sent).toBe(office.taken.length);
  expect(office.taken.length).toBeLessThanOrEqual(8);
  const { rows } = await client.query<{ open: number; tried: number }>(
    `select count(*) filter (where claim_id is not null)::integer as open,
       count(*) filter (where attempts > 0)::integer as tried from touchline.touch_queue`,
  );
  expect(rows).toEqual([{ open: 0, tried: 0 }]);

  const second = work();
  await office.took(addresses.length);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  expect(office.taken.toSorted()).toEqual(addresses.toSorted());
  expect(await statesIn(client)).toEqual({ sent: addresses.length });
  await expectSound(client, office);
}, 120_000);

test('a second signal ends it at once', async () => {
  office.hold();
  const impatient = work();
  await office.holding(5);
  impatient.child.kill('SIGTERM');
  await impatient.says(/Stopping/);
  // The two signals of one key press are one; those after it count.
  const again = async (): Promise<boolean> => {
    impatient.child.kill('SIGTERM');
    return impatient.child.exitCode !== null;
  };
  await expect.poll(again, { timeout: 20_000 }).toBe(true);
  expect(await impatient.ended).toBe(1);
  expect(impatient.text()).toMatch(/Second SIGTERM: ending at once/);
  expect(office.taken).toEqual([]);
}, 120_000);

test('SIGKILL: what was under way is unknown, presumed sent in the end, and never sent again by itself', async () => {
  office.hold();
  const killed = work();
  await office.holding(5);
  killed.child.kill('SIGKILL');
  expect(await killed.ended).toBe('SIGKILL');
  const open = (await statesIn(client)).sending ?? 0;
  expect(open).toBeGreaterThanOrEqual(5);
  office.release();

  const next = work();
  await expect
    .poll(() => statesIn(client), { timeout: 60_000 })
    .toEqual({ sending: open, sent: addresses.length - open });
  next.child.kill('SIGTERM');
  expect(await next.ended).toBe(0);

  const store = engineStore(database.pool);
  const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);
  await store.reconcile(100, inDays(1));
  expect(await statesIn(client)).toEqual({ unknown: open, sent: addresses.length - open });
  await store.reconcile(100, inDays(2));
  expect(await statesIn(client)).toEqual({ presumed_sent: open, sent: addresses.length - open });
  // Of those under way the server took what had arrived whole; of the rest nothing was taken. Nobody got two.
  expect(new Set(office.taken).size).toBe(office.taken.length);
}, 120_000);
