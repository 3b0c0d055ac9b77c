// A migration that others may have run never changes: shown on a planted repository with history.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  changedAfterLanding,
  checksumFile,
  currentChecksums,
  landedChecksums,
} from '../../scripts/migration-checksums.ts';

describe('a migration that has landed', () => {
  let repository: string;

  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), 'touchline-landed-'));
    mkdirSync(join(repository, 'supabase/migrations'), { recursive: true });
    git('init', '--quiet');
    write('1_a.sql', 'select 1;');
    commit();
  });
  afterEach(() => rmSync(repository, { recursive: true, force: true }));

  function git(...args: string[]): void {
    const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', '-c', 'commit.gpgsign=false'];
    const run = spawnSync('git', [...identity, ...args], { cwd: repository, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
  }

  function write(name: string, text: string): void {
    writeFileSync(join(repository, 'supabase/migrations', name), text);
  }

  /** Commits the migrations with their list, as `npm run gen` writes it. */
  function commit(): void {
    const lines = [...currentChecksums(join(repository, 'supabase/migrations'))].map(
      ([name, sum]) => `${sum}  ${name}\n`,
    );
    writeFileSync(join(repository, checksumFile), lines.join(''));
    git('add', '.');
    git('commit', '--quiet', '--message', 'migrations');
  }

  function changed(): string[] {
    return changedAfterLanding(landedChecksums(repository), currentChecksums(join(repository, 'supabase/migrations')));
  }

  it('may still change while it is on a branch only', () => {
    write('1_a.sql', 'select 2;');
    commit();
    expect(changed()).toEqual([]);
  });

  it('is reported when it changes or goes after it was on origin main', () => {
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    write('2_b.sql', 'select 2;');
    commit();
    expect(changed()).toEqual([]);
    write('1_a.sql', 'select 3;');
    commit();
    expect(changed()).toEqual(['1_a.sql']);
    rmSync(join(repository, 'supabase/migrations/1_a.sql'));
    expect(changed()).toEqual(['1_a.sql']);
  });

  it('is reported when it changes after a release', () => {
    git('tag', 'v0.1.0');
    write('1_a.sql', 'select 2;');
    commit();
    expect(changed()).toEqual(['1_a.sql']);
  });
});
