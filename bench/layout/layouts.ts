// The rivals: where the queue of due touches lives. Each is made of the indexes it needs, a claim (find, lock, lease, log row) and a
// settle (log row, touch columns, next touch); all of them set-based, and all keep the twelve columns of the record true.
import { logKeysOf, touchNumbers } from './tables.ts';

/** One way to lay out the queue. */
export interface Layout {
  name: string;
  schema: string;
  /** What serves the due query: indexes, and tables of the layout's own. */
  queue: string;
  /** Finds and locks due touches with number n (where the layout asks by number): a query of enrollment ids with `$limit`. */
  due(n: number): string;
  /** True: one query finds the touches of all numbers. */
  allNumbersAtOnce: boolean;
  /** Whether a touch waits in a queue table of its own beside the wide record. */
  hasQueueTable: boolean;
  logHasKeys: boolean;
  /** Whether the wide record says `sending` from the claim on, or hears of a touch when it is settled. */
  recordSaysSending: boolean;
}

const pending = "e.status = 'active' and e.claim_id is null";

/** The moment of the current touch, out of four columns. */
const currentMoment =
  '(case current_touch when 1 then touch_1_scheduled_at when 2 then touch_2_scheduled_at when 3 then touch_3_scheduled_at else touch_4_scheduled_at end)';

function dueByColumns(schema: string): (n: number) => string {
  return (n) =>
    `select e.id from ${schema}.enrollments e
     where e.status = 'active' and e.current_touch = ${n} and e.touch_${n}_scheduled_at <= p_now and e.touch_${n}_sent_at is null
       and e.claim_id is null
     order by e.touch_${n}_scheduled_at
     limit p_limit
     for update skip locked`;
}

const partialIndexes = (schema: string): string =>
  touchNumbers
    .map(
      (n) =>
        `create index enrollments_touch_${n}_due on ${schema}.enrollments (touch_${n}_scheduled_at)
         where status = 'active' and current_touch = ${n} and touch_${n}_sent_at is null;`,
    )
    .join('\n');

const queueTable = (schema: string): string => `
  create table ${schema}.touch_queue (
    business_id uuid not null, enrollment_id uuid not null references ${schema}.enrollments (id) on delete cascade,
    touch_number smallint not null, channel text not null, scheduled_at timestamptz not null, due_at timestamptz not null,
    late_after timestamptz not null, claim_id uuid, lease_until timestamptz
  ) with (fillfactor = 60, autovacuum_enabled = off);
  insert into ${schema}.touch_queue
  select e.business_id, e.id, e.current_touch, 'email', ${currentMoment}, ${currentMoment}, ${currentMoment} + interval '48 hours'
  from ${schema}.enrollments e where e.status = 'active';
  alter table ${schema}.touch_queue add primary key (enrollment_id);
  create index touch_queue_due on ${schema}.touch_queue (business_id, channel, due_at, enrollment_id);`;

const wide = { allNumbersAtOnce: false, hasQueueTable: false, logHasKeys: true, recordSaysSending: true };

function ours(schema: string, name: string, changes: Partial<Layout> = {}): Layout {
  return {
    name,
    schema,
    queue: queueTable(schema),
    due: () => `
      select q.enrollment_id as id from ${schema}.touch_queue q
      where q.business_id = (select b.id from ${schema}.businesses b) and q.channel = 'email' and q.due_at <= p_now
        and q.claim_id is null
      order by q.due_at, q.enrollment_id
      limit p_limit
      for update skip locked`,
    allNumbersAtOnce: true,
    hasQueueTable: true,
    logHasKeys: true,
    recordSaysSending: true,
    ...changes,
  };
}

export const seedLayout: Layout = {
  ...wide,
  name: 'the seed: wide row, four partial due indexes',
  schema: 'layout_partial',
  queue: partialIndexes('layout_partial'),
  due: dueByColumns('layout_partial'),
};

export const ourLayout = ours('layout_queue', 'ours: narrow queue, wide record without due indexes');

/** Ours first, then whom it is compared with. */
export const layouts: Layout[] = [
  ourLayout,
  seedLayout,
  {
    ...wide,
    name: 'its alternative: one composite index, all columns',
    schema: 'layout_columns',
    queue: `create index enrollments_due on layout_columns.enrollments (
      status, current_touch, touch_1_scheduled_at, touch_2_scheduled_at, touch_3_scheduled_at, touch_4_scheduled_at);`,
    due: dueByColumns('layout_columns'),
  },
  {
    ...wide,
    name: 'the same at its best: status, moment of the current touch',
    schema: 'layout_composite',
    queue: `create index enrollments_due on layout_composite.enrollments (status, ${currentMoment});`,
    due: () =>
      `select e.id from layout_composite.enrollments e
       where ${pending} and ${currentMoment} <= p_now
       order by ${currentMoment}
       limit p_limit
       for update skip locked`,
    allNumbersAtOnce: true,
  },
  {
    ...wide,
    name: 'its alternative: join to campaign_touches',
    schema: 'layout_join',
    queue: `create index enrollments_due on layout_join.enrollments (campaign_id, current_touch, enrolled_at) where status = 'active';`,
    due: () =>
      `select d.id
       from layout_join.campaign_touches t
       cross join lateral (
         select e.id from layout_join.enrollments e
         where e.campaign_id = t.campaign_id and e.current_touch = t.touch_number and ${pending}
           and e.enrolled_at <= p_now - make_interval(hours => t.total_delay_hours)
         order by e.enrolled_at
         limit p_limit / 80 + 1
         for update skip locked
       ) d
       limit p_limit`,
    allNumbersAtOnce: true,
  },
  ours('layout_brief', 'ours, but the record hears of a touch only when it is settled', { recordSaysSending: false }),
  ours('layout_both', "ours with the seed's due indexes kept as well", {
    queue: `${queueTable('layout_both')}\n${partialIndexes('layout_both')}`,
  }),
];

/** Ours again, to ask what the log's foreign keys cost when two sessions meet at the same parents. */
export const layoutWithoutKeys = ours('layout_no_keys', 'ours, log without foreign keys', { logHasKeys: false });

function setTouch(change: (n: number) => string): string {
  return touchNumbers.map(change).join(', ');
}

/** The claim and settle of a layout as functions, so that none pays more parsing or more round trips than another. */
export function functionsOf(layout: Layout): string {
  const { schema, due, hasQueueTable, allNumbersAtOnce, queue, logHasKeys, recordSaysSending } = layout;
  const lease = "claim_id = p_claim_id, lease_until = p_now + interval '3 minutes'";
  const leaseWide = hasQueueTable ? '' : `${lease}, `;
  const sending = setTouch(
    (n) => `touch_${n}_status = case e.current_touch when ${n} then 'sending' else e.touch_${n}_status end`,
  );
  const sent = setTouch(
    (n) => `touch_${n}_status = case e.current_touch when ${n} then 'sent' else e.touch_${n}_status end,
      touch_${n}_sent_at = case e.current_touch when ${n} then p_now else e.touch_${n}_sent_at end`,
  );
  const claims = (allNumbersAtOnce ? [1] : touchNumbers).map(
    (n) => `
    create function ${schema}.claim_${n}(p_claim_id uuid, p_limit integer, p_now timestamptz) returns uuid[]
    language plpgsql as $$
    declare
      v_ids uuid[];
      v_logs uuid[];
    begin
      with due as materialized (${due(n)})
      select array_agg(d.id) into v_ids from due d;
      ${hasQueueTable ? `update ${schema}.touch_queue q set ${lease} where q.enrollment_id = any (v_ids);` : ''}
      ${recordSaysSending ? `update ${schema}.enrollments e set ${leaseWide}${sending} where e.id = any (v_ids);` : ''}
      with intents as (
        insert into ${schema}.send_logs (business_id, customer_id, campaign_id, campaign_enrollment_id, touch_number, claim_id, recipient)
        select e.business_id, e.customer_id, e.campaign_id, e.id, e.current_touch, p_claim_id, 'someone@example.com'
        from ${schema}.enrollments e where e.id = any (v_ids)
        returning id)
      select array_agg(i.id) into v_logs from intents i;
      return v_logs;
    end $$;`,
  );
  return `
    ${queue}
    ${logHasKeys ? logKeysOf(schema) : ''}
    ${claims.join('\n')}
    create function ${schema}.settle(p_log_ids uuid[], p_now timestamptz) returns integer
    language plpgsql as $$
    declare
      v_ids uuid[];
    begin
      with settled as (
        update ${schema}.send_logs l set status = 'sent', sent_at = p_now where l.id = any (p_log_ids)
        returning l.campaign_enrollment_id)
      select array_agg(s.campaign_enrollment_id) into v_ids from settled s;
      ${hasQueueTable ? settleQueue(schema) : ''}
      update ${schema}.enrollments e
      set ${hasQueueTable ? '' : 'claim_id = null, lease_until = null,'} ${sent},
        current_touch = least(e.current_touch + 1, 4), status = case e.current_touch when 4 then 'completed' else e.status end,
        completed_at = case e.current_touch when 4 then p_now end
      where e.id = any (v_ids);
      return cardinality(v_ids);
    end $$;`;
}

function settleQueue(schema: string): string {
  return `
      update ${schema}.touch_queue q
      set touch_number = q.touch_number + 1, scheduled_at = n.at, due_at = n.at, late_after = n.at + interval '48 hours',
        claim_id = null, lease_until = null
      from ${schema}.enrollments e,
        lateral (select case e.current_touch when 1 then e.touch_2_scheduled_at when 2 then e.touch_3_scheduled_at
          when 3 then e.touch_4_scheduled_at end as at) n
      where q.enrollment_id = any (v_ids) and e.id = q.enrollment_id and n.at is not null;
      delete from ${schema}.touch_queue q where q.enrollment_id = any (v_ids) and q.touch_number = 4 and q.claim_id is not null;`;
}
