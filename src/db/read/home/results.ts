// What became of a campaign's messages lately, from the daily counts: however many messages there were, some hundred rows are read.
import type { ClientBase } from 'pg';
import { lately, type TouchResults } from '../../../engine/home.ts';

// A message that is presumed sent counts as sent, as on the page of the person.
const results = `
  select s.touch_number as number, s.channel, pg_catalog.sum(s.sent + s.presumed_sent)::integer as sent,
    pg_catalog.sum(s.delivered)::integer as delivered, pg_catalog.sum(s.opened)::integer as opened,
    pg_catalog.sum(s.clicked)::integer as clicked, pg_catalog.sum(s.bounced)::integer as bounced,
    pg_catalog.sum(s.complained)::integer as complained, pg_catalog.sum(s.failed)::integer as failed,
    pg_catalog.sum(s.skipped)::integer as skipped
  from touchline.campaign_daily_stats s
  where s.business_id = $1
    and s.campaign_id = $2
    and s.day > (select (coalesce($3, pg_catalog.now()) at time zone b.time_zone)::date from touchline.businesses b where b.id = $1) - $4::integer
  group by s.touch_number, s.channel
  order by s.touch_number, s.channel`;

/** One row per touch and channel with anything to tell; none for a campaign that is unknown or another's. */
export async function homeResults(
  client: ClientBase,
  businessId: string,
  campaignId: string,
  now: Date | null,
): Promise<TouchResults[]> {
  return (await client.query<TouchResults>(results, [businessId, campaignId, now, lately])).rows;
}
