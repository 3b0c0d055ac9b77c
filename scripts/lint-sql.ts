// Lints the migrations with squawk. The files of the first release create the tables they then constrain, and index
// tables that cannot be large yet, so the rules about locking a filled table only hold for every later file.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const folder = 'supabase/migrations';
const lastOfFirstRelease = '20261126169999';
const rulesForFilledTables = [
  'adding-field-with-default',
  'adding-foreign-key-constraint',
  'constraint-missing-not-valid',
  'require-concurrent-index-creation',
  'require-concurrent-index-deletion',
];

// squawk's --exclude replaces the list of its configuration file instead of adding to it.
function configuredExclusions(): string[] {
  const list = /^excluded_rules = \[(.*?)^\]/ms.exec(readFileSync('.squawk.toml', 'utf8'))?.[1] ?? '';
  return [...list.matchAll(/^\s*"([a-z-]+)"/gm)].map((match) => match[1] ?? '');
}

function squawk(names: string[], excluded: string[]): number {
  if (names.length === 0) return 0;
  const files = names.map((name) => `${folder}/${name}`);
  return spawnSync('squawk', [`--exclude=${excluded.join(',')}`, ...files], { stdio: 'inherit' }).status ?? 1;
}

const migrations = readdirSync(folder).filter((name) => name.endsWith('.sql'));
const exclusions = configuredExclusions();
const first = migrations.filter((name) => name <= lastOfFirstRelease);
const later = migrations.filter((name) => name > lastOfFirstRelease);
process.exitCode = Math.max(squawk(first, [...exclusions, ...rulesForFilledTables]), squawk(later, exclusions));
