// Completed jobs whose customer is in a sequence already, in businesses that want to be asked (overlap policy `ask`). They are found among
// those that wait for a sequence, by the index jobs_blocked_by.
import type { ClientBase } from 'pg';
import type { Page } from '../../engine/home.ts';
import { pageOf, readCursor } from './home/page.ts';

/** A job that waits for a person's choice; until then nobody is written to because of it. */
export interface JobConflict {
  job_id: string;
  external_id: string | null;
  title: string | null;
  completed_at: Date;
  customer_id: string;
  first_name: string | null;
  last_name: string | null;
  /** The sequence that goes on. */
  enrollment_id: string;
  campaign: string;
}

const conflicts = `
  select j.id as job_id, j.external_id, j.title, j.completed_at, j.customer_id, k.first_name, k.last_name,
    j.blocked_by_enrollment as enrollment_id, c.name as campaign, (extract(epoch from j.completed_at) * 1000000)::bigint::text as at
  from touchline.jobs j
  join touchline.customers k on (k.business_id, k.id) = (j.business_id, j.customer_id)
  join touchline.campaign_enrollments e on (e.business_id, e.id) = (j.business_id, j.blocked_by_enrollment)
  join touchline.campaigns c on (c.business_id, c.id) = (e.business_id, e.campaign_id)
  where j.business_id = $1
    and j.blocked_by_enrollment is not null
    and j.decision = 'conflict'
    and ($2::bigint is null
      or (j.completed_at, j.id) > (timestamptz 'epoch' + interval '1 microsecond' * $2::bigint, $3::uuid))
  order by j.completed_at, j.id
  limit $4`;

/** One page, in order of completion. */
export async function listConflicts(
  client: ClientBase,
  businessId: string,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<Page<JobConflict>> {
  const [at = null, id = null] = readCursor(cursor, 2) ?? [];
  const { rows } = await client.query<JobConflict & { at: string }>(conflicts, [businessId, at, id, limit + 1]);
  return pageOf(
    rows,
    (row) => [row.at, row.job_id],
    ({ at: _, ...row }) => row,
    limit,
  );
}
