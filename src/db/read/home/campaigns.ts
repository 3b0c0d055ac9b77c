// The campaigns of a business as its first page lists them.
import type { ClientBase } from 'pg';
import type { CampaignSummary } from '../../../engine/home.ts';
import { requireMine } from './businesses.ts';

const overview = `
  select c.id, c.name, c.service_type as "serviceType", c.status, c.touches, c.active::integer, c.completed::integer,
    c.stopped::integer, c.parked::integer, c.sent,
    c.next_due_at as "nextDueAt", c.paused_at as "pausedAt"
  from touchline.campaign_overview c
  where c.business_id = $1
  order by pg_catalog.array_position('{active,paused,draft,archived}'::text[], c.status), pg_catalog.lower(c.name), c.id`;

/** What runs first, archived campaigns last. */
export async function homeCampaigns(client: ClientBase, businessId: string): Promise<CampaignSummary[]> {
  await requireMine(client, businessId);
  return (await client.query<CampaignSummary>(overview, [businessId])).rows;
}
