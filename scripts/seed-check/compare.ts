// The statements of docs/seed-to-touchline.md that have an id, each compared with the catalog.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Catalog } from './catalog.ts';
import type { Statements } from './facts.ts';
import { migrated } from './migrations.ts';
import { rules } from './rules.ts';
import { tables } from './tables.ts';

export const statements: Statements = { ...tables, ...migrated, ...rules };

export interface PageRow {
  /** Empty where the catalog has no answer: measurements, plans, habits. */
  id: string;
  /** What the seed says. */
  words: string;
  status: string;
}

export interface Answer extends PageRow {
  differences: string[];
}

const page = fileURLToPath(new URL('../../docs/seed-to-touchline.md', import.meta.url));

/** The rows of the page's tables. */
export function readPage(text: string = readFileSync(page, 'utf8')): PageRow[] {
  return text
    .split('\n')
    .filter((line) => /^\|(?! id |-)/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, id = '', words = '', status = '']) => ({ id, words, status }));
}

function answer(catalog: Catalog, row: PageRow): Answer {
  if (row.id === '') return { ...row, differences: [] };
  const facts = statements[row.id];
  const differences = facts?.flatMap((fact) => fact(catalog)) ?? ['scripts/seed-check has no such statement'];
  return { ...row, differences: [...new Set(differences)] };
}

/** Every statement in the order of the page, and what differs. */
export function compareSeed(catalog: Catalog, rows: readonly PageRow[] = readPage()): Answer[] {
  const onPage = new Set(rows.map(({ id }) => id));
  const listed = rows.map((row) => answer(catalog, row));
  const unlisted = Object.keys(statements)
    .filter((id) => !onPage.has(id))
    .map((id) => ({ id, words: '', status: '', differences: ['docs/seed-to-touchline.md has no such id'] }));
  return [...listed, ...unlisted];
}
