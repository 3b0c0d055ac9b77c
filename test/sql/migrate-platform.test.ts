// What a plain Postgres gets of Supabase: on a server of its own, because roles belong to the whole server.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate/index.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../src/embedded/index.ts';
import { temporaryFolder } from '../support/test-server.ts';
import { connected, type PlantedSource, plantSource } from './migrate-source.ts';

let folder: string;
let server: EmbeddedPostgres;
let source: PlantedSource;

const urlOf = (database: string, user?: string): string => {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  if (user !== undefined) [url.username, url.password] = [user, 'owner'];
  return url.href;
};
const asAdmin = (sql: string) => connected(server.url, (client) => client.query(sql));
const run = (url: string, say: (line: string) => void = () => undefined) =>
  connected(url, (client) => migrate(client, { root: source.root, say }));
const claims = JSON.stringify({ sub: '018f0000-0000-7000-8000-000000000001', role: 'authenticated' });
const identity = async (client: pg.Client) => {
  await client.query(
    `begin; set local role authenticated; set local "request.jwt.claims" = ${pg.escapeLiteral(claims)}`,
  );
  const { rows } = await client.query(
    "select current_user::text, auth.uid(), auth.role(), auth.jwt() ->> 'sub' as sub",
  );
  await client.query('rollback');
  return rows[0];
};
const signedIn = {
  current_user: 'authenticated',
  uid: '018f0000-0000-7000-8000-000000000001',
  role: 'authenticated',
  sub: '018f0000-0000-7000-8000-000000000001',
};

beforeAll(async () => {
  folder = mkdtempSync(join(temporaryFolder(), 'touchline-platform-'));
  // mkdtemp makes a folder for its owner alone; the server's account must pass through it.
  chmodSync(folder, 0o711);
  server = await startEmbedded({ dataDir: join(folder, 'data'), durable: false });
  source = plantSource();
});
afterAll(async () => {
  await server.stop();
  source.dispose();
  rmSync(folder, { recursive: true, force: true });
});

// The tests are in this order: the first finds the server without our roles, the later ones with or without some.
test('an owner without superuser makes the roles, may act as them, and is told what it could not give', async () => {
  await asAdmin("create role shop_owner login createrole password 'owner'");
  await asAdmin('create database shop owner shop_owner');
  const said: string[] = [];
  const report = await run(urlOf('shop', 'shop_owner'), (line) => void said.push(line));
  expect(report.platformCreated).toBe(true);
  expect(said.join('\n')).toMatch(
    /service_role could not be given BYPASSRLS by shop_owner.*alter role service_role bypassrls/,
  );
  expect(await connected(urlOf('shop', 'shop_owner'), identity)).toEqual(signedIn);
  expect((await run(urlOf('shop', 'shop_owner'))).platformCreated).toBe(false);
});

test('an owner who may not become roles that somebody else made is told what to grant', async () => {
  await asAdmin("create role other_owner login password 'owner'");
  await asAdmin('create database other owner other_owner');
  const refusal = run(urlOf('other', 'other_owner'));
  await expect(refusal).rejects.toMatchObject({ name: 'MigrateFailed', code: '42501', file: 'sql/platform/plain.sql' });
  await expect(refusal).rejects.toThrow('As a superuser: grant anon to other_owner;');
  for (const role of ['anon', 'authenticated', 'service_role']) await asAdmin(`grant ${role} to other_owner`);
  expect((await run(urlOf('other', 'other_owner'))).platformCreated).toBe(true);
  expect(await connected(urlOf('other', 'other_owner'), identity)).toEqual(signedIn);
});

test('many databases of one server may be made at the same moment, each making the roles', async () => {
  const names = Array.from({ length: 8 }, (_, index) => `at_once_${index}`);
  await connected(server.url, async (admin) => {
    await admin.query('drop database shop with (force)');
    await admin.query('drop database other with (force)');
    await admin.query('drop role anon, authenticated, service_role, touchline_worker');
    for (const name of names) await admin.query(`create database ${name} template template0`);
  });
  const reports = await Promise.all(names.map((name) => run(urlOf(name))));
  expect(reports.every(({ platformCreated, applied }) => platformCreated && applied.length === 2)).toBe(true);
  const { rows } = await asAdmin("select rolbypassrls from pg_catalog.pg_roles where rolname = 'service_role'");
  expect(rows).toEqual([{ rolbypassrls: true }]);
  expect(await connected(urlOf('at_once_7'), identity)).toEqual(signedIn);
});

test("a database that has Supabase's auth.uid() keeps it as it is", async () => {
  await asAdmin('create database hosted template template0');
  await connected(urlOf('hosted'), (client) =>
    client.query("create schema auth; create function auth.uid() returns uuid language sql as 'select null::uuid'"),
  );
  expect((await run(urlOf('hosted'))).platformCreated).toBe(false);
  const { rows } = await connected(urlOf('hosted'), (client) =>
    client.query(
      "select pg_catalog.to_regprocedure('auth.jwt()') as jwt, prosrc from pg_catalog.pg_proc where proname = 'uid'",
    ),
  );
  expect(rows).toEqual([{ jwt: null, prosrc: 'select null::uuid' }]);
});
