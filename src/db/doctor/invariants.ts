// What must never be, looked for in the data: the same invariants that tests and simulation hold.
import type { ClientBase } from 'pg';
import { type Finding, judge } from './finding.ts';

interface Broken {
  invariant: string;
  rows: number;
  business_id: string | null;
  detail: unknown;
}

const longest = 300;

const broken = `
  select i.invariant, pg_catalog.count(*)::int as rows,
    (pg_catalog.array_agg(i.business_id))[1] as business_id, (pg_catalog.array_agg(i.detail))[1] as detail
  from touchline.check_invariants(p_since => $1) i
  group by i.invariant
  order by i.invariant`;

function describeBroken({ invariant, rows, business_id, detail }: Broken): string {
  const first = JSON.stringify(detail);
  const shown = first.length > longest ? `${first.slice(0, longest)}…` : first;
  return `${invariant}: ${rows} found, the first in business ${business_id ?? '-'}: ${shown}`;
}

/** @param since only what was written since then; a moment as Postgres reads it */
export async function checkInvariants(client: ClientBase, since: string): Promise<Finding> {
  const { rows } = await client.query<Broken>(broken, [since]);
  const fix = 'This should be impossible. Leave the rows as they are, and report it with these lines.';
  return judge('invariants', 'The data breaks no invariant.', rows.map(describeBroken), fix);
}
