// Counts what the demo did, from the messages in the mailbox, and compares it with the engine's own records.
import type pg from 'pg';

/** How many, by reason. */
export type Reasons = Record<string, number>;

export interface CampaignCounts {
  business: string;
  campaign: string;
  status: string;
  enrolled: number;
  /** Messages in the mailbox, for each touch in order. */
  sent: number[];
  /** Messages that left later than planned, by the reason of their last deferral. */
  deferred: Reasons;
  skipped: Reasons;
  stopped: Reasons;
  reviews: number;
  active: number;
  completed: number;
}

interface CampaignRow {
  id: string;
  business: string;
  campaign: string;
  status: string;
  touches: number;
  enrolled: number;
  active: number;
  completed: number;
  reviews: number;
}

const campaigns = `
  select c.id, b.name as business, c.name as campaign, c.status,
    (select pg_catalog.count(*)::int from touchline.campaign_touches t
      where (t.business_id, t.campaign_id, t.version) = (c.business_id, c.id, c.live_version)) as touches,
    pg_catalog.count(e.id)::int as enrolled,
    (pg_catalog.count(e.id) filter (where e.status = 'active'))::int as active,
    (pg_catalog.count(e.id) filter (where e.status = 'completed'))::int as completed,
    (select pg_catalog.count(*)::int from touchline.reviews_feedback r
      join touchline.campaign_enrollments x on (x.business_id, x.id) = (r.business_id, r.campaign_enrollment_id)
      where (x.business_id, x.campaign_id) = (c.business_id, c.id)) as reviews
  from touchline.campaigns c
  join touchline.businesses b on b.id = c.business_id
  left join touchline.campaign_enrollments e on (e.business_id, e.campaign_id) = (c.business_id, c.id)
  where not c.is_preset
  group by c.business_id, c.id, b.name
  order by b.name, c.name`;

interface ReasonRow {
  campaign_id: string;
  reason: string;
  count: number;
}

const stops = `
  select e.campaign_id, e.stop_reason as reason, pg_catalog.count(*)::int as count
  from touchline.campaign_enrollments e
  where e.status = 'stopped'
  group by e.campaign_id, e.stop_reason
  order by count desc, reason`;

interface TouchRow {
  campaign_id: string;
  touch_number: number;
  sent: number;
  logged: number;
}

// The engine's records, each for itself: the touch on the enrollment, and the message's log.
const recorded = `
  with touches as (
    select e.campaign_id, t.number, t.status
    from touchline.campaign_enrollments e
    cross join lateral (values (1, e.touch_1_status), (2, e.touch_2_status), (3, e.touch_3_status), (4, e.touch_4_status))
      t (number, status)
    where t.status is not null
  ), logs as (
    select l.campaign_id, l.touch_number as number, pg_catalog.count(*)::int as logged
    from touchline.send_logs l
    where l.state = 'sent'
    group by l.campaign_id, l.touch_number
  )
  select campaign_id, number as touch_number, (pg_catalog.count(*) filter (where t.status = 'sent'))::int as sent,
    coalesce(max(l.logged), 0) as logged
  from touches t
  left join logs l using (campaign_id, number)
  group by campaign_id, number`;

const skips = `
  select e.campaign_id, t.reason, pg_catalog.count(*)::int as count
  from touchline.campaign_enrollments e
  cross join lateral (values (e.touch_1_status, e.touch_1_reason), (e.touch_2_status, e.touch_2_reason),
    (e.touch_3_status, e.touch_3_reason), (e.touch_4_status, e.touch_4_reason)) t (status, reason)
  where t.status = 'skipped'
  group by e.campaign_id, t.reason
  order by count desc, reason`;

const deferrals = `
  select l.campaign_id, l.deferred_reason as reason, pg_catalog.count(*)::int as count
  from touchline.mailbox_messages m
  join touchline.send_logs l on (l.business_id, l.id) = (m.business_id, m.send_log_id)
  where l.deferred_reason is not null
  group by l.campaign_id, l.deferred_reason
  order by count desc, reason`;

interface MailboxRow {
  campaign_id: string;
  touch_number: number;
  messages: number;
  touches: number;
  /** Later than planned, and nothing says why. */
  unexplained: number;
}

const mailbox = `
  select l.campaign_id, l.touch_number, pg_catalog.count(*)::int as messages,
    pg_catalog.count(distinct (l.campaign_enrollment_id, l.touch_number))::int as touches,
    (pg_catalog.count(*) filter (where l.deferred_reason is null and m.accepted_at > e.plan_shift + interval '1 second'
      + (array[e.touch_1_scheduled_at, e.touch_2_scheduled_at, e.touch_3_scheduled_at, e.touch_4_scheduled_at])
        [l.touch_number]))::int as unexplained
  from touchline.mailbox_messages m
  join touchline.send_logs l on (l.business_id, l.id) = (m.business_id, m.send_log_id)
  join touchline.campaign_enrollments e on (e.business_id, e.id) = (l.business_id, l.campaign_enrollment_id)
  group by l.campaign_id, l.touch_number`;

async function rows<Row extends pg.QueryResultRow>(client: pg.ClientBase, sql: string): Promise<Row[]> {
  return (await client.query<Row>(sql)).rows;
}

function byReason(found: readonly ReasonRow[], id: string): Reasons {
  return Object.fromEntries(
    found.filter(({ campaign_id }) => campaign_id === id).map(({ reason, count }) => [reason, count]),
  );
}

/** What does not agree about one touch of a campaign; nothing when all do. */
function compare({ campaign }: CampaignRow, kept: MailboxRow | undefined, engine: TouchRow | undefined): string[] {
  const { messages = 0, touches = 0, unexplained = 0, touch_number: number = engine?.touch_number ?? 0 } = kept ?? {};
  const { sent = 0, logged = 0 } = engine ?? {};
  const place = `${campaign}, touch ${number}`;
  return [
    ...(messages > touches ? [`${place}: ${messages} messages for ${touches} people.`] : []),
    ...(touches === sent ? [] : [`${place}: ${touches} in the mailbox, ${sent} enrollments say sent.`]),
    ...(unexplained === 0 ? [] : [`${place}: ${unexplained} later than planned, and no reason is kept.`]),
    ...(touches === logged ? [] : [`${place}: ${touches} in the mailbox, ${logged} in the send log.`]),
  ];
}

export interface Recount {
  campaigns: CampaignCounts[];
  /** Where the mailbox and the engine's records do not agree, in words. */
  disagreements: string[];
}

/** Counts per campaign, as of now. */
export async function recount(client: pg.ClientBase): Promise<Recount> {
  const kept = await rows<MailboxRow & pg.QueryResultRow>(client, mailbox);
  const engine = await rows<TouchRow & pg.QueryResultRow>(client, recorded);
  const stopped = await rows<ReasonRow & pg.QueryResultRow>(client, stops);
  const deferred = await rows<ReasonRow & pg.QueryResultRow>(client, deferrals);
  const skipped = await rows<ReasonRow & pg.QueryResultRow>(client, skips);
  const disagreements: string[] = [];
  const counts = (await rows<CampaignRow & pg.QueryResultRow>(client, campaigns)).map((row): CampaignCounts => {
    const { id, business, campaign, status, touches, enrolled, active, completed, reviews } = row;
    const own = <T extends MailboxRow | TouchRow>(all: readonly T[], number: number): T | undefined =>
      all.find(({ campaign_id, touch_number }) => campaign_id === id && touch_number === number);
    const numbers = Array.from({ length: touches }, (_, index) => index + 1);
    for (const number of numbers) disagreements.push(...compare(row, own(kept, number), own(engine, number)));
    const sent = numbers.map((number) => own(kept, number)?.messages ?? 0);
    const [waited, left, ended] = [byReason(deferred, id), byReason(skipped, id), byReason(stopped, id)];
    const reasons = { deferred: waited, skipped: left, stopped: ended };
    return { business, campaign, status, enrolled, sent, ...reasons, reviews, active, completed };
  });
  return { campaigns: counts, disagreements };
}

/** Every invariant with how much breaks it. */
export async function countInvariants(client: pg.ClientBase, now: Date | null): Promise<Record<string, number>> {
  const found = await client.query<{ invariant: string; count: number }>(
    `select n.invariant, pg_catalog.count(i.invariant)::int as count
     from (
       select pg_catalog.substr(p.proname::text, 11) as invariant
       from pg_catalog.pg_proc p
       where p.pronamespace = 'touchline'::pg_catalog.regnamespace and p.proname like 'invariant\\_%') n
     left join touchline.check_invariants(p_now => $1) i using (invariant)
     group by n.invariant
     order by n.invariant`,
    [now],
  );
  return Object.fromEntries(found.rows.map(({ invariant, count }) => [invariant, count]));
}
