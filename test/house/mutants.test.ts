// What can be known of the mutants without running them (npm run mutants).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mutants, tableLines, withoutMutant } from '../../scripts/mutants/list.ts';
import { type Mutant, statementsOf } from '../../scripts/mutants/mutant.ts';
import { packageRoot } from '../../src/db/migrate/source.ts';
import { invariantFiles } from '../support/violations.ts';

describe('the mutants', () => {
  it('leave out no invariant, and name none that is not there', () => {
    expect(withoutMutant()).toEqual([]);
    const known = new Set(invariantFiles.map(({ name }) => name));
    expect(mutants.flatMap(({ breaks }) => breaks).filter((name) => !known.has(name))).toEqual([]);
  });

  it('have names of their own', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  it.each(mutants)('$name replaces a text that stands in its function', (mutant) => {
    expect(statementsOf(mutant).length + (mutant.wrap === undefined ? 0 : 1)).toBeGreaterThan(0);
  });

  it('refuse a text that is gone, and one that stands there twice', () => {
    const replacing = (from: string): Mutant => ({
      name: 'example',
      what: 'does nothing',
      scenario: 'workers come back at night',
      breaks: [],
      changes: [{ function: 'judge_outcome', from, to: '' }],
    });
    expect(() => statementsOf(replacing('no such text'))).toThrow('"no such text" 0 times');
    expect(() => statementsOf(replacing('p_state'))).toThrow('instead of once');
  });

  it('stand in docs/invariants.md: npm run mutants -- --write', () => {
    const page = readFileSync(join(packageRoot, 'docs/invariants.md'), 'utf8');
    expect(page).toContain(`<!-- mutants -->\n${tableLines().join('\n')}\n<!-- end of mutants -->`);
  });
});
