// Brings the database up to date, or says what that would do.
import { type Command, Option } from 'commander';
import {
  type InstallationStatus,
  type MigrateReport,
  migrate,
  migrationStatus,
  printMigrations,
} from '../../db/migrate/index.ts';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { describeReport, withOwner } from '../database.ts';
import type { Answer, Cli, Perform } from '../perform.ts';
import { usage } from '../problem.ts';
import { table } from '../table.ts';
import { counted } from '../words.ts';

interface MigrateOptions {
  status?: boolean;
  print?: boolean;
  with?: string;
  virtualClock?: boolean;
}

const extras = ['seed-due-indexes'];

function codeLine({ code }: InstallationStatus): string {
  const build = `code build ${code.packageBuild}`;
  if (code.state === 'current') return `${build} is applied`;
  if (code.state === 'absent') return `${build} is not applied yet`;
  if (code.state === 'newer')
    return `code build ${code.appliedBuild} is applied, newer than build ${code.packageBuild} of this program`;
  return `${build} is to be applied: ${counted(code.changed.length, 'file')} changed, ${code.vanished.length} gone`;
}

async function showStatus({ open, paint }: Cli): Promise<Answer> {
  const { pool } = await open('any');
  const status = await withOwner(pool, (client) => migrationStatus(client));
  const rows = table(
    status.migrations,
    [
      { title: 'version', value: ({ version }) => version },
      { title: 'migration', value: ({ name }) => name },
      { title: 'state', value: ({ state }) => state },
    ],
    (titles) => paint('bold', titles),
    'No migrations.',
  );
  const pending = status.migrations.filter(({ state }) => state === 'pending').length;
  const lines = [
    rows,
    '',
    `${counted(pending, 'migration')} pending; ${codeLine(status)}.`,
    ...(status.virtualClock ? ['This database takes a virtual clock (demo, tests).'] : []),
    ...(status.seedDueIndexes.length > 0 ? [`Optional due indexes: ${status.seedDueIndexes.join(', ')}.`] : []),
  ];
  const { migrations, code, virtualClock, seedDueIndexes } = status;
  const document = {
    migrations,
    pending,
    code: {
      state: code.state,
      changed: code.changed,
      vanished: code.vanished,
      package_build: code.packageBuild,
      applied_build: code.appliedBuild,
    },
    virtual_clock: virtualClock,
    seed_due_indexes: seedDueIndexes,
  };
  return { text: lines.join('\n'), document };
}

// The embedded database is brought up to date by every command, so there is nothing in it to compare with.
async function printSql({ config, open, say }: Cli): Promise<Answer> {
  if (config.databaseUrl === undefined) {
    say(
      'No database is named: this is everything an empty Postgres needs. With DATABASE_URL, only what that one lacks.',
    );
    const sql = await printMigrations();
    return { text: sql, document: { sql } };
  }
  const { pool } = await open('any');
  const sql = await withOwner(pool, (client) => printMigrations(client));
  if (sql === '') say('Nothing is pending.');
  return { text: sql, document: { sql } };
}

function reportDocument(report: MigrateReport): Record<string, unknown> {
  return {
    applied: report.applied,
    platform_created: report.platformCreated,
    code: report.code,
    code_files: report.codeFiles,
    package_build: report.packageBuild,
    applied_build: report.appliedBuild,
    seed_due_indexes_created: report.seedDueIndexesCreated,
  };
}

async function run({ open, say }: Cli, options: MigrateOptions): Promise<Answer> {
  const { pool } = await open('any');
  const report = await withOwner(pool, (client) =>
    migrate(client, {
      say,
      virtualClock: options.virtualClock === true,
      withSeedDueIndexes: options.with !== undefined,
    }),
  );
  const created = report.seedDueIndexesCreated;
  const lines = [
    describeReport(report) ?? 'Nothing to do: the database is up to date.',
    ...(created.length > 0 ? [`Made ${created.join(', ')}.`] : []),
  ];
  return { text: lines.join('\n'), document: reportDocument(report) };
}

function readExtra(value: string): string {
  if (extras.includes(value)) return value;
  throw usage(`There is nothing called ${value} to add.${didYouMean(value, extras)}`, `Known: ${extras.join(', ')}.`);
}

export function addMigrate(parent: Command, perform: Perform): void {
  parent
    .command('migrate')
    .description('bring the database up to date; running it twice changes nothing')
    .addOption(new Option('--status', 'only show what is applied and what is pending').conflicts(['print', 'with']))
    .addOption(new Option('--print', 'only print the SQL, for psql').conflicts(['with']))
    .option('--with <extra>', 'also make something optional: seed-due-indexes (costs throughput; it says how much)')
    .addOption(
      new Option(
        '--virtual-clock',
        'let the new, empty database take a clock from outside (demo, tests); it never sends to anybody',
      ).conflicts(['status', 'print']),
    )
    .action(
      perform(async (cli, options: MigrateOptions) => {
        if (options.status) return showStatus(cli);
        if (options.print) return printSql(cli);
        const extra = options.with === undefined ? {} : { with: readExtra(options.with) };
        return run(cli, { ...options, ...extra });
      }),
    );
}
