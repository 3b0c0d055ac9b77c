// The row types say what the catalog says: unions are what the CHECKs accept, and values are what the pool returns.
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { interfaceName, javascriptTypes, listName, rowTypes } from '../../scripts/gen-types.ts';
import { createPool, withRole } from '../../src/db/client.ts';
import * as rows from '../../src/generated/rows.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const written = readFileSync(new URL('../../src/generated/rows.ts', import.meta.url), 'utf8');
const lists = new Map<string, readonly string[]>(Object.entries(rows));
let database: TestDatabase;
let client: pg.PoolClient;

beforeAll(async () => {
  database = await testDatabase('types');
  client = await database.pool.connect();
});
afterAll(async () => {
  client.release();
  await database.drop();
});

async function found<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  return (await client.query<Row>(sql)).rows;
}

/** The fields of an interface of the module, by name. */
function fieldsOf(table: string): Map<string, string> {
  const [, body = ''] =
    new RegExp(`^export interface ${interfaceName(table)} \\{\n([^}]*)\\}`, 'm').exec(written) ?? [];
  return new Map([...body.matchAll(/^ {2}(\w+): (.*);$/gm)].map(([, name = '', type = '']) => [name, type]));
}

/** The list behind a column's type, when that is a union: `TouchStatus | null` → the values of touchStatuses. */
function listOf(table: string, column: string): readonly string[] | undefined {
  const [, union = ''] = /^(\w+)/.exec(fieldsOf(table).get(column) ?? '') ?? [];
  return lists.get(listName(union));
}

interface Check {
  table: string;
  column: string;
  type: string;
  condition: string;
}

/** CHECKs of one text column or text array that enumerate values in any way. */
const enumerations = `
  select c.relname as table, a.attname as column, pg_catalog.format_type(a.atttypid, null) as type,
    pg_catalog.string_agg(pg_catalog.pg_get_expr(k.conbin, k.conrelid), ' and ') as condition
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_class c on c.oid = k.conrelid
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and k.conkey = array[a.attnum]
  where k.connamespace = 'touchline'::pg_catalog.regnamespace and k.contype = 'c'
    and a.atttypid in ('text'::pg_catalog.regtype, 'text[]'::pg_catalog.regtype)
  group by 1, 2, 3
  having pg_catalog.bool_or(pg_catalog.pg_get_expr(k.conbin, k.conrelid) ~ 'ARRAY\\[|<@|= ''')`;

/** Which of the words the CHECK itself lets in. */
async function accepted({ column, type, condition }: Check, words: readonly string[]): Promise<string[]> {
  const value = type === 'text' ? 'word' : 'array[word]';
  const { rows: kept } = await client.query<{ word: string }>(
    `select word from (select word, ${value} as ${column} from pg_catalog.unnest($1::text[]) word) candidates where ${condition}`,
    [words],
  );
  return kept.map(({ word }) => word);
}

describe('the unions (defect 92)', () => {
  test('are exactly what the CHECKs of their columns accept', async () => {
    const checks = await found<Check>(enumerations);
    const words = [...new Set([...lists.values()].flat()), '', 'no such value'];
    expect(checks.length).toBeGreaterThan(40);
    for (const check of checks) {
      const list = listOf(check.table, check.column);
      expect(
        list,
        `${check.table}.${check.column} enumerates values and has no union: ${check.condition}`,
      ).toBeDefined();
      const wanted = [...(list ?? [])].toSorted();
      expect((await accepted(check, words)).toSorted(), `${check.table}.${check.column}`).toEqual(wanted);
    }
  });

  test('have the names people look for', () => {
    const status: rows.EnrollmentStatus = 'stopped';
    const touch: Pick<rows.CampaignTouch, 'channel' | 'delay_hours' | 'template_id'> = {
      channel: 'sms',
      delay_hours: 4,
      template_id: null,
    };
    expect(rows.enrollmentStatuses).toContain(status);
    expect(rows.channels).toContain(touch.channel);
    expect(rows.stopReasons.slice(0, 8)).toEqual([
      'review_clicked',
      'feedback_submitted',
      'opted_out_sms',
      'opted_out_email',
      'owner_stopped',
      'campaign_paused',
      'campaign_deleted',
      'repeat_job',
    ]);
  });
});

describe('the interfaces', () => {
  test('name every column of every table', async () => {
    const tables = await found<{ table: string; columns: string[] }>(`
      select c.relname as table, pg_catalog.array_agg(a.attname::text order by a.attnum) as columns
      from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
        and not a.attisdropped
      group by 1`);
    expect(tables.length).toBeGreaterThan(30);
    for (const { table, columns } of tables) expect([...fieldsOf(table).keys()], table).toEqual(columns);
  });

  test('are those of today', async () => {
    expect(await rowTypes(client), 'src/generated/rows.ts: run `npm run gen`').toBe(written);
  });
});

describe('the front door', () => {
  const exported = readFileSync(new URL('../../src/index.ts', import.meta.url), 'utf8');
  const names = new Set([...exported.matchAll(/^ {2}(?:type )?(\w+),$/gm)].map(([, name = '']) => name));

  test('exports the row of every table that some role may read, and no other', async () => {
    const tables = await found<{ table: string; read: boolean }>(`
      select c.relname as table, exists (
        select from pg_catalog.unnest('{authenticated,service_role,touchline_worker}'::text[]) r
        where pg_catalog.has_any_column_privilege(r, c.oid, 'select')) as read
      from pg_catalog.pg_class c
      where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind in ('r', 'p')`);
    const wrong = tables.filter(({ table, read }) => names.has(interfaceName(table)) !== read);
    expect(wrong.map(({ table }) => table)).toEqual([]);
  });

  test('exports every union and its list', () => {
    const unions = [...written.matchAll(/^export (?:const|type) (\w+) =/gm)].map(([, name = '']) => name);
    expect(unions.filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('a change of the schema is noticed', () => {
  const changes = [
    [
      'a further value in a list',
      `alter table touchline.links drop constraint links_purpose,
         add constraint links_purpose check (purpose in ('review', 'unsubscribe', 'link', 'planted'))`,
    ],
    ['a further column', 'alter table touchline.jobs add column planted text'],
    ['a column that may be NULL now', 'alter table touchline.jobs alter column source drop not null'],
    ['a further table', 'create table touchline.planted (business_id uuid not null)'],
  ] as const;

  async function planted<T>(sql: string, work: () => Promise<T>): Promise<T> {
    await client.query('begin');
    try {
      await client.query(sql);
      return await work();
    } finally {
      await client.query('rollback');
    }
  }

  test.each(changes)('%s', async (_, sql) => {
    expect(await planted(sql, () => rowTypes(client))).not.toBe(written);
  });

  test('two lists under one name stop the generator', async () => {
    const sql = `alter table touchline.jobs drop constraint jobs_service_type,
      add constraint jobs_service_type check (service_type in ('hvac'))`;
    await expect(planted(sql, () => rowTypes(client))).rejects.toThrow(
      /service_type allows \[.*\], and ServiceType elsewhere/,
    );
  });

  test('a type nobody has decided about stops the generator', async () => {
    const sql = 'alter table touchline.jobs add column planted point';
    await expect(planted(sql, () => rowTypes(client))).rejects.toThrow('jobs.planted is of type point');
  });
});

describe('the pool returns what the types say', () => {
  /** One value of each type, and what it must be in JavaScript. */
  const samples: Record<string, [literal: string, is: (value: unknown) => boolean]> = {
    bigint: ['9007199254740991', (value) => value === 9007199254740991],
    boolean: ['true', (value) => value === true],
    bytea: ["'\\x01ff'", (value) => Buffer.isBuffer(value) && value.length === 2],
    date: ["'2026-02-03'", (value) => value === '2026-02-03'],
    inet: ["'192.0.2.1'", (value) => value === '192.0.2.1'],
    integer: ['7', (value) => value === 7],
    interval: ["'1 day 02:30'", (value) => value === 'P1DT2H30M'],
    jsonb: [`'{"a": [1]}'`, (value) => JSON.stringify(value) === '{"a":[1]}'],
    numeric: ['12.50', (value) => value === '12.50'],
    smallint: ['4', (value) => value === 4],
    text: ["'word'", (value) => value === 'word'],
    'text[]': ["'{a,b}'", (value) => JSON.stringify(value) === '["a","b"]'],
    'time without time zone': ["'08:00'", (value) => value === '08:00:00'],
    'timestamp with time zone': ["'2026-02-03T04:05:06Z'", (value) => value instanceof Date],
    uuid: ['touchline.uuid_v7()', (value) => typeof value === 'string'],
    'uuid[]': ['array[touchline.uuid_v7()]', (value) => Array.isArray(value) && typeof value[0] === 'string'],
  };
  const types = Object.keys(javascriptTypes);
  let pool: pg.Pool;

  beforeAll(() => {
    pool = createPool(database.url, { max: 1 });
  });
  afterAll(() => pool.end());

  const returned = (expression: string): Promise<unknown> =>
    withRole(pool, { role: 'touchline_worker' }, async (worker) => {
      return (await worker.query<{ value: unknown }>(`select ${expression} as value`)).rows[0]?.value;
    });

  test.each(types)('%s', async (type) => {
    const [literal, is] = samples[type] ?? ['null', () => false];
    const value = await returned(`(${literal})::${type}`);
    expect(is(value), `${type} came back as ${JSON.stringify(value)}`).toBe(true);
  });

  test('an endless instant is a number', async () => {
    expect(await returned("'infinity'::timestamptz")).toBe(Number.POSITIVE_INFINITY);
    expect(await returned("'-infinity'::timestamptz")).toBe(Number.NEGATIVE_INFINITY);
  });

  test('and only columns declared as such can hold one', async () => {
    const endless = await found<{ name: string }>(`
      select c.relname || '.' || a.attname as name
      from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid
      join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'touchline'::pg_catalog.regnamespace and pg_catalog.pg_get_expr(d.adbin, d.adrelid) ~ 'infinity'`);
    const names = [...endless.map(({ name }) => name), 'touch_queue.due_at'];
    const typed = names.map((name) => fieldsOf(name.split('.')[0] ?? '').get(name.split('.')[1] ?? ''));
    expect(new Set(typed)).toEqual(new Set(['Moment']));
  });
});
