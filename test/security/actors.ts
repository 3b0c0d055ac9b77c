// Who tries: the roles of the matrix, each as the database sees it (role and claims, set for one transaction).
import type pg from 'pg';
import { attempt, type Try, undone } from './attempt.ts';

export type Tenant = 'A' | 'B' | 'C' | 'system';
export type DatabaseRole = 'anon' | 'authenticated' | 'touchline_worker' | 'service_role';

export interface Actor {
  name: string;
  role: DatabaseRole;
  userId: string | null;
  /** Businesses whose members this actor is among. */
  mine: readonly Tenant[];
  /** Of those, the ones where the actor is owner or manager. */
  writes: readonly Tenant[];
}

export const databaseRoles: readonly DatabaseRole[] = ['anon', 'authenticated', 'touchline_worker', 'service_role'];

/** Ids of people, readable in a failing test's output. */
export const people = {
  ownerA: 'aaaaaaaa-0000-7000-8000-000000000001',
  managerA: 'aaaaaaaa-0000-7000-8000-000000000002',
  viewerA: 'aaaaaaaa-0000-7000-8000-000000000003',
  ownerB: 'bbbbbbbb-0000-7000-8000-000000000001',
  ownerC: 'cccccccc-0000-7000-8000-000000000001',
  both: 'acacacac-0000-7000-8000-000000000001',
  nobody: 'dddddddd-0000-7000-8000-000000000001',
} as const;

function signedIn(name: string, userId: string, mine: readonly Tenant[], writes: readonly Tenant[] = mine): Actor {
  return { name, role: 'authenticated', userId, mine, writes };
}

export const ownerA = signedIn('owner A', people.ownerA, ['A']);
export const managerA = signedIn('manager A', people.managerA, ['A']);
export const viewerA = signedIn('viewer A', people.viewerA, ['A'], []);
export const ownerB = signedIn('owner B', people.ownerB, ['B']);
/** Manager of A and viewer of C: what one membership allows must not leak into the other. */
export const twoBusinesses = signedIn('member of two businesses', people.both, ['A', 'C'], ['A']);
export const noBusiness = signedIn('no business yet', people.nobody, []);
export const anonymous: Actor = { name: 'anonymous', role: 'anon', userId: null, mine: [], writes: [] };
export const worker: Actor = { name: 'worker', role: 'touchline_worker', userId: null, mine: [], writes: [] };
export const service: Actor = { name: 'service', role: 'service_role', userId: null, mine: [], writes: [] };

export const signedInActors: readonly Actor[] = [ownerA, managerA, viewerA, twoBusinesses, noBusiness, ownerB];
export const actors: readonly Actor[] = [anonymous, ...signedInActors, worker, service];

function claimsOf(actor: Actor): string {
  return actor.userId === null ? '' : JSON.stringify({ sub: actor.userId, role: actor.role });
}

/** Turns the current transaction into one of the actor's; `reset role` ends it. */
export async function become(client: pg.Client, actor: Actor): Promise<void> {
  await client.query(
    `set local role ${actor.role}; select pg_catalog.set_config('request.jwt.claims', '${claimsOf(actor)}', true)`,
  );
}

/** Runs `work` as the actor in a transaction that is always rolled back. */
export async function actingAs<T>(client: pg.Client, actor: Actor, work: () => Promise<T>): Promise<T> {
  return undone(client, async () => {
    await become(client, actor);
    return work();
  });
}

/** One statement tried by the actor, and undone. */
export async function attemptAs(client: pg.Client, actor: Actor, sql: string, values: unknown[] = []): Promise<Try> {
  return actingAs(client, actor, () => attempt(client, sql, values));
}
