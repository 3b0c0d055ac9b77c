// The generated blocks of docs/data-model/access.md (who may do what to which table) and functions.md (the SQL surface), from
// the catalog of a fresh database and the headers of sql/functions.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import type { GeneratedFile } from './gen.ts';
import { withScratchDatabase } from './scratch-database.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface TableAccess {
  name: string;
  columns: string[];
  reads: string[];
  inserts: string[];
  updates: string[];
  deletes: boolean;
  service: string;
  /** Condition of each policy by its verb: r, a, w, d. */
  policies: Record<string, string>;
}

const tableAccessSql = `
  select c.relname as name,
    array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      order by a.attnum) as columns,
    array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and pg_catalog.has_column_privilege('authenticated', c.oid, a.attnum, 'select') order by a.attnum) as reads,
    array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and pg_catalog.has_column_privilege('authenticated', c.oid, a.attnum, 'insert') order by a.attnum) as inserts,
    array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and pg_catalog.has_column_privilege('authenticated', c.oid, a.attnum, 'update') order by a.attnum) as updates,
    pg_catalog.has_table_privilege('authenticated', c.oid, 'delete') as deletes,
    (select coalesce(pg_catalog.string_agg(letter, '' order by place), '')
      from (values (1, 'S', 'select'), (2, 'I', 'insert'), (3, 'U', 'update'), (4, 'D', 'delete')) v (place, letter, verb)
      where pg_catalog.has_table_privilege('service_role', c.oid, verb)) as service,
    (select coalesce(pg_catalog.jsonb_object_agg(p.polcmd::text,
        coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), pg_catalog.pg_get_expr(p.polqual, p.polrelid))), '{}')
      from pg_catalog.pg_policy p where p.polrelid = c.oid) as policies
  from pg_catalog.pg_class c
  where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind in ('r', 'p')
  order by c.relname`;

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** A policy's condition in the words of the page; one it does not know is shown as it is. */
function rowsOf(condition: string | undefined): string {
  if (condition === undefined) return 'no rows';
  const words: [RegExp, string][] = [
    [/\((?:business_id|id) = ANY \(touchline\.my_business_ids\(\)\)\)/, 'own'],
    [/\((?:business_id|id) = ANY \(touchline\.readable_business_ids\(\)\)\)/, 'own and system'],
    [/\((?:business_id|id) = ANY \(touchline\.writable_business_ids\(\)\)\)/, 'writable'],
    [/^\(name IS NOT NULL\)$/, 'all'],
    [/^\(user_id = .*auth\.uid\(\).*\)$/, '`user_id` is oneself'],
    [/\(NOT is_preset\)/, 'no presets'],
  ];
  const told = words.reduce((text, [pattern, word]) => text.replace(pattern, word), condition);
  return told.replace(/^\((.*) AND (.*)\)$/, '$1, $2');
}

function readCell({ columns, reads, policies }: TableAccess): string {
  if (reads.length === 0) return '—';
  const hidden = columns.filter((column) => !reads.includes(column));
  return rowsOf(policies.r) + (hidden.length > 0 ? ` without ${code(hidden)}` : '');
}

function writeCell(columns: readonly string[], condition: string | undefined): string {
  return columns.length === 0 ? '—' : `${rowsOf(condition)}: ${code(columns)}`;
}

/** The matrix of the catalog `client` is connected to, as lines of Markdown. */
export async function tableMatrix(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<TableAccess>(tableAccessSql);
  return [
    '| table | reads | inserts | updates | deletes | service_role |',
    '|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const inserts = writeCell(row.inserts, row.policies.a);
      const updates = writeCell(row.updates, row.policies.w);
      const deletes = row.deletes ? rowsOf(row.policies.d) : '—';
      return `| \`${row.name}\` | ${readCell(row)} | ${inserts} | ${updates} | ${deletes} | ${row.service || '—'} |`;
    }),
  ];
}

/** The fields of the header comment of a SQL function: Purpose, Moves, Locks, Raises. */
function headerOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let field = '';
  for (const line of text.split('\n')) {
    const [, words] = /^--\s?(.*)$/.exec(line) ?? [];
    if (words === undefined) break;
    const [, name, rest] = /^(Purpose|Moves|Locks|Raises):\s*(.*)$/.exec(words) ?? [];
    field = name ?? field;
    fields.set(field, [fields.get(field), rest ?? words.trim()].filter(Boolean).join(' '));
  }
  return fields;
}

interface Executable {
  arguments: string;
  result: string;
  roles: string[];
}

const executablesSql = `
  select pg_catalog.pg_get_function_arguments(p.oid) as arguments, pg_catalog.pg_get_function_result(p.oid) as result,
    array(select r from pg_catalog.unnest('{authenticated,service_role,touchline_worker}'::text[]) r
      where pg_catalog.has_function_privilege(r, p.oid, 'execute')) as roles
  from pg_catalog.pg_proc p
  where p.pronamespace = 'touchline'::pg_catalog.regnamespace and p.proname = $1`;

function cell(text: string | undefined): string {
  return (text ?? '').replaceAll('|', '\\|').replace(/\.$/, '');
}

function functionEntry(name: string, header: Map<string, string>, found: Executable | undefined): string[] {
  const fields = ['Moves', 'Locks', 'Raises'].filter((field) => !/^(?:none)?\.?$/i.test(header.get(field) ?? ''));
  const who = found?.roles.map((role) => `\`${role}\``).join(', ') || 'other functions only';
  const facts = [...fields.map((field) => `*${field}* ${cell(header.get(field))}`), `*Executed by* ${who}`];
  const call = `${name}(${(found?.arguments ?? '').replaceAll('::text', '').replaceAll('timestamp with time zone', 'timestamptz')})`;
  return [
    `### \`${name}\``,
    '',
    '```sql',
    `${call} → ${found?.result}`,
    '```',
    '',
    `${cell(header.get('Purpose'))}. ${facts.join(' · ')}.`,
    '',
  ];
}

/** The functions of sql/functions with what their headers say and who may execute them, as lines of Markdown. */
export async function functionList(client: pg.ClientBase): Promise<string[]> {
  const folder = join(root, 'sql/functions');
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .toSorted();
  const lines: string[] = [];
  for (const name of names) {
    const { rows } = await client.query<Executable>(executablesSql, [name]);
    lines.push(...functionEntry(name, headerOf(readFileSync(join(folder, `${name}.sql`), 'utf8')), rows[0]));
  }
  return lines;
}

/**
 * The page with the block `<!-- generated: name -->` filled anew.
 * @throws when the page has no such block
 */
export function fillBlock(page: string, name: string, lines: readonly string[]): string {
  const block = new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- /generated -->)`);
  if (!block.test(page)) throw new Error(`The page has no block "<!-- generated: ${name} -->".`);
  return page.replace(block, (_, open: string, close: string) => `${open}\n${lines.join('\n').trimEnd()}\n\n${close}`);
}

/** Both pages as they should be, from a database made from zero. */
export function generate(): Promise<GeneratedFile[]> {
  return withScratchDatabase(generatedPages);
}

/** Both pages with their blocks filled from the migrated database `client` is connected to. */
export async function generatedPages(client: pg.ClientBase): Promise<GeneratedFile[]> {
  const fill = (path: string, name: string, lines: readonly string[]): GeneratedFile => ({
    path,
    text: fillBlock(readFileSync(join(root, path), 'utf8'), name, lines),
  });
  return [
    fill('docs/data-model/access.md', 'tables', await tableMatrix(client)),
    fill('docs/data-model/functions.md', 'functions', await functionList(client)),
  ];
}
