// The documents name what the catalog has, and their numbers are its numbers.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatedPages } from '../../scripts/gen-rls-matrix.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const read = (path: string): string => readFileSync(join(docs, path), 'utf8');
const tablePages = [
  'DATA_MODEL.md',
  ...readdirSync(join(docs, 'data-model')).map((name) => `data-model/${name}`),
].toSorted();

/** What stands under a heading `## \`name\`` of any page, up to the next heading of that level. */
function sectionOf(table: string): string | undefined {
  for (const path of tablePages) {
    const [, section] = new RegExp(`^## \`${table}\`\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(read(path)) ?? [];
    if (section !== undefined) return section;
  }
  return undefined;
}

/** The cells of the Markdown tables of a text, without backticks. */
function tableRows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => /^\|(?!-)/.test(line))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.replaceAll('`', '').trim()));
}

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase('docs');
});

afterAll(async () => {
  await database.drop();
});

async function found<Row extends Record<string, unknown>>(sql: string): Promise<Row[]> {
  return (await database.query<Row>(sql)).rows;
}

describe('the data model page (defect 95)', () => {
  it('has a section for every table that names every column', async () => {
    const columns = await found<{ table: string; column: string }>(`
      select c.relname as table, a.attname as column
      from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`);
    expect(columns.length).toBeGreaterThan(300);
    const named = (table: string): string[] =>
      tableRows(sectionOf(table) ?? '').flatMap(([first = '']) => first.split(/,\s*/));
    expect(columns.filter(({ table, column }) => !named(table).includes(column))).toEqual([]);
  });

  it('names in each section no column that is not there', async () => {
    const columns = await found<{ table: string; columns: string[] }>(`
      select c.relname as table, pg_catalog.array_agg(a.attname::text) as columns
      from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      group by 1`);
    const tooMany = columns.flatMap(({ table, columns: real }) =>
      [...(sectionOf(table) ?? '').matchAll(/^\| column \|.*\n\|---.*\n((?:\|.*\n)+)/gm)]
        .flatMap(([, rows = '']) => tableRows(rows))
        .flatMap(([first = '']) => first.split(/,\s*/))
        .filter((name) => !real.includes(name))
        .map((name) => `${table}.${name}`),
    );
    expect(tooMany).toEqual([]);
  });

  it('names every index and trigger in the section of its table', async () => {
    const objects = await found<{ table: string; name: string }>(`
      select c.relname as table, i.relname as name
      from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid join pg_catalog.pg_class c on c.oid = x.indrelid
      where c.relnamespace = 'touchline'::pg_catalog.regnamespace and not x.indisprimary
      union all
      select c.relname, t.tgname
      from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
      where c.relnamespace = 'touchline'::pg_catalog.regnamespace and not t.tgisinternal`);
    expect(objects.filter(({ table, name }) => !sectionOf(table)?.includes(`\`${name}\``))).toEqual([]);
  });

  it('names every value that a CHECK allows, in the section of its table or on the page of states', async () => {
    const checks = await found<{ table: string; definition: string }>(`
      select k.conrelid::pg_catalog.regclass::text as table, pg_catalog.pg_get_constraintdef(k.oid) as definition
      from pg_catalog.pg_constraint k
      where k.connamespace = 'touchline'::pg_catalog.regnamespace and k.contype = 'c'`);
    const everywhere = read('data-model/states.md') + read('DATA_MODEL.md');
    const missing = checks.flatMap(({ table, definition }) => {
      const name = table.replace('touchline.', '');
      const [, list = ''] = /= ANY \(+ARRAY\[([^\]]*)\]/.exec(definition) ?? [];
      return [...list.matchAll(/'([a-z_]+)'/g)]
        .map(([, value = '']) => value)
        .filter((value) => !`${sectionOf(name)}${everywhere}`.includes(`\`${value}\``))
        .map((value) => `${name}: ${value}`);
    });
    expect(missing).toEqual([]);
  });

  it('gives the defaults of the sending policy that the catalog has', async () => {
    const columns = await found<{ column: string; value: string }>(`
      select a.attname as column, pg_catalog.regexp_replace(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '^''(.*)''::text$', '\\1') as value
      from pg_catalog.pg_attribute a join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = 'touchline.sending_policies'::pg_catalog.regclass and a.attname not like '%\\_at'
      order by a.attnum`);
    const section = read('DATA_MODEL.md').split('## Defaults of the sending policy')[1] ?? '';
    const written = tableRows(section).flatMap(([, column = '', value = '', ...rest]) =>
      rest.length === 0 && /^[a-z0-9]+_[a-z0-9_]+$|^overlap$/.test(column) ? [{ column, value }] : [],
    );
    expect(written).toEqual(columns);
  });

  it('gives the sending windows that a new business gets', async () => {
    const windows = await found<{ channel: string; opens: string; closes: string; first: number; last: number }>(`
      select w.channel, pg_catalog.to_char(w.opens, 'HH24:MI') as opens, pg_catalog.to_char(w.closes, 'HH24:MI') as closes,
        min(w.iso_weekday)::integer as first, max(w.iso_weekday)::integer as last
      from touchline.sending_windows w
      where w.business_id = touchline.system_business_id()
      group by 1, 2, 3
      order by 1, 4`);
    const days = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
    const wanted = windows.map(({ channel, opens, closes, first, last }) => [
      channel,
      first === last ? `${days[first]}` : `${days[first]}–${days[last]}`,
      opens,
      closes,
    ]);
    const section = read('DATA_MODEL.md').split('## Defaults of the sending policy')[1] ?? '';
    expect(tableRows(section).filter(([channel]) => channel === 'email' || channel === 'sms')).toEqual(wanted);
  });
});

describe('the other pages', () => {
  it('give the rules of retention', async () => {
    const rules = await found<{ name: string; how: string; days: number | null; least: number | null; rule: string }>(
      'select table_name as name, how, default_days as days, least_days as least, rule from touchline.retention() order by how, 1',
    );
    const titles = { 'By itself': 'automatic', 'Only when': 'asked', 'With the row': 'follows', Never: 'kept' };
    const written = Object.entries(titles).flatMap(([title, how]) => {
      const [, section = ''] = read('retention.md').split(`## ${title}`);
      const [, table = ''] = /\n\n(\| table[\s\S]*?)\n\n/.exec(section.replaceAll('`', '')) ?? [];
      return tableRows(table)
        .slice(1)
        .map((cells) => [how, ...cells]);
    });
    const wanted = rules.map(({ name, how, days, least, rule }) => {
      const ages = { automatic: [days, least], asked: [least] }[how] ?? [];
      return [how, name, ...ages.map(String), rule];
    });
    expect(written.toSorted()).toEqual(wanted.toSorted());
  });

  it('give the presets that are shipped', async () => {
    const presets = await found<{ preset_key: string; name: string; touches: string[]; hours: string }>(`
      select c.preset_key, c.name,
        pg_catalog.array_agg(pg_catalog.format('%s +%s h', case t.channel when 'sms' then 'SMS' else t.channel end, t.delay_hours)
          order by t.touch_number) as touches,
        pg_catalog.string_agg(t.hours::text, ', ' order by t.touch_number) as hours
      from touchline.campaigns c
      join (
        select x.*, sum(x.delay_hours) over (partition by x.campaign_id, x.version order by x.touch_number) as hours
        from touchline.campaign_touches x
      ) t on (t.business_id, t.campaign_id, t.version) = (c.business_id, c.id, c.live_version)
      where c.is_preset
      group by 1, 2
      order by min(t.campaign_id::text)`);
    const padded = (touches: string[]): string[] => [...touches, '', '', '', ''].slice(0, 4);
    const wanted = presets.map(({ preset_key, name, touches, hours }) => [preset_key, name, ...padded(touches), hours]);
    expect(wanted).toHaveLength(3);
    const section = read('data-model/templates.md').split('## Presets')[1] ?? '';
    expect(tableRows(section).slice(1)).toEqual(wanted);
  });

  it('mention every function and view of the schema', async () => {
    const names = await found<{ name: string }>(`
      select distinct p.proname::text as name from pg_catalog.pg_proc p
      where p.pronamespace = 'touchline'::pg_catalog.regnamespace and p.proname not like 'invariant\\_%'
      union
      select c.relname from pg_catalog.pg_class c
      where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind = 'v'`);
    const page = read('data-model/functions.md');
    expect(names.map(({ name }) => name).filter((name) => !new RegExp(`\`${name}[\`(]`).test(page))).toEqual([]);
  });

  it('show the grants, policies and function headers of today', async () => {
    const client: PoolClient = await database.pool.connect();
    try {
      for (const { path, text } of await generatedPages(client)) {
        expect(readFileSync(join(docs, '..', path), 'utf8'), `${path}: run \`npm run gen\``).toBe(text);
      }
    } finally {
      client.release();
    }
  });
});
