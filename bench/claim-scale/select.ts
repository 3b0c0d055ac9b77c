// The claim's own look for a batch: its statement on the queue, taken out of lock_due_touches as it is installed, and the
// whole of that function, with the locks of enrollments, customers and messages.
import type pg from 'pg';

/** One lane of which a batch is selected, always from its beginning. */
export interface Selection {
  businessId: string;
  limit: number;
  moment: string;
}

interface Explained {
  'Execution Time': number;
  Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number; 'Actual Rows': number };
}

/** How long a statement took in the server, and what it read. */
export interface Selected {
  micros: number;
  buffers: number;
  rows: number;
}

const types = 'uuid[], text[], timestamptz[], uuid[], integer[], timestamptz';
const parameters = ['business_ids', 'channels', 'floor_due_ats', 'floor_enrollment_ids', 'limits', 'now'];

/** Prepares both on this connection, to be planned as they are within a claim. */
export async function prepareSelection(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ source: string }>(
    `select p.prosrc as source from pg_catalog.pg_proc p where p.oid = pg_catalog.to_regproc('touchline.lock_due_touches')`,
  );
  const own = /with due as materialized \(([\s\S]+?for update skip locked\) r)/.exec(rows[0]?.source ?? '')?.[1];
  if (own === undefined) throw new Error('lock_due_touches has no statement any more that locks due touches.');
  const numbered = parameters.reduce((sql, name, index) => sql.replaceAll(`p_${name}`, `$${index + 1}`), own);
  await client.query('set plan_cache_mode = force_generic_plan');
  await client.query('set enable_seqscan = off');
  await client.query(`prepare select_due (${types}) as ${numbered}`);
  await client.query(`prepare lock_due (${types}) as select * from touchline.lock_due_touches($1, $2, $3, $4, $5, $6)`);
}

/** Selects and locks a batch in a transaction that is rolled back. */
export async function selectOnce(
  client: pg.Client,
  statement: 'select_due' | 'lock_due',
  { businessId, limit, moment }: Selection,
): Promise<Selected> {
  const values = `array['${businessId}']::uuid[], array['email'], array['-infinity']::timestamptz[],
    array['00000000-0000-0000-0000-000000000000']::uuid[], array[${limit}], '${moment}'`;
  await client.query('begin');
  const { rows } = await client.query<{ 'QUERY PLAN': [Explained] }>(
    `explain (analyze, buffers, timing off, format json) execute ${statement} (${values})`,
  );
  await client.query('rollback');
  const [explained] = rows[0]?.['QUERY PLAN'] ?? [];
  if (explained === undefined) throw new Error('The server explained nothing.');
  const { Plan: plan } = explained;
  return {
    micros: explained['Execution Time'] * 1000,
    buffers: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
    rows: plan['Actual Rows'],
  };
}
