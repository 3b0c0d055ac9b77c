// The cells of the matrix as statements that are really tried: each verb in its forms, with the outcome the manifest asks for.
import type { Actor, Tenant } from './actors.ts';
import { ruleOf, type TableRule } from './manifest.ts';
import { expectedVisible, type TenantIds, type Truth } from './row-walls.ts';
import { writes } from './writes.ts';

export interface Cell {
  what: string;
  sql: string;
  expected: string;
}

/** A table as one actor meets it. */
export interface Meeting {
  table: string;
  actor: Actor;
  ids: TenantIds;
  truth: Truth;
  /** Rows that `writes` may touch: the ones it names, per business, as the owner counts them. */
  touchable: { visible: Map<Tenant, number>; writable: Map<Tenant, number> };
  columns: readonly string[];
  /** Whether this server lets service_role past row level security, as Supabase's does. */
  serviceSeesAll: boolean;
}

const tenants: readonly Tenant[] = ['A', 'B', 'C', 'system'];

function sum(counts: Map<Tenant, number>, over: readonly Tenant[]): number {
  return over.reduce((total, tenant) => total + (counts.get(tenant) ?? 0), 0);
}

/** Whether the role may use the verb on the table at all. */
function permits(rule: TableRule, actor: Actor, letter: 'S' | 'I' | 'U' | 'D'): boolean {
  if (actor.role === 'service_role') return rule.service.includes(letter);
  if (actor.role !== 'authenticated') return false;
  const verbs = { S: rule.select, I: rule.insert, U: rule.update, D: rule.delete };
  return verbs[letter] !== undefined;
}

function visibleCount({ table, actor, truth, serviceSeesAll }: Meeting): number {
  if (actor.role === 'service_role') return serviceSeesAll ? truth.total : 0;
  const expected = expectedVisible(ruleOf(table), actor, truth);
  return typeof expected === 'number' ? expected : sum(expected, tenants);
}

/** SELECT in its forms; the number of rows is the number the owner counts. */
export function selectCells(meeting: Meeting): Cell[] {
  const { table, actor } = meeting;
  const rule = ruleOf(table);
  const t = `touchline.${table}`;
  const column = rule.tenant ?? meeting.columns[0];
  const expected = permits(rule, actor, 'S') ? `rows:${visibleCount(meeting)}` : 'denied';
  const whole = rule.select?.hidden?.length && actor.role === 'authenticated' ? 'denied' : expected;
  return [
    { what: 'select', sql: `select ${column} from ${t}`, expected },
    { what: 'select in a CTE', sql: `with r as materialized (select ${column} from ${t}) select * from r`, expected },
    { what: 'select every column', sql: `select * from ${t}`, expected: whole },
    { what: 'copy out', sql: `copy ${t} (${column}) to stdout`, expected },
  ];
}

// A role without rows of its own is asked only whether it may: no row qualifies, and privileges are checked all the same.
function bareCells(meeting: Meeting, letter: 'I' | 'U' | 'D'): Cell[] {
  const { table, actor, columns } = meeting;
  const t = `touchline.${table}`;
  const column = columns[0];
  const statement = {
    I: `insert into ${t} (${column}) select (r).${column} from (select null::${t} as r) x where false`,
    U: `update ${t} set ${column} = default where false`,
    D: `delete from ${t} where false`,
  }[letter];
  const merge = {
    I: `merge into ${t} using (select 1 where false) v on false when not matched then insert (${column}) values (default)`,
    U: `merge into ${t} using (select 1 where false) v on false when matched then update set ${column} = default`,
    D: `merge into ${t} using (select 1 where false) v on false when matched then delete`,
  }[letter];
  const verb = { I: 'insert', U: 'update', D: 'delete' }[letter];
  const may = permits(ruleOf(table), actor, letter);
  const cells = [
    { what: verb, sql: statement, expected: may ? 'rows:0' : 'denied' },
    {
      what: `${verb} in a CTE`,
      sql: `with w as (${statement} returning 1) select * from w`,
      expected: may ? 'rows:0' : 'denied',
    },
    { what: `${verb} by merge`, sql: merge, expected: may ? 'rows:0' : 'denied' },
  ];
  const copy = { what: 'copy in', sql: `copy ${t} (${column}) from stdin`, expected: may ? copyIn(meeting) : 'denied' };
  return letter === 'I' ? [...cells, copy] : cells;
}

/** COPY FROM is refused under RLS (0A000); past it the driver itself ends the copy (57014). */
function copyIn({ actor, serviceSeesAll }: Meeting): string {
  return actor.role === 'service_role' && serviceSeesAll ? '57014' : '0A000';
}

/** INSERT of a valid row for each business, in its forms. */
export function insertCells(meeting: Meeting): Cell[] {
  const { table, actor, ids } = meeting;
  const rule = ruleOf(table);
  const insert = writes[table]?.insert;
  if (actor.role !== 'authenticated' || rule.insert === undefined) return bareCells(meeting, 'I');
  if (insert === undefined) throw new Error(`${table} allows inserts: add a valid row to test/security/writes.ts`);
  const t = `touchline.${table}`;
  return tenants.flatMap((tenant) => {
    const row = insert(ids[tenant]);
    const names = Object.keys(row).join(', ');
    const values = Object.values(row)
      .map((value) => `'${value}'`)
      .join(', ');
    const own = table === 'businesses' ? row.user_id === actor.userId : actor.writes.includes(tenant);
    const expected = own ? 'rows:1' : 'rls';
    const statement = `insert into ${t} (${names}) values (${values})`;
    // A new business is nobody's until its trigger has added the owner, so what is RETURNING it cannot be shown yet.
    const returning = own && table !== 'businesses' ? 'rows:1' : 'rls';
    return [
      { what: `insert for ${tenant}`, sql: statement, expected },
      { what: `insert for ${tenant} in a CTE`, sql: `with w as (${statement}) select 1`, expected },
      { what: `insert for ${tenant} returning`, sql: `${statement} returning ${rule.tenant}`, expected: returning },
      { what: `insert for ${tenant} from select`, sql: `insert into ${t} (${names}) select ${values}`, expected },
      {
        what: `insert for ${tenant} by merge`,
        sql: `merge into ${t} using (values (1)) v (x) on false when not matched then insert (${names}) values (${values})`,
        expected,
      },
      { what: `copy in for ${tenant}`, sql: `copy ${t} (${names}) from stdin`, expected: copyIn(meeting) },
    ];
  });
}

function writeForms(meeting: Meeting, verb: 'update' | 'delete', statement: string, action: string): Cell[] {
  const { table, actor, touchable } = meeting;
  const rule = ruleOf(table);
  const where = writes[table]?.where ?? 'true';
  const written = `rows:${sum(touchable.writable, actor.writes)}`;
  const readable: readonly Tenant[] = rule.select?.rows === 'readable' ? [...actor.mine, 'system'] : actor.mine;
  const visible = `rows:${sum(touchable.visible, readable)}`;
  const tenant = rule.tenant;
  const foreign = actor.mine.includes('B') ? meeting.ids.A.business : meeting.ids.B.business;
  return [
    { what: verb, sql: `${statement} where ${where}`, expected: written },
    {
      what: `${verb} in a CTE`,
      sql: `with w as (${statement} where ${where} returning 1) select * from w`,
      expected: written,
    },
    { what: `${verb} returning`, sql: `${statement} where ${where} returning t.${tenant}`, expected: written },
    { what: `${verb} by foreign id`, sql: `${statement} where t.${tenant} = '${foreign}'`, expected: 'rows:0' },
    {
      // MERGE does not skip rows that are seen but not writable: it fails on the first of them. What it sees is held to the
      // SELECT policy only when it reads a column.
      what: `${verb} by merge`,
      sql: `merge into touchline.${table} t using (values (1)) v (x) on t.${tenant} is not null and ${where}
        when matched then ${action}`,
      expected: visible === written ? written : 'rls',
    },
  ];
}

/** UPDATE of every row a member may touch, in its forms. */
export function updateCells(meeting: Meeting): Cell[] {
  const { table, actor } = meeting;
  if (actor.role !== 'authenticated' || ruleOf(table).update === undefined) return bareCells(meeting, 'U');
  const set = writes[table]?.set;
  return writeForms(meeting, 'update', `update touchline.${table} t set ${set}`, `update set ${set}`);
}

/** DELETE of every row a member may touch, in its forms. */
export function deleteCells(meeting: Meeting): Cell[] {
  const { table, actor } = meeting;
  if (actor.role !== 'authenticated' || ruleOf(table).delete === undefined) return bareCells(meeting, 'D');
  return writeForms(meeting, 'delete', `delete from touchline.${table} t`, 'delete');
}

/** What no run-time role may do to any table. */
export function forbiddenCells({ table }: Meeting): Cell[] {
  const t = `touchline.${table}`;
  return [
    ['truncate', `truncate ${t} cascade`],
    ['reference it', `create table attack.probe (x uuid, foreign key (x) references ${t})`],
    ['hang a trigger on it', `create trigger probe before insert on ${t} for each row execute function attack.noop()`],
    ['change its columns', `alter table ${t} add column probe text`],
    ['switch off its row security', `alter table ${t} disable row level security`],
    ['own it', `alter table ${t} owner to current_user`],
    ['add a policy', `create policy probe on ${t} using (true)`],
    ['drop it', `drop table ${t}`],
  ].map(([what = '', sql = '']) => ({ what, sql, expected: 'denied' }));
}

/** Every column by itself, per verb; no row is touched. */
export function columnCells({ table, columns }: Meeting, allowed: (verb: string) => readonly string[]): Cell[] {
  const t = `touchline.${table}`;
  return columns.flatMap((column) =>
    [
      ['SELECT', `select ${column} from ${t} where false`],
      ['INSERT', `insert into ${t} (${column}) select (r).${column} from (select null::${t} as r) x where false`],
      ['UPDATE', `update ${t} set ${column} = default where false`],
    ].map(([verb = '', sql = '']) => ({
      what: `${verb} of column ${column}`,
      sql,
      expected: allowed(verb).includes(column) ? 'rows:0' : 'denied',
    })),
  );
}
