// Ways in through views, functions, error texts and connections (S10–S20).
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool, withRole } from '../../src/db/client.ts';
import {
  type Actor,
  actingAs,
  actors,
  attemptAs,
  become,
  ownerA,
  ownerB,
  signedInActors,
  twoBusinesses,
} from './actors.ts';
import { attempt, undone } from './attempt.ts';
import { views } from './manifest.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let client: pg.Client;

beforeAll(async () => {
  world = await openWorld('sneaky_sessions');
  client = world.client;
});
afterAll(() => world.close());

async function businessesSeen(on: pg.Client | pg.PoolClient, sql: string): Promise<string[]> {
  const { rows } = await on.query<{ business_id: string }>(sql);
  return [...new Set(rows.map((row) => row.business_id))].sort();
}

function own(actor: Actor): string[] {
  return actor.mine.map((tenant) => world.ids[tenant].business).sort();
}

describe('S10 views', () => {
  it('show nobody more than their tables do', async () => {
    for (const view of views) {
      for (const actor of signedInActors) {
        const seen = await actingAs(client, actor, () =>
          businessesSeen(client, `select business_id from touchline.${view}`),
        );
        const allowed = [...own(actor), world.ids.system.business];
        expect(
          seen.filter((business) => !allowed.includes(business)),
          `${view} as ${actor.name}`,
        ).toEqual([]);
      }
    }
  });

  it('that are plain would show everybody: the probe can fail', async () => {
    await undone(client, async () => {
      await client.query(`create view touchline.planted as select business_id from touchline.customers;
        grant select on touchline.planted to authenticated`);
      await become(client, ownerA);
      expect(await businessesSeen(client, 'select business_id from touchline.planted')).toHaveLength(3);
    });
  });
});

describe('S11 a temporary table that stands in for ours', () => {
  const shadow = (): string => `
    create temp table business_members (business_id uuid, user_id uuid, role text);
    insert into business_members values ('${world.ids.B.business}', '${ownerA.userId}', 'owner');
    grant all on business_members to public;
    set local search_path = pg_temp, touchline, pg_catalog`;

  it('does not deceive the lists that policies ask', async () => {
    await undone(client, async () => {
      await become(client, ownerA);
      await client.query(shadow());
      const { rows } = await client.query(
        'select touchline.my_business_ids() as mine, touchline.writable_business_ids() as writable',
      );
      expect(rows[0]).toEqual({ mine: own(ownerA), writable: own(ownerA) });
      expect(await businessesSeen(client, 'select business_id from touchline.customers')).toEqual(own(ownerA));
    });
  });

  it('does deceive a function that leaves its search_path open: the probe can fail', async () => {
    await undone(client, async () => {
      await client.query(`set local check_function_bodies = off;
        create function touchline.planted() returns uuid[] language sql stable security definer
        as 'select array_agg(business_id) from business_members where user_id = auth.uid()';
        grant execute on function touchline.planted() to authenticated`);
      await become(client, ownerA);
      await client.query(shadow());
      const { rows } = await client.query('select touchline.planted() as mine');
      expect(rows[0]?.mine).toEqual([world.ids.B.business]);
    });
  });
});

describe('S14 error texts', () => {
  it('do not print the row to a tenant, neither the failing nor the existing one', async () => {
    const { business } = world.ids.A;
    const check = `insert into touchline.customers (business_id, first_name, email) values ('${business}', 'Secret Name', 'NOT LOWER')`;
    const unique = `insert into touchline.customers (business_id, external_id) values ('${business}', 'customer-1')`;
    const failed = await attemptAs(client, ownerA, check);
    const doubled = await attemptAs(client, ownerA, unique);
    expect([failed.outcome, failed.detail]).toEqual(['23514', '']);
    expect([doubled.outcome, doubled.detail]).toEqual(['23505', '']);
    expect(`${failed.message}${doubled.message}`).not.toMatch(/Secret Name|customer-1/);
  });

  it('name no columns of a policy', async () => {
    const sql = `insert into touchline.customers (business_id) values ('${world.ids.B.business}')`;
    const { message, detail } = await attemptAs(client, ownerA, sql);
    expect(message).toBe('new row violates row-level security policy for table "customers"');
    expect(detail).toBe('');
  });
});

describe('S17 a pooled connection', () => {
  it('carries neither role nor claims into the next of 1,000 interleaved requests, errors included', async () => {
    // All wait for the one connection; on a busy machine longer than a request would.
    const pool = createPool(world.url, { max: 1, connectTimeoutMs: 60_000 });
    const wrong: string[] = [];
    let failed = 0;
    const one = async (n: number): Promise<void> => {
      const actor = signedInActors[n % signedInActors.length] ?? ownerA;
      const seen = await withRole(pool, { role: 'authenticated', userId: actor.userId ?? '' }, async (on) => {
        const businesses = await businessesSeen(on, 'select business_id from touchline.customers');
        if (n % 3 === 0) await on.query('select 1 / 0');
        if (n % 7 === 0) await on.query('insert into touchline.campaigns (id) values (null)');
        return businesses;
      }).catch((error: unknown) => {
        if (!(error instanceof pg.DatabaseError)) throw error;
        failed += 1;
        return null;
      });
      if (seen !== null && seen.join() !== own(actor).join()) wrong.push(`${actor.name} saw ${seen.join()}`);
      const left = await pool.query(
        `select current_user = session_user as itself, nullif(current_setting('request.jwt.claims', true), '') as claims`,
      );
      if (left.rows[0]?.itself !== true || left.rows[0]?.claims !== null)
        wrong.push(`left behind: ${JSON.stringify(left.rows)}`);
    };
    await Promise.all(Array.from({ length: 1000 }, (_, n) => one(n)));
    await pool.end();
    expect(wrong).toEqual([]);
    expect(failed).toBeGreaterThan(300);
  }, 60_000);

  it('that dies between role and commit leaves nothing to the one that replaces it', async () => {
    const pool = new pg.Pool({ connectionString: world.url, max: 1 });
    pool.on('error', () => undefined);
    const on = await pool.connect();
    // The server says so on the connection as well as in the query's answer.
    on.on('error', () => undefined);
    await on.query(
      `begin; set local role authenticated; select set_config('request.jwt.claims', '{"sub": "${ownerA.userId}"}', true)`,
    );
    const { rows } = await on.query<{ pid: number }>('select pg_backend_pid() as pid');
    const dying = on.query('select pg_sleep(30)').catch((error: unknown) => error);
    await client.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    expect(await dying).toBeInstanceOf(Error);
    on.release(true);
    const next = await pool.query(
      `select current_user = session_user as itself, current_setting('request.jwt.claims', true) as claims`,
    );
    expect(next.rows[0]?.itself).toBe(true);
    expect(next.rows[0]?.claims || null).toBeNull();
    await pool.end();
  });

  it('would keep what a plain SET left: the probe can fail, and DISCARD ALL mends it', async () => {
    const left = new pg.Client({ connectionString: world.url });
    await left.connect();
    const user = async (): Promise<unknown> => (await left.query('select current_user::text as name')).rows[0]?.name;
    const before = await user();
    await left.query('set role authenticated');
    expect(await user()).toBe('authenticated');
    await left.query('discard all');
    expect(await user()).toBe(before);
    await left.end();
  });
});

describe('S18 one prepared plan under changing roles', () => {
  it('shows each role and each person only their own rows', async () => {
    const prepared = { name: 'visible', text: 'select business_id from touchline.customers' };
    for (let round = 0; round < 12; round += 1) {
      for (const actor of [ownerA, ownerB, twoBusinesses]) {
        const seen = await actingAs(client, actor, async () => {
          const { rows } = await client.query<{ business_id: string }>(prepared);
          return [...new Set(rows.map((row) => row.business_id))].sort();
        });
        expect(seen, `round ${round}, ${actor.name}`).toEqual(own(actor));
      }
      const everything = await undone(client, () => client.query(prepared));
      expect(everything.rowCount).toBe(6);
    }
  });

  it('is refused to a role without privileges even when it is already planned', async () => {
    const prepared = { name: 'visible', text: 'select business_id from touchline.customers' };
    await expect(actingAs(client, actors[0] ?? ownerA, () => client.query(prepared))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('runs on a minor version in which role changes reach cached plans', async () => {
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    );
    const version = rows[0]?.version ?? 0;
    const fixed: Record<number, number> = { 15: 150009, 16: 160005, 17: 170001 };
    expect(version).toBeGreaterThanOrEqual(fixed[Math.floor(version / 10000)] ?? 180000);
  });
});

describe('S19 switches that would turn the walls off', () => {
  it('fail closed or are refused', async () => {
    await actingAs(client, ownerA, async () => {
      await client.query('set local row_security = off');
      expect((await attempt(client, 'select from touchline.customers')).outcome).toBe('rls');
    });
    expect((await attemptAs(client, ownerA, 'set local session_replication_role = replica')).outcome).toBe('denied');
    expect((await attemptAs(client, ownerA, 'alter role authenticated bypassrls')).outcome).toBe('denied');
  });

  it.each(['service_role', 'touchline_worker'])('a session of a tenant cannot become %s', async (role) => {
    const session = new pg.Client({ connectionString: world.url });
    await session.connect();
    await session.query('set session authorization authenticated');
    await expect(session.query(`set role ${role}`)).rejects.toMatchObject({ code: '42501' });
    await expect(session.query('set local session_replication_role = replica')).rejects.toMatchObject({
      code: '42501',
    });
    await session.end();
  });
});

describe('S20 the owner of the tables', () => {
  it('passes RLS, which is why no run-time role is the owner or may become it', async () => {
    const { rows } = await client.query<{ owner: string }>(
      `select distinct relowner::regrole::text as owner from pg_catalog.pg_class where relnamespace = 'touchline'::regnamespace`,
    );
    expect(rows).toHaveLength(1);
    const owner = rows[0]?.owner ?? '';
    for (const actor of actors) {
      const { rows: powers } = await client.query(`select pg_has_role($1, $2, 'member') as becomes`, [
        actor.role,
        owner,
      ]);
      expect(powers[0]?.becomes, `${actor.role} → ${owner}`).toBe(false);
    }
  });
});
