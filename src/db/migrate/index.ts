// Brings a database to the state of this package: platform (plain Postgres only), migrations by ledger, code by checksum.
import type { ClientBase } from 'pg';
import { applyCode, type CodeStatus, compareCode } from './code.ts';
import {
  compareLedger,
  ensureLedger,
  type MigrationStatus,
  pendingMigrations,
  readLedger,
  recordMigration,
} from './ledger.ts';
import { lockedTransaction, withMigrationLock } from './lock.ts';
import { ensurePlatform } from './platform.ts';
import { MigrateRefused } from './problem.ts';
import { refuseLostRoles } from './roles.ts';
import { createSeedDueIndexes, listSeedDueIndexes } from './seed-due-indexes.ts';
import { type MigrationFile, packageRoot, readSource, type Source } from './source.ts';
import { keepingSettings, runFile } from './transaction.ts';

export { printMigrations } from './print.ts';
export { MigrateFailed, MigrateRefused } from './problem.ts';
export { lostRoles, refuseLostRoles, rolesCure } from './roles.ts';

export interface MigrateOptions {
  /** Marks the database so that it may be given a clock (demo, tests). Only for one without schema touchline. */
  virtualClock?: boolean;
  /** Also makes the seed's four partial due indexes. */
  withSeedDueIndexes?: boolean;
  /** Hears what is being done, one line at a time. */
  say?: (line: string) => void;
  /** How long to wait for another run on the same database, in milliseconds. Default 60,000. */
  lockWaitMs?: number;
  /** Folder with `supabase/migrations` and `sql`. Default: this package. */
  root?: string;
}

export interface MigrateReport {
  /** File names of the migrations that ran now, in order. */
  applied: string[];
  platformCreated: boolean;
  /** What became of the code: `unchanged` executed nothing; `older_build` left newer code alone. */
  code: 'applied' | 'unchanged' | 'older_build';
  codeFiles: string[];
  packageBuild: number;
  /** The build of the code in the database after this run. */
  appliedBuild: number;
  seedDueIndexesCreated: string[];
}

export interface InstallationStatus {
  migrations: MigrationStatus[];
  code: CodeStatus;
  virtualClock: boolean;
  /** Which of the seed's optional due indexes exist; each costs throughput. */
  seedDueIndexes: string[];
}

async function isTrue(client: ClientBase, expression: string): Promise<boolean> {
  return (await client.query<{ answer: boolean | null }>(`select (${expression}) as answer`)).rows[0]?.answer === true;
}

const schemaExists = "pg_catalog.to_regnamespace('touchline') is not null";

async function isVirtual(client: ClientBase): Promise<boolean> {
  if (!(await isTrue(client, "pg_catalog.to_regclass('touchline.installation') is not null"))) return false;
  return isTrue(client, 'select virtual_clock from touchline.installation');
}

// A mark on a database that holds people would let somebody send them tomorrow's messages today.
async function refuseVirtualClock(client: ClientBase): Promise<void> {
  if (!(await isTrue(client, schemaExists)) || (await isVirtual(client))) return;
  throw new MigrateRefused(
    'not_empty',
    'This database already holds Touchline, and only an empty one may be given a virtual clock. Nothing was changed. ' +
      'Create another database and run touchline migrate --virtual-clock there.',
  );
}

async function refuseLostSchema(client: ClientBase, source: Source, pending: readonly MigrationFile[]): Promise<void> {
  if (pending.length === source.migrations.length || (await isTrue(client, schemaExists))) return;
  throw new MigrateRefused(
    'schema_missing',
    'The ledger supabase_migrations.schema_migrations says that Touchline was installed here, but schema touchline is gone. ' +
      'Restore it from a backup; or, to begin anew without the old data, delete the rows of our migrations from the ledger.',
  );
}

// File and ledger row are one transaction, and so is the mark of a virtual clock: no crash can leave one without the other.
async function runMigration(client: ClientBase, file: MigrationFile, virtualClock: boolean): Promise<void> {
  await lockedTransaction(client, async () => {
    await runFile(client, file);
    await recordMigration(client, file);
    if (virtualClock && (await isTrue(client, "pg_catalog.to_regclass('touchline.installation') is not null"))) {
      await client.query('update touchline.installation set virtual_clock = true where not virtual_clock');
    }
  });
}

async function runCode(
  client: ClientBase,
  source: Source,
  say: (line: string) => void,
): Promise<Pick<MigrateReport, 'code' | 'codeFiles' | 'appliedBuild'>> {
  const change = await compareCode(client, source);
  if (change.state === 'newer' && change.appliedBuild !== null) {
    say(
      `This database has the code of build ${change.appliedBuild}; this is build ${source.build}, which leaves newer code alone. ` +
        'Update this installation of touchline.',
    );
    return { code: 'older_build', codeFiles: [], appliedBuild: change.appliedBuild };
  }
  if (!change.stale) return { code: 'unchanged', codeFiles: [], appliedBuild: source.build };
  await lockedTransaction(client, async () => {
    await applyCode(client, source, change);
  });
  const codeFiles = [...change.changed, ...change.vanished];
  say(`applied code build ${source.build}: ${codeFiles.length} of ${source.code.length} files changed`);
  return { code: 'applied', codeFiles, appliedBuild: source.build };
}

async function run(client: ClientBase, source: Source, options: MigrateOptions): Promise<MigrateReport> {
  const say = options.say ?? (() => undefined);
  const virtualClock = options.virtualClock === true;
  if (virtualClock) await refuseVirtualClock(client);
  const pending = pendingMigrations(source.migrations, await readLedger(client));
  await refuseLostSchema(client, source, pending);
  await refuseLostRoles(client);
  const platformCreated = await ensurePlatform(client, source, say);
  if (pending.length > 0) await lockedTransaction(client, () => ensureLedger(client));
  for (const file of pending) {
    await runMigration(client, file, virtualClock);
    say(`applied ${file.path}`);
  }
  const code = await runCode(client, source, say);
  const seedDueIndexesCreated = options.withSeedDueIndexes ? await createSeedDueIndexes(client, source, say) : [];
  const applied = pending.map(({ version, name }) => `${version}_${name}.sql`);
  return { applied, platformCreated, ...code, packageBuild: source.build, seedDueIndexesCreated };
}

/**
 * Brings the database to the state of this package. Running it again changes nothing, and any number of processes may run it
 * at once.
 * @param client a connection as the owner, direct or through a session pooler; its settings are kept
 * @throws MigrateRefused when a guard says no (nothing was changed): see RefusalCode
 * @throws MigrateFailed when a file fails; earlier files stay applied, that one leaves nothing
 */
export async function migrate(client: ClientBase, options: MigrateOptions = {}): Promise<MigrateReport> {
  const source = readSource(options.root ?? packageRoot);
  return keepingSettings(client, () =>
    withMigrationLock(client, options.lockWaitMs ?? 60_000, () => run(client, source, options)),
  );
}

/** What is applied, pending, changed or unknown in this database; changes nothing and needs no lock. */
export async function migrationStatus(client: ClientBase, root: string = packageRoot): Promise<InstallationStatus> {
  const source = readSource(root);
  const { state, changed, vanished, packageBuild, appliedBuild } = await compareCode(client, source);
  return {
    migrations: compareLedger(source.migrations, await readLedger(client)),
    code: { state, changed, vanished, packageBuild, appliedBuild },
    virtualClock: await isVirtual(client),
    seedDueIndexes: await listSeedDueIndexes(client),
  };
}
