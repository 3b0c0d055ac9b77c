// supabase/migrations.sha256: one line per migration. A migration that others may have run never changes: the ledger of
// every database would refuse it. So a line that has landed (on origin's main, or in a release) is never rewritten here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GeneratedFile } from './gen.ts';

export const checksumFile = 'supabase/migrations.sha256';
const root = fileURLToPath(new URL('..', import.meta.url));

/** Reads the list: file name → SHA-256 in hex. */
export function parseChecksums(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

/** The checksums as the files are now. */
export function currentChecksums(folder = join(root, 'supabase/migrations')): Map<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  names.sort();
  const hash = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return new Map(names.map((name) => [name, hash(name)]));
}

function git(repository: string, ...args: string[]): string | undefined {
  const run = spawnSync('git', args, { cwd: repository, encoding: 'utf8' });
  return run.status === 0 ? run.stdout.trim() : undefined;
}

/**
 * The list as it has landed: at the point where this branch left origin's main and at the newest release tag. Empty in a
 * copy without history, where there is nothing to compare with.
 */
export function landedChecksums(repository: string = root): Map<string, string> {
  const branchPoint = git(repository, 'merge-base', 'HEAD', 'origin/main');
  const release = git(repository, 'describe', '--tags', '--abbrev=0', '--match', 'v*');
  const lists = [branchPoint, release].map((point) => git(repository, 'show', `${point}:${checksumFile}`) ?? '');
  return new Map(lists.flatMap((list) => [...parseChecksums(list)]));
}

/** Names of migrations that landed and are now gone or different. */
export function changedAfterLanding(landed: Map<string, string>, now: Map<string, string>): string[] {
  return [...landed].filter(([name, hash]) => now.get(name) !== hash).map(([name]) => name);
}

/** Generator of the list; throws when a landed migration was changed, because writing the new sum would hide it. */
export function generate(): GeneratedFile[] {
  const now = currentChecksums();
  const changed = changedAfterLanding(landedChecksums(), now);
  if (changed.length > 0) {
    throw new Error(
      `Landed migrations were changed: ${changed.join(', ')}. Databases that ran them will refuse the new text. ` +
        'Restore them and put the change into a new migration: npm run new migration NAME.',
    );
  }
  const lines = [...now].map(([name, hash]) => `${hash}  ${name}`);
  const text = ['# SHA-256 of every migration, written by `npm run gen`. Lines are added, never changed.', ...lines];
  return [{ path: checksumFile, text: `${text.join('\n')}\n` }];
}
