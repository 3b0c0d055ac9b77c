// `touchline doctor`: looks at server, schema, walls and businesses, and says what is wrong and how to mend it.
import type { Command } from 'commander';
import type { Config } from '../../config.ts';
import { checkConnections } from '../../db/doctor/connections.ts';
import { checkDueWork } from '../../db/doctor/due-work.ts';
import { type Finding, judge } from '../../db/doctor/finding.ts';
import { checkIndexes } from '../../db/doctor/indexes.ts';
import { checkInvariants } from '../../db/doctor/invariants.ts';
import { checkSchema } from '../../db/doctor/schema.ts';
import { checkServer } from '../../db/doctor/server.ts';
import { checkSnapshots } from '../../db/doctor/snapshots.ts';
import { checkVacuum } from '../../db/doctor/vacuum.ts';
import { checkWalls } from '../../db/doctor/walls.ts';
import { lostRoles, rolesCure } from '../../db/migrate/index.ts';
import { listBusinesses } from '../../db/read/businesses.ts';
import { readSafeMode, wayOut } from '../../db/read/safe-mode.ts';
import type { Business } from '../../generated/rows.ts';
import { type Database, withOwner } from '../database.ts';
import { missingSettings } from '../describe-business.ts';
import { generationSeen } from '../memory.ts';
import type { Cli, Perform } from '../perform.ts';
import { describe, exit, inOneLine } from '../problem.ts';
import { plain } from '../table.ts';
import { counted } from '../words.ts';

// All of a large database takes its time; --since bounds it.
const invariantsTimeoutMs = 300_000;

function judgeBusiness(business: Business): Finding[] {
  return missingSettings(business).map(({ setting, blocks, why, option }) => ({
    check: 'settings',
    state: blocks ? 'warning' : 'ok',
    detail: `${business.name} has no ${setting}: ${why}.`,
    fix: `touchline business set --business ${business.id} ${option}`,
  }));
}

async function checkBusinesses({ run }: Database): Promise<Finding[]> {
  const businesses = await run(listBusinesses);
  const findings = businesses.flatMap(judgeBusiness);
  const none =
    businesses.length === 0
      ? 'There is no business yet.'
      : `Nothing is missing in ${counted(businesses.length, 'business', 'businesses')}.`;
  return findings.length > 0 ? findings : [judge('settings', none, [], '')];
}

/** @param config says where this machine remembers what it has seen of the database */
async function checkSafeMode(database: Database, config: Config): Promise<Finding> {
  const seen = await generationSeen(config, database);
  const safeMode = await database.run((client) => readSafeMode(client, seen));
  const wrong = safeMode === undefined ? [] : [`SAFE MODE, nothing is sent: ${safeMode.reason}`];
  return judge('safe mode', 'This database is the one that was last used.', wrong, wayOut);
}

/** A check that cannot be made is a problem itself, and does not keep the others from being made. */
async function attempt(check: string, work: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await work();
  } catch (error) {
    return [{ check, state: 'problem', detail: `Not checked: ${inOneLine(describe(error))}`, fix: '' }];
  }
}

/** How the database is doing as a machine: what slows it down or will stop it. */
async function examineMachine({ pool, run }: Database): Promise<Finding[]> {
  const checks = {
    snapshots: checkSnapshots,
    autovacuum: checkVacuum,
    indexes: checkIndexes,
    connections: checkConnections,
  };
  const findings = await attempt('worker', () => run(checkDueWork));
  for (const [name, check] of Object.entries(checks)) {
    findings.push(...(await attempt(name, () => withOwner(pool, check))));
  }
  return findings;
}

async function examine(database: Database, config: Config, since: string): Promise<Finding[]> {
  const { pool, embedded, run } = database;
  const findings = await attempt('postgres', async () => [await checkServer(pool, embedded)]);
  if (findings.some(({ state }) => state === 'problem')) return findings;
  const lost = await withOwner(pool, lostRoles);
  // Whatever else is wrong comes of it.
  if (lost !== undefined) return [...findings, judge('roles', '', [lost], rolesCure)];
  const schema = await withOwner(pool, checkSchema);
  findings.push(...schema.findings);
  if (!schema.current) return findings;
  findings.push(...(await attempt('safe mode', async () => [await checkSafeMode(database, config)])));
  findings.push(...(await attempt('walls', () => withOwner(pool, checkWalls))));
  findings.push(...(await examineMachine(database)));
  const patience = { statementTimeoutMs: invariantsTimeoutMs };
  const invariants = async (): Promise<Finding[]> => [await run((client) => checkInvariants(client, since), patience)];
  findings.push(...(await attempt('invariants', invariants)));
  findings.push(...(await attempt('settings', () => checkBusinesses(database))));
  return findings;
}

const colours = { ok: 'green', warning: 'yellow', problem: 'red' } as const;

function line({ check, state, detail, more = [], fix }: Finding, paint: Cli['paint']): string {
  const indent = ' '.repeat(20);
  const advice = fix === '' ? [] : [`${indent}→ ${plain(fix)}`];
  return [
    `${paint(colours[state], state.padEnd(8))} ${check.padEnd(10)} ${plain(detail)}`,
    ...more.map((further) => `${indent}${plain(further)}`),
    ...advice,
  ].join('\n');
}

export function addDoctor(parent: Command, perform: Perform): void {
  parent
    .command('doctor')
    .description('look for what is wrong or missing, and say how to mend it; changes nothing')
    .option('--since <moment>', 'look only at data written since then, like 2026-11-01 (large databases)')
    .action(
      perform(async ({ config, open, paint }, { since = '-infinity' }: { since?: string }) => {
        const database = await open('any');
        const findings = await examine(database, config, since);
        const count = (wanted: Finding['state']): number => findings.filter(({ state }) => state === wanted).length;
        const ok = count('problem') === 0;
        const verdict = `${counted(count('problem'), 'problem')}, ${counted(count('warning'), 'warning')}.`;
        return {
          text: [...findings.map((finding) => line(finding, paint)), verdict].join('\n'),
          document: { ok, checks: findings },
          exitCode: ok ? exit.ok : exit.failed,
        };
      }),
    );
}
