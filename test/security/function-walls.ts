// The functions' side of the matrix: who may execute what, compared with the manifest, and what the functions say to people
// who may execute them but not act for that business.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import {
  type Actor,
  attemptAs,
  databaseRoles,
  managerA,
  noBusiness,
  ownerA,
  ownerB,
  twoBusinesses,
  viewerA,
} from './actors.ts';
import { attempt, type Try, undone } from './attempt.ts';
import type { Ids } from './fixture.ts';
import { functions, type Need, ruleOf, type TenantCall } from './manifest-functions.ts';
import type { TenantIds } from './row-walls.ts';

/** Signatures of the schema's functions, without the schema, and the roles that may execute each. */
async function executors(client: pg.Client): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ signature: string; roles: string[] }>(
    `select pg_catalog.replace(p.oid::regprocedure::text, 'touchline.', '') as signature,
       array(select r from unnest($1::text[]) r where pg_catalog.has_function_privilege(r, p.oid, 'EXECUTE') order by r)
       || array(select 'public' from pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) g
         where g.grantee = 0) as roles
     from pg_catalog.pg_proc p where p.pronamespace = 'touchline'::regnamespace order by 1`,
    [databaseRoles],
  );
  return new Map(rows.map((row) => [row.signature, row.roles]));
}

/**
 * Compares who may execute what with the manifest.
 * @returns one sentence per difference
 */
export async function functionDifferences(client: pg.Client): Promise<string[]> {
  const found = await executors(client);
  const differing = [...found].flatMap(([signature, roles]) => {
    const rule = ruleOf(signature);
    if (rule === undefined) {
      return [`${signature}: not in test/security/manifest-functions.ts: decide who may execute it and add it there`];
    }
    const expected = [...rule.executes].sort();
    return roles.join() === expected.join()
      ? []
      : [
          `${signature}: executed by [${roles.join()}], the manifest says [${expected.join()}]: change its grants or the manifest`,
        ];
  });
  const missing = Object.keys(functions).filter((signature) => !found.has(signature));
  return [
    ...differing,
    ...missing.map((signature) => `${signature}: in the manifest but not in the schema: take it out`),
  ];
}

export interface TenantFunction extends TenantCall {
  signature: string;
  name: string;
}

/** Functions that act for one business, named by their first argument. */
export const tenantFunctions: readonly TenantFunction[] = Object.entries(functions).flatMap(([signature, rule]) =>
  rule.tenant === undefined ? [] : [{ ...rule.tenant, signature, name: signature.slice(0, signature.indexOf('(')) }],
);

/** The call with a business and somebody's ids. */
export function callOf(tenantFunction: TenantFunction, business: string, ids: Ids): string {
  const args = tenantFunction.args(ids);
  return `select touchline.${tenantFunction.name}('${business}'${args === '' ? '' : `, ${args}`})`;
}

const levels: Record<Need, readonly Actor[]> = {
  read: [ownerA, managerA, viewerA, twoBusinesses],
  write: [ownerA, managerA, twoBusinesses],
  own: [ownerA],
};

function words({ outcome, message, detail }: Try, ...ids: string[]): string {
  return ids.reduce((text, id) => text.replaceAll(id, '<id>'), `${outcome} ${message} ${detail}`);
}

const refusals = ['TL201', 'TL202', 'denied', 'rls'];

async function actorFailures(client: pg.Client, call: TenantFunction, ids: TenantIds): Promise<string[]> {
  const failures: string[] = [];
  for (const actor of [ownerA, managerA, viewerA, twoBusinesses, noBusiness, ownerB]) {
    const may = levels[call.need].includes(actor);
    const result = await attemptAs(client, actor, callOf(call, ids.A.business, ids.A));
    const passed = !refusals.includes(result.outcome);
    if (passed !== may) {
      failures.push(`${call.signature}: ${actor.name} on A: ${result.outcome} ${result.message}, needs "${call.need}"`);
    }
    if (may && passed && !result.outcome.startsWith('rows:')) {
      failures.push(
        `${call.signature}: the call in the manifest does not succeed for ${actor.name}: ${result.outcome} ${result.message}`,
      );
    }
  }
  return failures;
}

async function oracleFailures(client: pg.Client, call: TenantFunction, ids: TenantIds): Promise<string[]> {
  const unknown = randomUUID();
  const theirs = await attemptAs(client, ownerB, callOf(call, ids.A.business, ids.A));
  const nothing = await attemptAs(client, ownerB, callOf(call, unknown, ids.A));
  const failures: string[] = [];
  if (words(theirs, ids.A.business) !== words(nothing, unknown)) {
    failures.push(`${call.signature}: B tells A's business from none: ${words(theirs)} | ${words(nothing)}`);
  }
  if (call.object === undefined) return failures;
  const key = call.object;
  const foreign = await attemptAs(client, ownerA, callOf(call, ids.A.business, { ...ids.A, [key]: ids.B[key] }));
  const none = await attemptAs(client, ownerA, callOf(call, ids.A.business, { ...ids.A, [key]: unknown }));
  if (foreign.outcome.startsWith('rows:') || words(foreign, ids.B[key]) !== words(none, unknown)) {
    failures.push(`${call.signature}: A with B's ${key}: ${words(foreign)} | with none: ${words(none)}`);
  }
  return failures;
}

/**
 * Calls one tenant function as everybody, on own, foreign and unknown ids.
 * @returns one sentence per wrong answer
 */
export async function callFailures(client: pg.Client, call: TenantFunction, ids: TenantIds): Promise<string[]> {
  return [...(await actorFailures(client, call, ids)), ...(await oracleFailures(client, call, ids))];
}

/** The call on the connection of the owner, who never acts for a business (rules.md 27). */
export async function callAsOwner(client: pg.Client, call: TenantFunction, ids: TenantIds): Promise<Try> {
  return undone(client, () => attempt(client, callOf(call, ids.A.business, ids.A)));
}
