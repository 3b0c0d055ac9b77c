// The plans with which the server really ran a function's statements, nested ones included: auto_explain sends them along as
// notices. Not EXPLAIN of a copy of the statement, which would be another statement with other parameters and another plan.
import type pg from 'pg';

/** One node of a plan, as EXPLAIN (analyze, buffers, format json) tells it. */
export interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Join Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

/** A statement that ran, and how. */
export interface StatementPlan {
  sql: string;
  root: PlanNode;
}

const settings = [
  'auto_explain.log_min_duration = 0',
  'auto_explain.log_nested_statements = on',
  'auto_explain.log_analyze = on',
  'auto_explain.log_buffers = on',
  'auto_explain.log_timing = off',
  'auto_explain.log_format = json',
  'client_min_messages = log',
];

/** Runs `work` in a transaction of the worker and returns the plan of every statement in it. Rolls back. */
export async function plansOf(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<unknown>,
): Promise<StatementPlan[]> {
  const client = await pool.connect();
  const plans: StatementPlan[] = [];
  const collect = ({ message = '' }: { message?: string | undefined }): void => {
    const start = message.indexOf('{');
    if (!message.startsWith('duration: ') || start === -1) return;
    const { 'Query Text': sql, Plan: root } = JSON.parse(message.slice(start)) as {
      'Query Text': string;
      Plan: PlanNode;
    };
    plans.push({ sql, root });
  };
  try {
    await client.query("load 'auto_explain'");
    for (const setting of settings) await client.query(`set ${setting}`);
    await client.query('begin');
    await client.query('set local role touchline_worker');
    client.on('notice', collect);
    await work(client);
    // The last statement's plan comes when the next one begins.
    await client.query('rollback');
    client.off('notice', collect);
    return plans;
  } finally {
    // Its settings end with it.
    client.release(true);
  }
}

/** The node and everything below it. */
export function nodesOf(root: PlanNode): PlanNode[] {
  return [root, ...(root.Plans ?? []).flatMap(nodesOf)];
}

/** Rows that a node looked at in all its loops, those it threw away included. */
export function rowsSeen(node: PlanNode): number {
  const removed =
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Join Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  return (node['Actual Rows'] + removed) * node['Actual Loops'];
}

/** A node in a few words, for a failing test. */
export function describeNode(node: PlanNode): string {
  const place = [node['Relation Name'], node['Index Name']].filter((name) => name !== undefined).join(' by ');
  return `${node['Node Type']} ${place} rows seen ${rowsSeen(node)}`.replaceAll(/\s+/g, ' ');
}
