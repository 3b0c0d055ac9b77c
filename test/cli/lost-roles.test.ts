// A dump that was restored on a server without the roles: every grant and policy is lost, and a database that looks whole must not
// be worked with, nor called up to date.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbedded } from '../../src/embedded/index.ts';
import { temporaryFolder } from '../support/test-server.ts';
import { document, type Failure, type Program, programOn } from './run.ts';

// Roles are the server's: a server of its own.
let folder: string;
let server: EmbeddedPostgres;
let owner: pg.Client;
let touchline: Program;

beforeAll(async () => {
  folder = mkdtempSync(join(temporaryFolder(), 'touchline-lost-roles-'));
  chmodSync(folder, 0o711);
  server = await startEmbedded({ dataDir: join(folder, 'data'), durable: false });
  owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
  touchline = programOn(server.url);
  expect((await touchline.run(['migrate'])).code).toBe(0);
}, 120_000);
afterAll(async () => {
  await owner.end();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

const roles = ['anon', 'authenticated', 'service_role', 'touchline_worker'];

async function expectRefusal(named: string): Promise<void> {
  const words = `This database lacks what was granted to the roles ${named}, as one does that was restored on a server without them.`;
  const cure = 'Run touchline migrate on an empty database of this server, which makes the roles';
  for (const command of [['migrate'], ['business', 'list'], ['tick']]) {
    const refused = await touchline.run([...command, '--json']);
    expect([refused.code, document<Failure>(refused).error.code]).toEqual([3, 'roles_missing']);
    expect(refused.out).toContain(words);
    expect(refused.out).toContain(cure);
  }
  const doctor = await touchline.run(['doctor']);
  expect(doctor.code).toBe(1);
  expect(doctor.out).toContain(words);
  expect(doctor.out).toContain(cure);
}

test('is told by every command, with the cure, while the roles are missing and when they were made too late', async () => {
  for (const role of roles) await owner.query(`drop owned by ${role}; drop role ${role}`);
  await expectRefusal('anon, authenticated, service_role, touchline_worker');
  for (const role of roles) await owner.query(`create role ${role} nologin`);
  await expectRefusal('authenticated, service_role, touchline_worker');
});

test('is cured by roles that are there before the dump: an empty database makes them', async () => {
  await owner.query('create database ground');
  const ground = new URL(server.url);
  ground.pathname = '/ground';
  expect((await programOn(ground.href).run(['migrate'])).code).toBe(0);
  const { rows } = await owner.query('select rolname from pg_roles where rolname = any ($1) order by 1', [roles]);
  expect(rows.map(({ rolname }) => rolname)).toEqual(roles);
});
