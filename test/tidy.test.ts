// The style guide is a test: what a machine can check, nobody has to remember. The rules are in test/tidy/*-rules.ts, each
// with its reason, its cure, and examples that prove it can fail.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  changedAfterLanding,
  checksumFile,
  currentChecksums,
  landedChecksums,
  parseChecksums,
} from '../scripts/migration-checksums.ts';
import { codeRules } from './tidy/code-rules.ts';
import { docsRules } from './tidy/docs-rules.ts';
import { importRules } from './tidy/import-rules.ts';
import { packageRules } from './tidy/package-rules.ts';
import type { Rule } from './tidy/rule.ts';
import { readRepository, root } from './tidy/source-file.ts';
import { sqlRules } from './tidy/sql-rules.ts';
import { wordRules } from './tidy/word-rules.ts';

const rules: Rule[] = [...importRules, ...codeRules, ...sqlRules, ...wordRules, ...packageRules, ...docsRules];
const files = readRepository();

const byName = rules.map((rule) => [rule.name, rule] as const);

describe('in this repository', () => {
  it.each(byName)('%s', (name, { why, fix, check }) => {
    expect(check(files), `The rule "${name}" is broken.\nWhy it matters: ${why}\nHow to mend it: ${fix}`).toEqual([]);
  });
});

describe('this rule can fail and does not cry wolf', () => {
  it.each(byName)('%s', (_, { check, caught, allowed }) => {
    expect(caught.filter((example) => check(example).length === 0)).toEqual([]);
    expect(allowed.flatMap((example) => check(example))).toEqual([]);
    expect(Math.min(caught.length, allowed.length)).toBeGreaterThan(0);
  });
});

describe('migrations', () => {
  it('have the checksums of supabase/migrations.sha256', () => {
    const written = existsSync(join(root, checksumFile)) ? readFileSync(join(root, checksumFile), 'utf8') : '';
    expect(parseChecksums(written), 'A migration was added or edited. Run `npm run gen` and commit the list.').toEqual(
      currentChecksums(),
    );
  });

  it('that have landed are never changed', () => {
    expect(
      changedAfterLanding(landedChecksums(), currentChecksums()),
      'Databases that ran these will refuse the new text. Restore them and write a new migration: npm run new migration NAME.',
    ).toEqual([]);
  });
});
