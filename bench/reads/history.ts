// A year of messages: half of them of one large business, the others of many small ones. Every person was written to three times;
// of some the fourth touch still waits, others are through or stopped, and of a few nobody knows whether they got it.
import type pg from 'pg';
import { fillInChunks, idOf } from '../support/population.ts';
import { addBusinesses } from '../throughput/crowd.ts';

/** What was filled in. */
export interface History {
  /** The large business. */
  giant: string;
  owner: string;
  campaign: string;
  people: number;
  messages: number;
}

const others = 999;
const until = '2026-03-03T21:30:00Z';
/** The number of every person of the large business is even, those of all others odd. */
const place = 'case when p.n % 2 = 0 then 1 else 2 + (p.n / 2) % (pg_catalog.cardinality($3::uuid[]) - 1) end';
const businessOf = `($3::uuid[])[${place}]`;
const campaignOf = `($4::uuid[])[${place}]`;
const enrolledAt = `(timestamptz '${until}' - interval '365 days' * (1 - p.n::float8 / $5::bigint))`;
const people = 'pg_catalog.generate_series($1::bigint, $2::bigint) p (n)';
/** A fourth of the large business's messages of these people are kept by the mailbox. */
const kept = 'p.n % 8 = 0';
const isUnknown = 'p.n % 1000 = 0';

const statements = [
  `insert into touchline.customers (business_id, id, external_id, first_name, last_name, email)
   select ${businessOf}, ${idOf(1)}, p.n::text, 'Ann', 'Lee', 'customer' || p.n || '@example.com' from ${people}`,
  `insert into touchline.jobs (business_id, id, customer_id, external_id, title, status, completed_at, decision, decided_at)
   select ${businessOf}, ${idOf(2)}, ${idOf(1)}, p.n::text, 'Boiler', 'completed', ${enrolledAt}, 'enrolled', ${enrolledAt} from ${people}`,
  `insert into touchline.campaign_enrollments (business_id, id, campaign_id, campaign_version, job_id, customer_id, enrolled_at,
     anchor_at, status, completed_at, stopped_at, stop_reason, current_touch, touch_1_scheduled_at, touch_1_sent_at, touch_1_status,
     touch_2_scheduled_at, touch_2_sent_at, touch_2_status, touch_3_scheduled_at, touch_3_sent_at, touch_3_status,
     touch_4_scheduled_at, touch_4_status, touch_4_reason)
   select ${businessOf}, ${idOf(3)}, ${campaignOf}, 1, ${idOf(2)}, ${idOf(1)}, a.at, a.at, s.status,
     case s.status when 'completed' then a.at + interval '10 days' end, case s.status when 'stopped' then a.at + interval '8 days' end,
     case s.status when 'stopped' then 'replied' end, 4,
     a.at + interval '1 day', a.at + interval '1 day', 'sent', a.at + interval '3 days', a.at + interval '3 days', 'sent',
     a.at + interval '6 days', a.at + interval '6 days', 'sent', a.at + interval '4000 days',
     case when ${isUnknown} then 'unknown' when s.status = 'active' then 'pending' when s.status = 'stopped' then 'cancelled'
       else 'skipped' end, case s.status when 'completed' then 'too_late' end
   from ${people}
   cross join lateral (select ${enrolledAt} as at) a
   cross join lateral (select case when p.n % 10 < 3 then 'active' when p.n % 10 < 9 then 'completed' else 'stopped' end as status) s`,
  `insert into touchline.touch_queue (business_id, enrollment_id, touch_number, channel, scheduled_at, due_at, late_after, blocked_by)
   select ${businessOf}, ${idOf(3)}, 4, 'email', a.at, case when ${isUnknown} then 'infinity' else a.at end, a.at + interval '48 hours',
     case when ${isUnknown} then 'unknown' end
   from ${people} cross join lateral (select ${enrolledAt} + interval '4000 days' as at) a
   where p.n % 10 < 3`,
  `insert into touchline.send_logs (business_id, id, customer_id, recipient, channel, campaign_id, campaign_enrollment_id, touch_number,
     campaign_version, template_version_id, variables, state, status, provider, provider_id, claim_id, attempt, claimed_at,
     settled_at, sent_at, outcome, created_at, unproved_at)
   select ${businessOf}, ${idOf(4, '4 * p.n + t.number')}, ${idOf(1)}, 'customer' || p.n || '@example.com', 'email', ${campaignOf},
     ${idOf(3)}, t.number, 1, ($6::uuid[])[${place}], '{"first_name": "Ann", "business_name": "Brand"}',
     case t.number when 4 then 'unknown' else 'sent' end, case t.number when 4 then 'queued' else 'delivered' end, 'null', 'null-' || p.n,
     ${idOf(5)}, 1, m.at, m.at, case when t.number < 4 then m.at end, case t.number when 4 then 'ambiguous' else 'accepted' end, m.at,
     case t.number when 4 then m.at end
   from ${people}
   cross join pg_catalog.generate_series(1, 4) t (number)
   cross join lateral (select ${enrolledAt} + interval '1 day' * (array[1, 3, 6, 7])[t.number] as at) m
   where t.number < 4 or ${isUnknown}`,
  `insert into touchline.mailbox_messages (business_id, send_log_id, attempt, channel, recipient, from_name, subject, text, accepted_at)
   select ${businessOf}, ${idOf(4, '4 * p.n + t.number')}, 1, 'email', 'customer' || p.n || '@example.com', 'Brand', 'How did it go?',
     'Thank you for choosing us. Tell others how we did: https://example.com/review Yours, Sam',
     ${enrolledAt} + interval '1 day' * (array[1, 3, 6])[t.number]
   from ${people}
   cross join pg_catalog.generate_series(1, 3) t (number)
   where ${kept}`,
];

/** The number of a person of the large business so far from the newest one: 0 is the newest, 1 the oldest. */
export function numberAt({ people: count }: History, depth: number): number {
  const number = Math.min(count - 1, Math.floor((count - 1) * (1 - depth)));
  // Of those whose messages the mailbox keeps, so that one number serves every list.
  return number - (number % 8);
}

/** The id that the row of a kind has for a person's number. */
export function idAt(kind: number, number: number): string {
  return `018f000${kind}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** Fills an empty database. */
export async function fillHistory(client: pg.ClientBase, messages: number): Promise<History> {
  const businessIds = await addBusinesses(client, 1 + Math.min(others, Math.ceil(messages / 300)));
  const { rows } = await client.query<{ campaign: string; text: string; owner: string }>(
    `select c.id as campaign, v.id as text, b.user_id as owner
     from pg_catalog.unnest($1::uuid[]) with ordinality w (id, place)
     join touchline.businesses b on b.id = w.id
     join touchline.campaigns c on c.business_id = w.id
     join touchline.template_versions v on v.business_id = w.id
     order by w.place`,
    [businessIds],
  );
  const count = Math.ceil(messages / 3);
  const [campaigns, texts] = [rows.map(({ campaign }) => campaign), rows.map(({ text }) => text)];
  await fillInChunks(client, statements, count, [businessIds, campaigns, count, texts]);
  for (const id of businessIds) await client.query('select touchline.recount_daily_stats($1)', [id]);
  await client.query('vacuum analyze');
  const { campaign = '', owner = '' } = rows[0] ?? {};
  const found = await client.query<{ messages: number }>(
    'select pg_catalog.count(*)::integer as messages from touchline.send_logs',
  );
  return { giant: businessIds[0] ?? '', owner, campaign, people: count, messages: found.rows[0]?.messages ?? 0 };
}
