// Role × table × verb × form, each really tried. What is expected stands in manifest.ts; what exists is asked of the catalog.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, actingAs, actors, anonymous, ownerA, service, type Tenant, worker } from './actors.ts';
import { attempt, undone } from './attempt.ts';
import {
  type Cell,
  columnCells,
  deleteCells,
  forbiddenCells,
  insertCells,
  type Meeting,
  selectCells,
  updateCells,
} from './cells.ts';
import { ruleOf, tables, tenantTables } from './manifest.ts';
import { allowedColumns, privilegeDifferences, strayPrivileges } from './privileges.ts';
import { readTruth, type Truth } from './row-walls.ts';
import { openWorld, type World } from './world.ts';
import { writes } from './writes.ts';

let world: World;
let client: pg.Client;
let truths: Map<string, Truth>;
let columns: Map<string, string[]>;
let serviceSeesAll: boolean;
let tried = 0;

beforeAll(async () => {
  world = await openWorld('matrix');
  client = world.client;
  await client.query(`
    create schema attack;
    grant all on schema attack to public;
    create function attack.noop() returns trigger language plpgsql as 'begin return new; end'`);
  truths = await undone(client, () => readTruth(client, world.ids));
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'touchline'::regnamespace and c.relkind in ('r', 'p') group by 1`,
  );
  columns = new Map(rows.map((row) => [row.name, row.columns]));
  const bypass = await client.query(`select rolbypassrls from pg_catalog.pg_roles where rolname = 'service_role'`);
  serviceSeesAll = bypass.rows[0]?.rolbypassrls === true;
});
afterAll(async () => {
  console.log(`matrix: ${tried} statements tried`);
  await world.close();
});

async function countTouchable(table: string): Promise<Meeting['touchable']> {
  const rule = ruleOf(table);
  const where = writes[table]?.where ?? 'true';
  const { rows } = await client.query<{ business: string; visible: number; writable: number }>(
    `select ${rule.tenant ?? 'null'}::text as business, count(*) filter (where ${where})::int as visible,
       count(*) filter (where (${where}) and ${rule.writableWhere ?? 'true'})::int as writable
     from touchline.${table} t group by 1`,
  );
  const per = (column: 'visible' | 'writable'): Map<Tenant, number> =>
    new Map(
      (['A', 'B', 'C', 'system'] as const).map((tenant) => [
        tenant,
        rows.find((row) => row.business === world.ids[tenant].business)?.[column] ?? 0,
      ]),
    );
  return { visible: per('visible'), writable: per('writable') };
}

async function meet(actor: Actor, table: string): Promise<Meeting> {
  const truth = truths.get(table);
  const names = columns.get(table);
  if (truth === undefined || names === undefined) throw new Error(`${table} stands in manifest.ts but does not exist`);
  return {
    table,
    actor,
    ids: world.ids,
    truth,
    columns: names,
    touchable: await countTouchable(table),
    serviceSeesAll,
  };
}

async function differences(actor: Actor, cells: Cell[]): Promise<string[]> {
  tried += cells.length;
  return actingAs(client, actor, async () => {
    const found: string[] = [];
    for (const { what, sql, expected } of cells) {
      const { outcome, message } = await attempt(client, sql);
      if (outcome !== expected) found.push(`${actor.name}: ${what}: ${outcome} instead of ${expected} ${message}`);
    }
    return found;
  });
}

describe('the manifest', () => {
  it('names every table, view, grant and policy of the schema, and nothing else (defect 72: nothing for anonymous)', async () => {
    expect(await privilegeDifferences(client)).toEqual([]);
  });

  it('leaves schemas, sequences and server files closed', async () => {
    expect(await strayPrivileges(client)).toEqual([]);
  });

  it('is tried on tables that hold rows of A and of B', () => {
    const empty = tenantTables.filter((table) =>
      (['A', 'B'] as const).some((tenant) => !truths.get(table)?.rows.get(tenant)),
    );
    expect(empty, 'tables without rows of both: a zero-row pass proves nothing').toEqual([]);
    expect(Object.keys(tables).filter((table) => truths.get(table)?.total === 0)).toEqual([]);
  });
});

describe.each(actors)('$name', (actor) => {
  it.each(Object.keys(tables))('%s', async (table) => {
    const meeting = await meet(actor, table);
    const cells = [
      ...selectCells(meeting),
      ...insertCells(meeting),
      ...updateCells(meeting),
      ...deleteCells(meeting),
      ...forbiddenCells(meeting),
    ];
    expect(await differences(actor, cells)).toEqual([]);
  });
});

describe.each([anonymous, ownerA, worker, service])('columns as $role', (actor) => {
  it.each(Object.keys(tables))('%s', async (table) => {
    const meeting = await meet(actor, table);
    const allowed = (verb: string): readonly string[] =>
      allowedColumns(ruleOf(table), actor.role, verb, meeting.columns);
    expect(await differences(actor, columnCells(meeting, allowed))).toEqual([]);
  });
});
