import { describe, expect, it } from 'vitest';
import { decisionTemplate, functionTemplate, migrationTemplate, nextStamp } from '../../scripts/new.ts';
import { sqlRules } from '../tidy/sql-rules.ts';

const brokenRules = (path: string, text: string): string[] =>
  sqlRules.filter((rule) => rule.check([{ path, text }]).length > 0).map((rule) => rule.name);

describe('npm run new', () => {
  it('makes a function file that keeps every rule once its blanks are filled in', () => {
    const { path, text } = functionTemplate('park_touch');
    expect(path).toBe('sql/functions/park_touch.sql');
    expect(brokenRules(path, text)).toEqual(['a SQL function begins with Purpose, Moves, Locks and Raises']);
    expect(brokenRules(path, text.replace(/<.*>/g, 'none'))).toEqual([]);
  });

  it('stamps a migration with the time, and later than every other', () => {
    const now = new Date('2027-01-02T03:04:05Z');
    expect(migrationTemplate('add_tags', [], now).path).toBe('supabase/migrations/20270102030405_add_tags.sql');
    expect(nextStamp(['20270102030405_a.sql', '20260204000100_b.sql'], now)).toBe('20270102030406');
  });

  it('numbers decisions one after the other', () => {
    expect(decisionTemplate('uuid-v7', []).path).toBe('docs/decisions/0001-uuid-v7.md');
    expect(decisionTemplate('uuid-v7', ['0001-a.md', '0007-b.md']).path).toBe('docs/decisions/0008-uuid-v7.md');
    expect(decisionTemplate('uuid-v7', []).text).toMatch(/^# 0001 Uuid v7\n/);
  });
});
