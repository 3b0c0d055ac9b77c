// A's texts are marked; B and everybody else who is not of A reads all there is to read and never meets a mark (S12).
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, actors, attemptAs, become, managerA, noBusiness, ownerA, ownerB } from './actors.ts';
import { attempt, undone } from './attempt.ts';
import { canaryPattern, type Marked, mark } from './canary.ts';
import { callOf, tenantFunctions } from './function-walls.ts';
import { tables, views } from './manifest.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let client: pg.Client;
let found: Marked;

beforeAll(async () => {
  world = await openWorld('canary');
  client = world.client;
  await client.query('begin');
  found = await mark(client, world.ids);
  await client.query('commit');
});
afterAll(() => world.close());

// Anonymous people cannot name anything in the schema (the matrix tries); service_role is the server, which serves everybody.
const strangers: readonly Actor[] = actors.filter(
  (actor) => !actor.mine.includes('A') && !['anon', 'service_role'].includes(actor.role),
);

/** Everything a relation shows an actor, as one text; bytes are shown as text, too. */
async function everythingIn(relation: string): Promise<string> {
  const names = await client.query<{ name: string }>(
    `select attname as name from pg_catalog.pg_attribute
     where attrelid = $1::regclass and attnum > 0 and has_column_privilege(attrelid, attnum, 'SELECT')`,
    [`touchline.${relation}`],
  );
  const columns = names.rows.map(({ name }) => name);
  if (columns.length === 0) return '';
  const { rows } = await attempt(client, `select ${columns.join(', ')} from touchline.${relation}`);
  return rows
    .flatMap((row) => Object.values(row))
    .map((value) => (Buffer.isBuffer(value) ? value.toString('utf8') : JSON.stringify(value)))
    .join(' ');
}

describe('the marks', () => {
  it('stand in every text of A except where a CHECK allows only codes', async () => {
    expect(found.marked.length).toBeGreaterThan(60);
    const { rows } = await client.query<{ column: string }>(
      `select c.relname || '.' || a.attname as column
       from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
       join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = any (k.conkey)
       where k.contype in ('c', 'f') and c.relnamespace = 'touchline'::regnamespace`,
    );
    const constrained = rows.map((row) => row.column);
    expect(found.refused.filter((column) => !constrained.includes(column))).toEqual([]);
  });

  it.each([ownerA, managerA])('are met by $name: the crawl can find them', async (actor) => {
    await undone(client, async () => {
      await become(client, actor);
      for (const relation of ['customers', 'campaigns', 'message_templates', 'send_logs', 'audit_log', 'api_keys']) {
        expect(await everythingIn(relation), relation).toMatch(canaryPattern);
      }
    });
  });
});

describe.each(strangers)('$name', (actor) => {
  it('meets no mark in any table or view (defect 76)', async () => {
    await undone(client, async () => {
      await become(client, actor);
      for (const relation of [...Object.keys(tables), ...views]) {
        expect(await everythingIn(relation), relation).not.toMatch(canaryPattern);
      }
    });
  });
});

describe('functions', () => {
  it('return and say nothing of A to B, with own, foreign and mixed ids', async () => {
    const { A, B } = world.ids;
    for (const call of tenantFunctions) {
      for (const sql of [callOf(call, B.business, B), callOf(call, A.business, A), callOf(call, B.business, A)]) {
        const { rows, message, detail } = await attemptAs(client, ownerB, sql);
        expect(`${JSON.stringify(rows)} ${message} ${detail}`, sql).not.toMatch(canaryPattern);
      }
    }
  });
});

describe('counts and sums', () => {
  const aggregates = [
    'select count(*)::int as n from touchline.customers',
    'select count(distinct business_id)::int as n from touchline.send_logs',
    'select coalesce(sum(sent), 0)::int as n from touchline.daily_stats',
    `select count(*)::int as n from touchline.customers where (first_name ilike '%canary%' or email like '%canary%')`,
    'select count(*)::int as n from touchline.campaigns c where not is_preset',
    'select count(*)::int as n from touchline.customers c join touchline.jobs j using (business_id) where c.business_id is not null',
  ];

  it('cover own rows only, without any filter by business', async () => {
    for (const sql of aggregates) {
      const direct = await undone(client, () =>
        client.query(`${sql}${/where/.test(sql) ? ' and' : ' where'} business_id = '${world.ids.B.business}'`),
      );
      const asB = await undone(client, async () => {
        await become(client, ownerB);
        return client.query(sql);
      });
      expect(asB.rows, sql).toEqual(direct.rows);
      const asNobody = await undone(client, async () => {
        await become(client, noBusiness);
        return client.query(sql);
      });
      expect(asNobody.rows, sql).toEqual([{ n: 0 }]);
    }
  });
});
