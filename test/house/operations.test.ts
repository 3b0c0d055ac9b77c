// The runbook is true: every command in it is one, every statement runs, every alert has its section, and every rule asks for metrics
// that are told.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { metrics } from '../../src/metrics/catalog.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { commandsIn, wrongCommand } from '../support/documented-commands.ts';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const page = readFileSync(join(docs, 'operations.md'), 'utf8');
const rules = readFileSync(join(docs, 'alerts.yml'), 'utf8');

describe('commands', () => {
  const pages = readdirSync(docs).filter((name) => name.endsWith('.md'));

  test.each(pages)('of docs/%s are commands of the program', (name) => {
    const commands = commandsIn(readFileSync(join(docs, name), 'utf8'));
    expect(commands.flatMap((line) => wrongCommand(line) ?? [])).toEqual([]);
  });

  test('are many in the runbook, and found in blocks and in the text', () => {
    const commands = commandsIn(page);
    expect(commands.length).toBeGreaterThan(30);
    expect(commands).toContain('touchline reconcile --since 2026-03-02T15:00:00Z --leave');
    expect(commands).toContain('touchline sender rotate-secrets');
  });

  test.each([
    ['touchline mend', 'there is no command mend'],
    ['touchline doctor --now', 'doctor does not take --now'],
    ['touchline doctor all', 'doctor takes 0 words, not "all"'],
    ['touchline sender check --business Ann', 'check takes 1 words, not ""'],
    ['touchline unknown resolve ID maybe', 'resolve: choice is one of sent, skip, resend'],
  ])('%s would be noticed', (line, wrong) => {
    expect(wrongCommand(line)).toContain(wrong);
  });
});

describe('statements', () => {
  let database: TestDatabase;
  const blocks = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql);

  beforeAll(async () => {
    database = await testDatabase('operations');
  });
  afterAll(() => database.drop());

  test('of the runbook run as they are', async () => {
    expect(blocks.length).toBeGreaterThan(2);
    for (const sql of blocks) await database.query(sql);
  });
});

/** A rule, as this file writes them. */
interface Rule {
  alert: string;
  expr: string;
  severity: string;
  summary: string;
}

const form =
  /^ {6}- alert: (\w+)\n {8}expr: (?:>-\n((?: {10}.*\n)+)|(.*)\n)(?: {8}for: \d+[smh]\n)? {8}labels: \{ severity: (\w+) \}\n {8}annotations: \{ summary: "([^"]+)" \}\n/gm;

const found: Rule[] = [...rules.matchAll(form)].map(([, alert = '', folded, plain, severity = '', summary = '']) => ({
  ...{ alert, severity, summary },
  expr: (folded ?? plain ?? '').replaceAll(/\s+/g, ' ').trim(),
}));

describe('alerts', () => {
  test('are all in the one form, each named once', () => {
    const names = found.map(({ alert }) => alert);
    expect(names).toEqual([...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name));
    expect(new Set(names).size).toBe(names.length);
    expect(rules.replace(form, '').replaceAll(/^ {6}- alert[\s\S]*/gm, '')).toMatch(
      /^(?:#.*\n)+groups:\n {2}- name: touchline\n {4}rules:\n$/,
    );
    expect(names.length).toBeGreaterThan(10);
    for (const { severity } of found) expect(['page', 'ticket']).toContain(severity);
  });

  test('have a section each in the runbook that says what to do, and no section is of another', () => {
    const [, part = ''] = /## When an alert fires\n([\s\S]*?)\n## /.exec(page) ?? [];
    const sections = part.split(/^### /m).slice(1);
    expect(sections.map((text) => text.split('\n')[0])).toEqual(found.map(({ alert }) => alert));
    for (const text of sections) {
      const [title = '', ...rest] = text.split('\n');
      const says = commandsIn(rest.join('\n')).length > 0 || /\]\((?:#|\w+\.md)/.test(text);
      expect(says, `${title} names no command and no place that does`).toBe(true);
    }
  });

  const words = new Set(
    'absent avg by count histogram_quantile increase instance job le max min on or rate sum without'.split(' '),
  );
  const told = new Map<string, readonly string[]>(
    Object.values(metrics).flatMap((metric): [string, readonly string[]][] => {
      const labels: readonly string[] = 'labels' in metric ? metric.labels : [];
      if (metric.type !== 'histogram') return [[metric.name, labels]];
      return ['bucket', 'sum', 'count'].map((part) => [`${metric.name}_${part}`, [...labels, 'le']]);
    }),
  );

  /** What an expression asks for that is not told. */
  function strange(expr: string): string[] {
    const selectors = [...expr.matchAll(/\b((?:touchline|process)_\w+)(?:\{([^}]*)\})?/g)];
    const labels = selectors.flatMap(([, name = '', matchers = '']) =>
      [...matchers.matchAll(/(\w+)\s*(?:=~|=|!=|!~)/g)]
        .map(([, label = '']) => label)
        .filter((label) => !(told.get(name) ?? []).includes(label))
        .map((label) => `${name} has no label ${label}`),
    );
    const rest = expr.replaceAll(/\{[^}]*\}/g, '').replaceAll(/\[\d+[smhd]\]/g, '');
    const all = new Set([...told.values()].flat());
    const others = [...rest.matchAll(/[a-zA-Z_]\w*/g)]
      .map(([word]) => word)
      .filter((word) => !told.has(word) && !words.has(word) && !all.has(word));
    return [...others, ...labels];
  }

  test.each(found.map(({ alert, expr }) => [alert, expr] as const))('%s asks for what is told: %s', (_, expr) => {
    expect(strange(expr)).toEqual([]);
    expect(expr).toMatch(/touchline_/);
    const [opened, closed] = [expr.match(/[([{]/g) ?? [], expr.match(/[)\]}]/g) ?? []];
    expect(opened.length).toBe(closed.length);
  });

  test('a metric or a label that is not there would be noticed', () => {
    expect(strange('max(touchline_nothing) > 1')).toEqual(['touchline_nothing']);
    expect(strange('sum(rate(touchline_attempts_total{provider="x"}[5m]))')).toEqual([
      'touchline_attempts_total has no label provider',
    ]);
    expect(strange('maximum(touchline_safe_mode)')).toEqual(['maximum']);
  });

  test('outcomes and states in them are ones that exist', () => {
    const values = found.flatMap(({ expr }) =>
      [...expr.matchAll(/(outcome|state|result)=~?"([^"]+)"/g)].flatMap(([, label = '', list = '']) =>
        list.split('|').map((value) => `${label}=${value}`),
      ),
    );
    const real = [
      ...['account_error', 'rate_limited', 'ambiguous', 'retry', 'rejected', 'accepted'].map((x) => `outcome=${x}`),
      ...['unknown', 'held'].map((x) => `state=${x}`),
      ...['failed', 'unproved', 'touches', 'nothing'].map((x) => `result=${x}`),
    ];
    expect(values.filter((value) => !real.includes(value))).toEqual([]);
  });
});
