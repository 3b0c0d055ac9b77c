// Whether the schema in the database is the one this program was made for.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { catalogSnapshot } from '../catalog-snapshot.ts';
import { surfaceDifferences } from '../functions.ts';
import { type InstallationStatus, migrationStatus } from '../migrate/index.ts';
import { packageRoot } from '../migrate/source.ts';
import { readServer } from '../read/server.ts';
import { type Finding, judge } from './finding.ts';

const snapshotPath = 'sql/schema.snapshot.sql';
// Other versions print some expressions differently.
const snapshotMajor = 17;
const shownDifferences = 10;

const changedByHand = 'Somebody changed the schema by hand. Undo that, or put it into a schema of your own.';

// The check of indexes tells these, with the statement that makes them.
const missingIndex = /^The database lacks: CREATE (?:UNIQUE )?INDEX /;

const optional = /\bidx_enrollments_touch_[1-4]_due\b/;

function linesOf(snapshot: string): Set<string> {
  return new Set(snapshot.split('\n').filter((line) => line !== '' && !line.startsWith('-- ')));
}

/** What is in the database and not in the package, and the other way round; one sentence each. */
export function compareCatalog(live: string, expected: string): string[] {
  const [there, wanted] = [linesOf(live), linesOf(expected)];
  const extra = [...there].filter((line) => !wanted.has(line) && !optional.test(line));
  const missing = [...wanted].filter((line) => !there.has(line));
  return [
    ...missing.map((line) => `The database lacks: ${line}`),
    ...extra.map((line) => `The database has, and this version does not: ${line}`),
  ];
}

async function checkCatalog(client: ClientBase): Promise<Finding> {
  const check = 'catalog';
  const { major, version } = await readServer(client);
  if (major !== snapshotMajor) {
    const detail = `Not compared: the expected catalog is written on PostgreSQL ${snapshotMajor}, and this is ${version}.`;
    return { check, state: 'ok', detail, fix: '' };
  }
  const expected = readFileSync(join(packageRoot, snapshotPath), 'utf8');
  const differences = compareCatalog(await catalogSnapshot(client), expected).filter(
    (line) => !missingIndex.test(line),
  );
  const more = differences.length - shownDifferences;
  const shown = [...differences.slice(0, shownDifferences), ...(more > 0 ? [`And ${more} more.`] : [])];
  return judge(check, 'Tables, functions, policies and grants are those of this version.', shown, changedByHand);
}

function judgeStatus({ migrations, code, virtualClock, seedDueIndexes }: InstallationStatus): Finding[] {
  const named = (state: string): string[] =>
    migrations.filter((migration) => migration.state === state).map(({ name }) => name);
  const pending = named('pending').map((name) => `The migration ${name} is pending.`);
  const changed = named('changed').map((name) => `The migration ${name} was changed after it had been applied.`);
  const stale =
    code.state === 'absent' || code.state === 'changed' ? ['The functions are those of another build.'] : [];
  const findings = [
    judge(
      'schema',
      `All migrations and code build ${code.appliedBuild} are applied.`,
      [...pending, ...stale],
      'Run touchline migrate.',
    ),
    ...(changed.length > 0 ? [judge('schema', '', changed, 'Restore the files as they were released.')] : []),
  ];
  if (code.state === 'newer') {
    const detail = `The code is of build ${code.appliedBuild}, newer than build ${code.packageBuild} of this program.`;
    findings.push({ check: 'schema', state: 'warning', detail, fix: 'Update this installation of touchline.' });
  }
  if (virtualClock) {
    const detail = 'This database takes a virtual clock: it is for demo and tests, and nobody is written to from it.';
    findings.push({ check: 'clock', state: 'ok', detail, fix: '' });
  }
  if (seedDueIndexes.length > 0) {
    const detail = `The optional indexes ${seedDueIndexes.join(', ')} are there: they cost about 45 % of the settle throughput.`;
    const fix = 'Drop them when your own queries do not need them; Touchline never reads them.';
    findings.push({ check: 'indexes', state: 'warning', detail, fix });
  }
  return findings;
}

/**
 * @returns findings, and whether the schema is there and current, so that further checks make sense
 */
export async function checkSchema(client: ClientBase): Promise<{ findings: Finding[]; current: boolean }> {
  const status = await migrationStatus(client);
  const findings = judgeStatus(status);
  const current = status.code.state === 'current' && status.migrations.every(({ state }) => state !== 'pending');
  if (!current) return { findings, current };
  const surface = judge(
    'functions',
    'Every function this program calls is there.',
    await surfaceDifferences(client),
    changedByHand,
  );
  return { findings: [...findings, surface, await checkCatalog(client)], current };
}
