// Every lint is proved twice: the schema passes it, and a planted fault does not.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { undone } from './attempt.ts';
import { type Lint, tenantLints } from './lints.ts';
import { answeredBy, splinterLints } from './lints-splinter.ts';
import { privilegeDifferences } from './privileges.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let client: pg.Client;

beforeAll(async () => {
  world = await openWorld('lints');
  client = world.client;
});
afterAll(() => world.close());

async function offenders(lint: Lint): Promise<string[]> {
  const { rows } = await client.query<{ object: string }>(`select object::text from (${lint.sql}) found order by 1`);
  return rows.map((row) => row.object);
}

describe.each([...tenantLints, ...splinterLints])('$name', (lint) => {
  it('holds', async () => {
    expect(await offenders(lint), lint.why).toEqual([]);
  });

  it('names a planted fault', async () => {
    await undone(client, async () => {
      await client.query(lint.plant);
      expect((await offenders(lint)).join('\n')).toContain(lint.catches);
    });
  });
});

describe('TL14 every table has a row in the manifest', () => {
  it('holds', async () => {
    expect(await privilegeDifferences(client)).toEqual([]);
  });

  it.each([
    ['table', 'create table touchline.planted (x int)', 'planted: the table has no row'],
    ['view', 'create view touchline.planted as select 1 as x', 'planted: relation of kind "v"'],
    ['column', 'alter table touchline.links add column planted int', 'column grant "authenticated SELECT planted"'],
    ['grant', 'grant insert (id) on touchline.jobs to authenticated', 'column grant "authenticated INSERT id"'],
    ['policy', 'create policy planted on touchline.jobs for delete to authenticated using (true)', 'policy "planted d'],
    ['table gone', 'drop table touchline.idempotency_keys', 'idempotency_keys: stands in'],
  ])('names a planted %s and what to do', async (_, plant, message) => {
    await undone(client, async () => {
      await client.query(plant);
      const found = (await privilegeDifferences(client)).join('\n');
      expect(found).toContain(message);
      expect(found).toContain('manifest.ts');
    });
  });
});

describe('the list of public lints', () => {
  it('leaves out none of those that concern a schema like ours', () => {
    const named = [...Object.keys(answeredBy), ...splinterLints.map((lint) => lint.name)].map((name) =>
      name.slice(0, 4),
    );
    const wanted = '0001 0003 0004 0006 0007 0008 0009 0010 0011 0013 0014 0016 0023 0024 0028 0029 0030'.split(' ');
    expect(wanted.filter((number) => !named.includes(number))).toEqual([]);
    for (const answer of Object.values(answeredBy)) {
      expect(tenantLints.some((lint) => lint.name.startsWith(`${answer} `))).toBe(true);
    }
  });
});
