// Function × role: who may execute it, and what it answers to people who may execute it but not act for that business.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerB } from './actors.ts';
import { attempt, undone } from './attempt.ts';
import {
  callAsOwner,
  callFailures,
  functionDifferences,
  type TenantFunction,
  tenantFunctions,
} from './function-walls.ts';
import { authorizeMutants, executeMutants, type Mutant } from './mutants.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let client: pg.Client;

beforeAll(async () => {
  world = await openWorld('functions');
  client = world.client;
});
afterAll(() => world.close());

async function survivors(mutants: Mutant[], notices: (mutant: Mutant) => Promise<boolean>): Promise<string[]> {
  const alive: string[] = [];
  for (const mutant of mutants) {
    const noticed = await undone(client, async () => {
      await client.query(mutant.sql);
      return notices(mutant);
    });
    if (!noticed) alive.push(mutant.name);
  }
  console.log(`${mutants.length} mutants, ${mutants.length - alive.length} killed, ${alive.length} survived`);
  return alive;
}

describe('the manifest of functions', () => {
  it('names every function of the schema and who may execute it (defect 78)', async () => {
    expect(await functionDifferences(client)).toEqual([]);
  });

  it('notices every further grant', async () => {
    const mutants = await executeMutants(client);
    expect(await survivors(mutants, async () => (await functionDifferences(client)).length > 0)).toEqual([]);
  }, 60_000);

  it('says what to do about a function it does not know', async () => {
    await undone(client, async () => {
      await client.query(`create function touchline.planted() returns int language sql as 'select 1'`);
      expect(await functionDifferences(client)).toEqual([
        'planted(): not in test/security/manifest-functions.ts: decide who may execute it and add it there',
      ]);
    });
  });
});

describe('triggers of the schema', () => {
  it('cannot be called or hung on a table of somebody else', async () => {
    await undone(client, async () => {
      await client.query('create schema attack; grant all on schema attack to public; set local role authenticated');
      await client.query('create table attack.trap (business_id uuid, id uuid)');
      const sql =
        'create trigger trap after insert on attack.trap for each row execute function touchline.create_lanes()';
      expect((await attempt(client, sql)).outcome).toBe('denied');
    });
  });
});

describe('functions that act for a business (defects 44, 77)', () => {
  it.each(tenantFunctions)(
    '$signature answers members of the business, by their role, and nobody else',
    async (call) => {
      expect(await callFailures(client, call, world.ids)).toEqual([]);
    },
  );

  it.each(tenantFunctions)('S20 $signature refuses the connection of the owner', async (call) => {
    expect((await callAsOwner(client, call, world.ids)).outcome).toBe('TL100');
  });

  it('are noticed when they stop asking who calls', async () => {
    const mutants = await authorizeMutants(client);
    const callOf = ({ table }: Mutant): TenantFunction | undefined =>
      tenantFunctions.find(({ signature }) => signature === table);
    const called = mutants.filter((mutant) => callOf(mutant) !== undefined);
    const alive = await survivors(called, async (mutant) => {
      const call = callOf(mutant);
      return call !== undefined && (await callFailures(client, call, world.ids)).length > 0;
    });
    expect(alive).toEqual([]);
    const uncalled = mutants.filter((mutant) => callOf(mutant) === undefined).map(({ table }) => table);
    expect(uncalled, 'functions that ask require_access() and that the manifest gives no call for').toEqual([]);
  }, 60_000);

  it('that ask nothing, or tell foreign ids from unknown ones, are found: the probe can fail', async () => {
    const planted: TenantFunction = {
      signature: 'planted(uuid,uuid)',
      name: 'planted',
      need: 'write',
      object: 'customer',
      args: (ids) => `'${ids.customer}'`,
    };
    await undone(client, async () => {
      await client.query(`create function touchline.planted(p_business_id uuid, p_customer_id uuid) returns void
        language plpgsql security definer set search_path = '' as $$ begin
          update touchline.customers set first_name = 'x' where id = p_customer_id;
          if not found then raise exception 'no such customer' using errcode = 'TL201'; end if;
        end $$;
        grant execute on function touchline.planted(uuid, uuid) to authenticated`);
      const found = (await callFailures(client, planted, world.ids)).join('\n');
      expect(found).toContain(`${ownerB.name} on A: rows:1`);
      expect(found).toContain('viewer A on A: rows:1');
      expect(found).toContain("A with B's customer: rows:1");
    });
  });
});
