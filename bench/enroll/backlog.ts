// A backlog of completed jobs, each of another customer, that nobody has decided: what an import or a first start leaves.
import type pg from 'pg';
import { addBusinesses } from '../throughput/crowd.ts';

/** When they are enrolled; the jobs were completed in the six days before. */
export const enrolledAt = '2026-03-02T15:00:00Z';

export interface Backlog {
  businessId: string;
  campaignId: string;
  /** In order of completion. */
  jobIds: string[];
}

/** Adds a business with a live campaign of four emails and so many jobs. Some customers have a zone of their own. */
export async function addBacklog(client: pg.ClientBase, jobs: number): Promise<Backlog> {
  const [businessId = ''] = await addBusinesses(client, 1);
  // Filled in bulk without key checks, like a restored dump; what is measured comes later and has them all.
  await client.query('set session_replication_role = replica');
  await client.query(
    `insert into touchline.customers (business_id, external_id, first_name, last_name, email, time_zone, time_zone_source)
     select $1, n::text, 'Ann', 'Lee', 'customer' || n || '@example.com', z.name, case when z.name is not null then 'address' end
     from pg_catalog.generate_series(1, $2::integer) n,
       lateral (select case n % 3 when 0 then 'America/Chicago' when 1 then 'America/New_York' end as name) z`,
    [businessId, jobs],
  );
  await client.query(
    `insert into touchline.jobs (business_id, customer_id, external_id, title, status, completed_at, source, decision, decided_at)
     select k.business_id, k.id, k.external_id, 'Boiler', 'completed',
       $2::timestamptz - interval '6 days' + interval '6 days' * (k.external_id::float8 / $3), 'import', 'imported', $2
     from touchline.customers k where k.business_id = $1`,
    [businessId, enrolledAt, jobs],
  );
  await client.query('set session_replication_role = origin');
  const { rows } = await client.query<{ id: string }>(
    'select id from touchline.jobs where business_id = $1 order by completed_at, id',
    [businessId],
  );
  const campaign = await client.query<{ id: string }>('select id from touchline.campaigns where business_id = $1', [
    businessId,
  ]);
  return { businessId, campaignId: campaign.rows[0]?.id ?? '', jobIds: rows.map(({ id }) => id) };
}
