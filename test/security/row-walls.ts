// Row level security alone: every grant is given, triggers and foreign keys are off, so that each policy is measured by
// itself and no other wall can hide that one of them does nothing.
import type pg from 'pg';
import { type Actor, become, signedInActors, type Tenant } from './actors.ts';
import { attempt, takenBack } from './attempt.ts';
import type { Ids } from './fixture.ts';
import { ruleOf, type TableRule, tables, tenantTables } from './manifest.ts';
import { writes } from './writes.ts';

export interface Truth {
  /** Rows per business, as the owner counts them. */
  rows: Map<Tenant, number>;
  /** Of those, the ones that may be written at all. */
  writable: Map<Tenant, number>;
  total: number;
  /** A change that every row can take. */
  harmless: string;
}

export type TenantIds = Record<Tenant, Ids>;

const tenants: readonly Tenant[] = ['A', 'B', 'C', 'system'];

/**
 * Takes every wall down but RLS, for the rest of the transaction. A gets a preset row, which no CHECK forbids any more, and
 * the system business rows in every table, so that a policy that wrongly shows them does show something.
 */
export async function leaveOnlyRowSecurity(client: pg.Client, ids: TenantIds): Promise<void> {
  await client.query(`
    set local session_replication_role = replica;
    grant select, insert, update, delete on all tables in schema touchline to authenticated;
    grant usage on all sequences in schema touchline to authenticated;
    alter table touchline.campaigns drop constraint campaigns_is_preset, drop constraint campaigns_preset_key;
    insert into touchline.campaigns (business_id, name, is_preset, preset_key)
    values ('${ids.A.business}', 'Own preset', true, 'fixture');
    insert into touchline.business_members (business_id, user_id, role)
    values ('${ids.system.business}', '${ids.system.business}', 'owner')`);
  for (const table of tenantTables.filter((name) => ruleOf(name).tenant === 'business_id')) {
    await client.query(`
      insert into touchline.${table}
      select (jsonb_populate_record(t, '{"business_id": "${ids.system.business}"}')).*
      from touchline.${table} t
      where business_id = '${ids.A.business}'
        and not exists (select from touchline.${table} where business_id = '${ids.system.business}')`);
  }
}

async function harmlessChange(client: pg.Client, table: string): Promise<string> {
  const change = writes[table]?.set;
  if (change !== undefined) return change;
  if (ruleOf(table).update !== undefined) {
    throw new Error(`${table} may be updated: add a change that every row can take to test/security/writes.ts`);
  }
  // Where nothing may be updated no row is reached, so that any column will do.
  const { rows } = await client.query<{ name: string }>(
    'select attname as name from pg_catalog.pg_attribute where attrelid = $1::regclass and attnum = 1',
    [`touchline.${table}`],
  );
  return `${rows[0]?.name} = default`;
}

async function truthOf(client: pg.Client, ids: TenantIds, table: string): Promise<Truth> {
  const rule = ruleOf(table);
  const { rows } = await client.query<{ business: string | null; all: number; writable: number }>(
    `select ${rule.tenant ?? 'null'} as business, count(*)::int as all,
       count(*) filter (where ${rule.writableWhere ?? 'true'})::int as writable
     from touchline.${table} group by 1`,
  );
  const count = (tenant: Tenant) => rows.find((row) => row.business === ids[tenant].business);
  return {
    rows: new Map(tenants.map((tenant) => [tenant, count(tenant)?.all ?? 0])),
    writable: new Map(tenants.map((tenant) => [tenant, count(tenant)?.writable ?? 0])),
    total: rows.reduce((sum, row) => sum + row.all, 0),
    harmless: await harmlessChange(client, table),
  };
}

/** What every table really holds, counted as the owner. */
export async function readTruth(client: pg.Client, ids: TenantIds): Promise<Map<string, Truth>> {
  const truths = new Map<string, Truth>();
  for (const table of Object.keys(tables)) truths.set(table, await truthOf(client, ids, table));
  return truths;
}

function readableTenants(rule: TableRule, actor: Actor): readonly Tenant[] {
  if (rule.select === undefined) return [];
  if (rule.select.rows === 'mine') return actor.mine;
  return [...actor.mine, 'system'];
}

/** How many rows an actor must see, per business; `null` stands for a table without businesses. */
export function expectedVisible(rule: TableRule, actor: Actor, truth: Truth): Map<Tenant, number> | number {
  if (rule.tenant === undefined) return rule.select?.rows === 'all' ? truth.total : 0;
  const readable = readableTenants(rule, actor);
  return new Map(tenants.map((tenant) => [tenant, readable.includes(tenant) ? (truth.rows.get(tenant) ?? 0) : 0]));
}

interface Probe {
  what: string;
  sql: string;
  passes: (outcome: string) => boolean;
  expected: string;
}

function exactly(what: string, sql: string, expected: string): Probe {
  return { what, sql, expected, passes: (outcome) => outcome === expected };
}

function insertProbes(table: string, rule: TableRule, actor: Actor, ids: TenantIds): Probe[] {
  if (rule.tenant === undefined)
    return [exactly('insert a row', `insert into touchline.${table} default values`, 'rls')];
  return tenants.map((tenant) => {
    const target = ids[tenant];
    const [column, value, allowed] =
      table === 'businesses'
        ? ['user_id', target.owner, target.owner === actor.userId]
        : [rule.tenant, target.business, actor.writes.includes(tenant)];
    const may = rule.insert !== undefined && allowed;
    // The policy is asked before NOT NULL, CHECK and keys are: any other error means that it let the row through.
    return {
      what: `insert a row of ${tenant}`,
      sql: `insert into touchline.${table} (${column}) values ('${value}')`,
      passes: (outcome) => (outcome === 'rls') !== may,
      expected: may ? 'anything but rls' : 'rls',
    };
  });
}

function writeProbes(table: string, rule: TableRule, actor: Actor, ids: TenantIds, truth: Truth): Probe[] {
  const writable = actor.writes.reduce((sum, tenant) => sum + (truth.writable.get(tenant) ?? 0), 0);
  const updated = rule.update === undefined ? 0 : writable;
  const away = tenants.find((tenant) => tenant !== 'A' && tenant !== actor.writes[0]) ?? 'B';
  const target = actor.mine.includes('C') ? 'C' : away;
  const probes = [
    // Without WHERE and RETURNING no SELECT policy helps: this is the bare UPDATE and DELETE policy.
    exactly('update every row', `update touchline.${table} set ${truth.harmless}`, `rows:${updated}`),
    exactly('delete every row', `delete from touchline.${table}`, `rows:${rule.delete === true ? writable : 0}`),
  ];
  if (rule.tenant !== undefined) {
    const move = `update touchline.${table} set ${rule.tenant} = '${ids[target].business}'`;
    probes.push(exactly(`move rows to ${target}`, move, updated > 0 ? 'rls' : 'rows:0'));
  }
  if (table === 'campaigns') {
    const flag = `insert into touchline.campaigns (business_id, name, is_preset) values ('${ids.A.business}', 'x', true)`;
    probes.push(exactly('insert a preset', flag, 'rls'));
    const flip = 'update touchline.campaigns set is_preset = true';
    probes.push(exactly('make a preset of own rows', flip, updated > 0 ? 'rls' : 'rows:0'));
  }
  return probes;
}

async function readFailure(
  client: pg.Client,
  table: string,
  actor: Actor,
  ids: TenantIds,
  truth: Truth,
): Promise<string[]> {
  const rule = ruleOf(table);
  const expected = expectedVisible(rule, actor, truth);
  const { outcome, rows } = await attempt(
    client,
    `select ${rule.tenant ?? 'null'} as business, count(*)::int as n from touchline.${table} group by 1`,
  );
  const seen = (tenant: Tenant): number => Number(rows.find((row) => row.business === ids[tenant].business)?.n ?? 0);
  const sum = rows.reduce((total, row) => total + Number(row.n), 0);
  if (typeof expected === 'number') {
    return outcome.startsWith('rows:') && sum === expected
      ? []
      : [`${table}: ${actor.name} sees ${outcome} ${sum} rows instead of ${expected}`];
  }
  const wrong = tenants.filter((tenant) => seen(tenant) !== expected.get(tenant));
  return wrong.map(
    (tenant) => `${table}: ${actor.name} sees ${seen(tenant)} rows of ${tenant} instead of ${expected.get(tenant)}`,
  );
}

async function actorFailures(
  client: pg.Client,
  table: string,
  actor: Actor,
  ids: TenantIds,
  truth: Truth,
): Promise<string[]> {
  await become(client, actor);
  const failures = await readFailure(client, table, actor, ids, truth);
  const rule = ruleOf(table);
  for (const probe of [...insertProbes(table, rule, actor, ids), ...writeProbes(table, rule, actor, ids, truth)]) {
    const { outcome } = await attempt(client, probe.sql);
    if (!probe.passes(outcome)) {
      failures.push(`${table}: ${actor.name} tries to ${probe.what}: ${outcome} instead of ${probe.expected}`);
    }
  }
  return failures;
}

/**
 * Measures the policies of one table with every signed-in actor; call after leaveOnlyRowSecurity.
 * @param everything false: stop at the first actor who gets through, which is all a mutant needs
 * @returns one sentence per difference from the manifest
 */
export async function rowFailures(
  client: pg.Client,
  table: string,
  ids: TenantIds,
  truth: Truth,
  everything = true,
): Promise<string[]> {
  const failures: string[] = [];
  for (const actor of signedInActors) {
    failures.push(...(await takenBack(client, () => actorFailures(client, table, actor, ids, truth))));
    if (failures.length > 0 && !everything) break;
  }
  return failures;
}
