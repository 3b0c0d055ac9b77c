// One person's way: who they are and what they are in, read here; what happened and what is ahead, told by enrollment_timeline.
import type { ClientBase } from 'pg';
import type { Timeline, TimelineMoment } from '../../../engine/home.ts';
import { isId } from './page.ts';

const header = `
  select e.id as "enrollmentId", e.campaign_id as "campaignId", c.name as "campaignName",
    pg_catalog.jsonb_build_object('id', k.id, 'name', coalesce(nullif(pg_catalog.concat_ws(' ', k.first_name, k.last_name), ''),
      k.external_id, ''), 'email', k.email, 'phone', k.phone) as customer,
    j.id as "jobId", j.external_id as "externalId", j.service_type as "serviceType", j.completed_at as "completedAt",
    e.status, e.stop_reason as "stopReason", coalesce(k.time_zone, b.time_zone) as "timeZone",
    coalesce(k.time_zone_source, 'business') as "timeZoneSource"
  from touchline.campaign_enrollments e
  join touchline.campaigns c on (c.business_id, c.id) = (e.business_id, e.campaign_id)
  join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
  join touchline.jobs j on (j.business_id, j.id) = (e.business_id, e.job_id)
  join touchline.businesses b on b.id = e.business_id
  where e.business_id = $1 and e.id = $2`;

const moments = `
  select t.at, t.kind, t.touch_number as "touchNumber", t.channel, t.reason, t.detail, t.is_ahead as "isAhead",
    t.mailbox_id as "mailboxId"
  from touchline.enrollment_timeline($1, $2, $3) t`;

interface HeaderRow extends Omit<Timeline, 'job' | 'moments'> {
  jobId: string;
  externalId: string | null;
  serviceType: string;
  completedAt: Date;
}

/** The way of one enrollment as it is known at `now`; undefined when the business has none of this id. */
export async function homeTimeline(
  client: ClientBase,
  businessId: string,
  enrollmentId: string,
  now: Date | null,
): Promise<Timeline | undefined> {
  if (!isId(businessId) || !isId(enrollmentId)) return undefined;
  const found = (await client.query<HeaderRow>(header, [businessId, enrollmentId])).rows[0];
  if (found === undefined) return undefined;
  const { jobId: id, externalId, serviceType, completedAt, ...rest } = found;
  const { rows } = await client.query<TimelineMoment>(moments, [businessId, enrollmentId, now]);
  return { ...rest, job: { id, externalId, serviceType, completedAt }, moments: rows };
}
