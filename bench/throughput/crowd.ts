// The people a throughput run sends to: businesses with one campaign of four emails, and customers enrolled in it. Written
// straight into the tables, since enrolling is another question.
import type pg from 'pg';

const days = ['2026-03-03', '2026-03-06', '2026-03-11', '2026-03-18'];

/** When touch n of everybody is sent: in the afternoon, all of the day's plans being due by then. */
export const touchMoments = days.map((day) => `${day}T21:30:00Z`);

const completedAt = '2026-03-02T15:00:00Z';

/** Businesses that one rival works on. */
export interface Crowd {
  businessIds: string[];
  /** Enrollments due at each moment, in all of them together. */
  due: number;
}

/** Adds businesses, each with a live campaign of four emails. */
export async function addBusinesses(client: pg.ClientBase, count: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `insert into touchline.businesses (user_id, name, time_zone, postal_address, brand_name, sender_name, contact_phone, review_url)
     select pg_catalog.gen_random_uuid(), 'Business ' || n, 'America/New_York', '1 Main Street, Springfield', 'Brand ' || n, 'Sam',
       '+12125550100', 'https://example.com/review/' || n
     from pg_catalog.generate_series(1, $1::integer) n
     returning id`,
    [count],
  );
  const businessIds = rows.map(({ id }) => id);
  await addCampaigns(client, businessIds);
  await addSuppressions(client, businessIds);
  return businessIds;
}

async function addCampaigns(client: pg.ClientBase, businessIds: readonly string[]): Promise<void> {
  const statements = [
    `insert into touchline.message_templates (business_id, name, channel, purpose, subject, body)
     select b, 'Text', 'email', 'first', 'How did it go, {{first_name}}{{^first_name}}neighbour{{/first_name}}?',
       'Thank you for choosing {{business_name}}. Tell others how we did: {{review_link}} Yours, {{sender_name}}'
     from pg_catalog.unnest($1::uuid[]) b`,
    `insert into touchline.campaigns (business_id, name) select b, 'Reviews' from pg_catalog.unnest($1::uuid[]) b`,
    `insert into touchline.campaign_touches (business_id, campaign_id, version, touch_number, channel, delay_hours, template_id,
       template_version_id)
     select c.business_id, c.id, 1, n, 'email', 24 * n, v.template_id, v.id
     from touchline.campaigns c
     join touchline.template_versions v on v.business_id = c.business_id
     cross join pg_catalog.generate_series(1, 4) n
     where c.business_id = any ($1)`,
    `update touchline.campaign_versions set state = 'live', published_at = '${completedAt}' where business_id = any ($1)`,
    `update touchline.campaigns set status = 'active', live_version = 1 where business_id = any ($1)`,
  ];
  for (const sql of statements) await client.query(sql, [businessIds]);
}

/** Somebody has opted out of every business, so that no guard is free. */
async function addSuppressions(client: pg.ClientBase, businessIds: readonly string[]): Promise<void> {
  await client.query(
    `insert into touchline.suppressions (business_id, channel, address_hash, reason, suppressed_at)
     select b, 'email', pg_catalog.sha256(pg_catalog.int4send(n)), 'opt_out', '${completedAt}'
     from pg_catalog.unnest($1::uuid[]) b, pg_catalog.generate_series(1, 20) n`,
    [businessIds],
  );
}

/**
 * Enrolls `each` customers per business: the first `dueEach` with touch n in the six hours before `touchMoments[n]`, everybody
 * at a second of their own; the others a year later. Some have a zone of their own.
 */
export async function addEnrollments(
  client: pg.ClientBase,
  businessIds: readonly string[],
  { each, dueEach }: { each: number; dueEach: number },
): Promise<void> {
  const plans = days.map((day) => `'${day}T15:00:00Z'::timestamptz + w.wait`).join(', ');
  const statements = [
    `insert into touchline.customers (business_id, external_id, first_name, last_name, email, time_zone, time_zone_source)
     select b, n::text, 'Ann', 'Lee', 'customer' || n || '@example.com', z.name, case when z.name is not null then 'address' end
     from pg_catalog.unnest($1::uuid[]) b, pg_catalog.generate_series(1, $2::integer) n,
       lateral (select case n % 3 when 0 then 'America/Chicago' when 1 then 'America/New_York' end as name) z
     where $3::integer is not null`,
    `insert into touchline.jobs (business_id, customer_id, external_id, title, status, completed_at, decision, decided_at)
     select k.business_id, k.id, k.external_id, 'Boiler', 'completed', '${completedAt}', 'enrolled', '${completedAt}'
     from touchline.customers k where k.business_id = any ($1) and $2::integer is not null and $3::integer is not null`,
    `insert into touchline.campaign_enrollments (business_id, campaign_id, campaign_version, job_id, customer_id, enrolled_at,
       anchor_at, touch_1_scheduled_at, touch_2_scheduled_at, touch_3_scheduled_at, touch_4_scheduled_at, touch_1_status,
       touch_2_status, touch_3_status, touch_4_status)
     select j.business_id, c.id, 1, j.id, j.customer_id, '${completedAt}', '${completedAt}', ${plans},
       'pending', 'pending', 'pending', 'pending'
     from touchline.jobs j
     join touchline.campaigns c on c.business_id = j.business_id
     cross join lateral (
       select pg_catalog.make_interval(days => case when j.external_id::integer <= $3 then 0 else 365 end,
         secs => j.external_id::integer % 21600) as wait) w
     where j.business_id = any ($1) and $2::integer is not null`,
    `insert into touchline.touch_queue (business_id, enrollment_id, touch_number, channel, scheduled_at, due_at, late_after)
     select e.business_id, e.id, 1, 'email', e.touch_1_scheduled_at, e.touch_1_scheduled_at,
       e.touch_1_scheduled_at + interval '48 hours'
     from touchline.campaign_enrollments e
     where e.business_id = any ($1) and $2::integer is not null and $3::integer is not null`,
  ];
  for (const sql of statements) await client.query(sql, [businessIds, each, dueEach]);
}

/** Adds businesses with `due` enrollments due at each of `touchMoments` and `waiting` ones that never are, spread evenly. */
export async function addCrowd(
  client: pg.ClientBase,
  { businesses, due, waiting }: { businesses: number; due: number; waiting: number },
): Promise<Crowd> {
  const businessIds = await addBusinesses(client, businesses);
  const dueEach = Math.ceil(due / businesses);
  await addEnrollments(client, businessIds, { each: dueEach + Math.ceil(waiting / businesses), dueEach });
  return { businessIds, due: dueEach * businesses };
}

/** Puts the lanes of these businesses at the head of the line, and takes all others out of it. */
export async function openLanes(client: pg.ClientBase, { businessIds }: Crowd, moment: string): Promise<void> {
  await client.query(
    `update touchline.business_dispatch d
     set next_due_at = case when d.channel = 'email' and d.business_id = any ($1) then $2::timestamptz else 'infinity' end`,
    [businessIds, moment],
  );
}
