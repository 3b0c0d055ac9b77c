// Supabase's own ledger, so that `supabase migration list`, `supabase db push` and this runner agree on one history.
import type { ClientBase } from 'pg';
import { migrationChecksum } from './canonical.ts';
import { MigrateRefused } from './problem.ts';
import type { MigrationFile } from './source.ts';

export interface LedgerRow {
  version: string;
  name: string | null;
  statements: string[] | null;
}

type MigrationState = 'applied' | 'pending' | 'changed' | 'unknown';

export interface MigrationStatus {
  /** As in the ledger, or as the file says while it is pending. */
  version: string;
  name: string;
  state: MigrationState;
}

/** What Supabase's CLI creates, too. */
export const ledgerDefinition = `
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (version text primary key, statements text[], name text);`;

// Ledgers of 2023 have the version only.
const complete = `
  alter table supabase_migrations.schema_migrations
    add column if not exists statements text[], add column if not exists name text;`;

const columnCount = `
  select count(*)::int as columns from pg_catalog.pg_attribute
  where attrelid = pg_catalog.to_regclass('supabase_migrations.schema_migrations')
    and attname in ('version', 'statements', 'name') and not attisdropped`;

/** Makes the ledger where there is none; asks for no privilege where there is one. */
export async function ensureLedger(client: ClientBase): Promise<void> {
  const columns = (await client.query<{ columns: number }>(columnCount)).rows[0]?.columns ?? 0;
  if (columns === 0) await client.query(ledgerDefinition);
  else if (columns < 3) await client.query(complete);
}

/** All rows by version; none when there is no ledger yet. */
export async function readLedger(client: ClientBase): Promise<LedgerRow[]> {
  const columns = (await client.query<{ columns: number }>(columnCount)).rows[0]?.columns ?? 0;
  if (columns < 3) return [];
  const result = await client.query<LedgerRow>(
    'select version, name, statements from supabase_migrations.schema_migrations order by version',
  );
  return result.rows;
}

/** Records a migration as one statement: the whole file, as it was run. */
export async function recordMigration(client: ClientBase, file: MigrationFile): Promise<void> {
  await client.query(
    'insert into supabase_migrations.schema_migrations (version, statements, name) values ($1, array[$2], $3)',
    [file.version, file.text, file.name],
  );
}

// A Supabase project has a history of its own, in which a name like create_customers is likely: a row of that name is
// ours under our own version, or when what it ran was about our schema, or when nothing was recorded that could tell.
function isRowOf(row: LedgerRow, file: MigrationFile): boolean {
  if (row.name !== file.name) return false;
  const text = row.statements?.join('\n') ?? '';
  return row.version === file.version || text === '' || /\btouchline\b/.test(text);
}

function isChanged(row: LedgerRow, file: MigrationFile): boolean {
  if (row.statements === null || row.statements.length === 0) return false;
  return migrationChecksum(row.statements) !== file.checksum;
}

/** Compares files with the ledger. `unknown` are rows without a file: the project's own, or of a newer Touchline. */
export function compareLedger(files: readonly MigrationFile[], rows: readonly LedgerRow[]): MigrationStatus[] {
  const claimed = new Set<LedgerRow>();
  const ours = files.map((file): MigrationStatus => {
    const row = rows.find((candidate) => isRowOf(candidate, file));
    if (row === undefined) return { version: file.version, name: file.name, state: 'pending' };
    claimed.add(row);
    return { version: row.version, name: file.name, state: isChanged(row, file) ? 'changed' : 'applied' };
  });
  const others = rows
    .filter((row) => !claimed.has(row))
    .map((row): MigrationStatus => {
      const name = row.name ?? '';
      return { version: row.version, name, state: /^touchline_code_\d+$/.test(name) ? 'applied' : 'unknown' };
    });
  return [...ours, ...others].toSorted((a, b) => (a.version < b.version ? -1 : 1));
}

/**
 * The files that are still to run, in order.
 * @throws MigrateRefused `migration_changed`, `migration_version_taken`
 */
export function pendingMigrations(files: readonly MigrationFile[], rows: readonly LedgerRow[]): MigrationFile[] {
  const status = compareLedger(files, rows);
  const named = (name: string): MigrationStatus | undefined =>
    status.find((entry) => entry.name === name && entry.state !== 'unknown');
  for (const file of files) {
    const entry = named(file.name);
    if (entry?.state === 'changed') {
      throw new MigrateRefused(
        'migration_changed',
        `${file.path} was changed after it had been applied here (ledger version ${entry.version}). Nothing was changed. ` +
          'Restore the file as it was released, and put the change into a new migration; in a Supabase project, ' +
          `restore the copy in supabase/migrations/${entry.version}_${file.name}.sql as well.`,
      );
    }
  }
  const pending = files.filter((file) => named(file.name)?.state === 'pending');
  for (const file of pending) {
    const taken = rows.find((row) => row.version === file.version);
    if (taken !== undefined) {
      throw new MigrateRefused(
        'migration_version_taken',
        `The ledger has version ${file.version} for ${taken.name ?? 'a migration without a name'}, so ${file.path} cannot be ` +
          'recorded. Copy our files into the project under versions of its own (touchline init --supabase) and push them.',
      );
    }
  }
  return pending;
}
