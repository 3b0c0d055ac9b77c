// src/generated/rows.ts: an interface per table and a union per CHECK list, as the pool of src/db/client.ts returns rows.
//
//   npx tsx scripts/gen-types.ts    or, with all other generators, npm run gen
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import type { GeneratedFile } from './gen.ts';
import { withScratchDatabase } from './scratch-database.ts';

const path = 'src/generated/rows.ts';
const root = fileURLToPath(new URL('..', import.meta.url));

/** What a column of each type is in JavaScript. A type that is not here stops the generator: somebody must decide. */
export const javascriptTypes: Record<string, string> = {
  bigint: 'number',
  boolean: 'boolean',
  bytea: 'Buffer',
  date: 'string',
  inet: 'string',
  integer: 'number',
  interval: 'string',
  jsonb: 'unknown',
  numeric: 'string',
  smallint: 'number',
  text: 'string',
  'text[]': 'string[]',
  'time without time zone': 'string',
  'timestamp with time zone': 'Date',
  uuid: 'string',
  'uuid[]': 'string[]',
};

// Elsewhere a union is called after its table and column: jobs.decision → JobDecision.
const unionNames: Record<string, string> = {
  'api_keys.scopes': 'ApiScope',
  'audit_log.actor_kind': 'ActorKind',
  'business_members.role': 'MemberRole',
  'campaign_enrollments.status': 'EnrollmentStatus',
  'campaign_enrollments.stop_reason': 'StopReason',
  'campaign_enrollments.touch_1_status': 'TouchStatus',
  'campaign_enrollments.touch_2_status': 'TouchStatus',
  'campaign_enrollments.touch_3_status': 'TouchStatus',
  'campaign_enrollments.touch_4_status': 'TouchStatus',
  'campaign_versions.state': 'VersionState',
  'consent_events.consent_form': 'ConsentForm',
  'consent_events.kind': 'ConsentKind',
  'consent_events.method': 'ConsentMethod',
  'consent_events.scope': 'ConsentScope',
  'consent_events.source': 'ConsentSource',
  'customers.email_consent_status': 'ConsentStatus',
  'customers.sms_consent_status': 'ConsentStatus',
  'customers.time_zone_source': 'TimeZoneSource',
  'jobs.campaign_choice': 'CampaignChoice',
  'message_templates.purpose': 'TemplatePurpose',
  'send_attempts.outcome': 'AttemptOutcome',
  'sending_policies.after_opt_out': 'OptOutPolicy',
  'sending_policies.overlap': 'OverlapPolicy',
  'sending_policies.unknown_email': 'UnknownPolicy',
  'sending_policies.unknown_sms': 'UnknownPolicy',
  'touch_queue.blocked_by': 'TouchBlock',
};

/** Columns that are called the same in many tables and mean the same in all. */
const sharedNames: Record<string, string> = {
  channel: 'Channel',
  service_type: 'ServiceType',
  service_types: 'ServiceType',
};

const oddSingulars: Record<string, string> = {
  businesses: 'business',
  campaign_touches: 'campaign_touch',
  sending_policies: 'sending_policy',
  reviews_feedback: 'review_feedback',
};

interface Column {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
  /** May hold ±infinity, which pg returns as a number. */
  endless: boolean;
}

const columnsSql = `
  select c.relname as table, a.attname as column, pg_catalog.format_type(a.atttypid, null) as type, not a.attnotnull as nullable,
    coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') ~ '''-?infinity''::timestamp with time zone'
      or exists (
        select from pg_catalog.pg_constraint k
        where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)
          and pg_catalog.pg_get_constraintdef(k.oid) ~ (a.attname || ' = ''-?infinity''')
      ) as endless
  from pg_catalog.pg_class c
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind in ('r', 'p')
  order by c.relname, a.attnum`;

// A list is `x in (…)`, which the catalog keeps as = ANY (ARRAY[…]), or = for one value, or for arrays `x <@ '{…}'`.
const listsSql = `
  select c.relname as table, a.attname as column, pg_catalog.pg_get_expr(k.conbin, k.conrelid) as expression
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_class c on c.oid = k.conrelid
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
  where k.connamespace = 'touchline'::pg_catalog.regnamespace and k.contype = 'c' and pg_catalog.cardinality(k.conkey) = 1
  order by c.relname, k.conname`;

/** The values an expression of one column allows; undefined when it is not such a list. */
export function listedValues(expression: string): string[] | undefined {
  const [, many, one] = /^\(\w+ = (?:ANY \(ARRAY\[([^\]]*)\]\)|('(?:[^']|'')*'::text))\)$/.exec(expression) ?? [];
  const scalar = many ?? one;
  if (scalar !== undefined) return [...scalar.matchAll(/'((?:[^']|'')*)'::text/g)].map(([, value = '']) => value);
  const [, array] = /\(\w+ <@ '\{([^}]*)\}'::text\[\]\)/.exec(expression) ?? [];
  return array?.split(',');
}

function pascal(snake: string): string {
  return snake.replaceAll(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `campaign_touches` → `CampaignTouch`. */
export function interfaceName(table: string): string {
  return pascal(oddSingulars[table] ?? table.replace(/s$/, ''));
}

/** `TouchStatus` → `touchStatuses`: the list of a union's values. */
export function listName(union: string): string {
  const word = union.charAt(0).toLowerCase() + union.slice(1);
  if (word.endsWith('y')) return `${word.slice(0, -1)}ies`;
  return word.endsWith('s') ? `${word}es` : `${word}s`;
}

/** The union of each column that has one, by `table.column`, and the values of each union. */
interface Unions {
  ofColumn: Map<string, string>;
  values: Map<string, string[]>;
}

async function readUnions(client: pg.ClientBase): Promise<Unions> {
  const { rows } = await client.query<{ table: string; column: string; expression: string }>(listsSql);
  const unions: Unions = { ofColumn: new Map(), values: new Map() };
  for (const { table, column, expression } of rows) {
    const values = listedValues(expression);
    if (values === undefined) continue;
    const name = unionNames[`${table}.${column}`] ?? sharedNames[column] ?? interfaceName(table) + pascal(column);
    const known = unions.values.get(name) ?? values;
    if (known.join() !== values.join()) {
      throw new Error(
        `${table}.${column} allows [${values.join(', ')}], and ${name} elsewhere [${known.join(', ')}]. ` +
          'Make the CHECKs agree, or give one of them a name of its own in scripts/gen-types.ts.',
      );
    }
    unions.values.set(name, values);
    unions.ofColumn.set(`${table}.${column}`, name);
  }
  return unions;
}

function columnType({ table, column, type, nullable, endless }: Column, unions: Unions): string {
  const known = javascriptTypes[type];
  if (known === undefined) {
    throw new Error(`${table}.${column} is of type ${type}: say in scripts/gen-types.ts what that is in JavaScript.`);
  }
  const union = unions.ofColumn.get(`${table}.${column}`);
  const plain = union === undefined ? known : known.replace('string', union);
  // `unknown | null` is unknown.
  return `${endless ? 'Moment' : plain}${nullable && plain !== 'unknown' ? ' | null' : ''}`;
}

function interfaceOf(table: string, columns: readonly Column[], unions: Unions): string[] {
  return [
    `/** A row of \`${table}\`. */`,
    `export interface ${interfaceName(table)} {`,
    ...columns.map((column) => `  ${column.column}: ${columnType(column, unions)};`),
    '}',
    '',
  ];
}

function unionOf(name: string, values: readonly string[]): string[] {
  const list = values.map((value) => `'${value}'`);
  const line = `export const ${listName(name)} = [${list.join(', ')}] as const;`;
  return [
    ...(line.length <= 120
      ? [line]
      : [`export const ${listName(name)} = [`, ...list.map((v) => `  ${v},`), '] as const;']),
    `export type ${name} = (typeof ${listName(name)})[number];`,
    '',
  ];
}

/** The module for the migrated database `client` is connected to. */
export async function rowTypes(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<Column>(columnsSql);
  const unions = await readUnions(client);
  const names = [...unions.values.keys()].toSorted();
  const tables = [...new Set(rows.map(({ table }) => table))];
  const lines = [
    '// The rows of every table and the values their CHECKs allow. Written by `npm run gen` from the catalog; do not edit.',
    '',
    '/** An instant, or Infinity or -Infinity where the column may say `infinity`. */',
    'export type Moment = Date | number;',
    '',
    ...names.flatMap((name) => unionOf(name, unions.values.get(name) ?? [])),
    ...tables.flatMap((table) =>
      interfaceOf(
        table,
        rows.filter((row) => row.table === table),
        unions,
      ),
    ),
  ];
  return lines.join('\n');
}

/** The types of a database made from zero in a scratch cluster. */
export async function generate(): Promise<GeneratedFile[]> {
  return [{ path, text: await withScratchDatabase(rowTypes) }];
}

async function main(): Promise<void> {
  for (const file of await generate()) {
    mkdirSync(dirname(join(root, file.path)), { recursive: true });
    writeFileSync(join(root, file.path), file.text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
