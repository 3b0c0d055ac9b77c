// Proves with the real Supabase CLI that it and our runner keep one history, in both orders. It downloads the CLI (142 MB),
// so it is neither a dependency nor part of `npm test`: run it with `npm run test:supabase`.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from '../src/db/migrate/index.ts';
import { supabaseCodeMigration } from '../src/db/migrate/supabase-code.ts';
import { startEmbedded } from '../src/embedded/index.ts';

const cli = 'supabase@3.1.0';
const root = fileURLToPath(new URL('..', import.meta.url));

class ProofFailed extends Error {}

function expect(what: string, is: unknown, wanted: unknown): void {
  const [actual, expected] = [JSON.stringify(is), JSON.stringify(wanted)];
  if (actual !== expected) throw new ProofFailed(`${what} is ${actual}, should be ${expected}`);
  console.log(`ok      ${what}: ${actual}`);
}

/** A Supabase project that holds our migrations and the generated code file, as `init --supabase` leaves it. */
function makeProject(folder: string): void {
  const migrations = join(folder, 'supabase/migrations');
  mkdirSync(migrations, { recursive: true });
  cpSync(join(root, 'supabase/migrations'), migrations, { recursive: true });
  const { fileName, text } = supabaseCodeMigration('20991231235959');
  writeFileSync(join(migrations, fileName), text);
}

function supabase(project: string, ...args: string[]): string {
  const command = ['exec', '--yes', `--package=${cli}`, '--', 'supabase', ...args, '--workdir', project];
  const environment = { ...process.env, SUPABASE_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
  const run = spawnSync('npm', command, { cwd: project, env: environment, encoding: 'utf8' });
  const said = `${run.stdout}${run.stderr}`;
  if (run.status !== 0) throw new ProofFailed(`supabase ${args.join(' ')} failed (exit ${run.status}):\n${said}`);
  return said;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function ledgerRows(client: pg.Client): Promise<number> {
  const { rows } = await client.query('select count(*)::integer as n from supabase_migrations.schema_migrations');
  return rows[0]?.n;
}

/** A database that looks like a new Supabase project: auth.uid() and the three roles are there, and nothing of ours. */
async function supabaseDatabase(adminUrl: string, name: string): Promise<string> {
  await withClient(adminUrl, (admin) => admin.query(`create database ${name}`));
  const url = adminUrl.replace(/\/touchline(?=\?|$)/, `/${name}`);
  await withClient(url, (client) => client.query(readFileSync(join(root, 'sql/platform/plain.sql'), 'utf8')));
  return url;
}

async function pushThenMigrate(adminUrl: string, project: string): Promise<void> {
  const url = await supabaseDatabase(adminUrl, 'pushed_first');
  supabase(project, 'db', 'push', '--yes', '--db-url', `${url}?sslmode=disable`);
  await withClient(url, async (client) => {
    const rows = await ledgerRows(client);
    const report = await migrate(client, {});
    expect('pushed first: migrations left for our runner', report.applied, []);
    expect('pushed first: the code, for our runner', report.code, 'unchanged');
    expect('pushed first: rows our runner added to the ledger', (await ledgerRows(client)) - rows, 0);
  });
}

async function migrateThenPush(adminUrl: string, project: string): Promise<void> {
  const url = await supabaseDatabase(adminUrl, 'migrated_first');
  await withClient(url, async (client) => {
    await migrate(client, {});
    const rows = await ledgerRows(client);
    const said = supabase(project, 'db', 'push', '--yes', '--db-url', `${url}?sslmode=disable`);
    const applied = [...said.matchAll(/Applying migration (\d{14}_\w+)\.sql/g)].map((match) => match[1]);
    expect(
      'migrated first: migrations left for Supabase besides the code',
      applied.filter((name) => !name?.includes('_touchline_code_')),
      [],
    );
    expect('migrated first: rows Supabase added to the ledger', (await ledgerRows(client)) - rows, applied.length);
    expect('migrated first: the code afterwards, for our runner', (await migrate(client, {})).code, 'unchanged');
  });
  const again = supabase(project, 'db', 'push', '--yes', '--db-url', `${url}?sslmode=disable`);
  expect('migrated first: a second push finds nothing', again.includes('up to date'), true);
}

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'touchline-supabase-'));
  // The server may run under another account than root.
  chmodSync(folder, 0o755);
  const project = join(folder, 'project');
  makeProject(project);
  const server = await startEmbedded({ dataDir: join(folder, 'data'), durable: false });
  try {
    await pushThenMigrate(server.url, project);
    await migrateThenPush(server.url, project);
    return 0;
  } catch (error) {
    if (!(error instanceof ProofFailed)) throw error;
    console.error(`failed  ${error.message}`);
    return 1;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
