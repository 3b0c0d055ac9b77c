// The SQL of a run as text that psql can execute, for people who apply changes themselves.
import pg, { type ClientBase } from 'pg';
import { compareCode } from './code.ts';
import { ledgerDefinition, pendingMigrations, readLedger } from './ledger.ts';
import { hasPlatform } from './platform.ts';
import { type MigrationFile, packageRoot, readSource, type Source, type SourceText } from './source.ts';
import { codeMigrationText } from './supabase-code.ts';

const transaction = (path: string, ...texts: string[]): string =>
  [`-- ${path}`, 'begin;', ...texts.map((text) => text.trim()), 'commit;', ''].join('\n');

const ledgerRow = ({ version, name, text }: MigrationFile): string =>
  `insert into supabase_migrations.schema_migrations (version, statements, name)
values (${pg.escapeLiteral(version)}, array[${pg.escapeLiteral(text)}], ${pg.escapeLiteral(name)});`;

interface Plan {
  platform: SourceText | undefined;
  migrations: MigrationFile[];
  code: boolean;
}

async function planFor(client: ClientBase, source: Source): Promise<Plan> {
  const change = await compareCode(client, source);
  return {
    platform: (await hasPlatform(client)) ? undefined : source.platform,
    migrations: pendingMigrations(source.migrations, await readLedger(client)),
    code: change.state !== 'newer' && change.stale,
  };
}

/**
 * The SQL that `migrate` would run; executed with psql it leaves the same state, ledger and checksums included.
 * @param client the database to compare with; without one, everything that an empty plain Postgres needs
 * @throws MigrateRefused as `migrate` would for a changed migration
 */
export async function printMigrations(client?: ClientBase, root: string = packageRoot): Promise<string> {
  const source = readSource(root);
  const everything: Plan = { platform: source.platform, migrations: source.migrations, code: true };
  const plan = client === undefined ? everything : await planFor(client, source);
  const ledger = plan.migrations.length > 0 ? [transaction('ledger', ledgerDefinition)] : [];
  return [
    ...(plan.platform === undefined ? [] : [transaction(plan.platform.path, plan.platform.text)]),
    ...ledger,
    ...plan.migrations.map((file) => transaction(file.path, file.text, ledgerRow(file))),
    ...(plan.code ? [transaction('sql/', codeMigrationText(source))] : []),
  ].join('\n');
}
