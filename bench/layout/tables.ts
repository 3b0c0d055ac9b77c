// The tables that every layout shares, each layout having its own copy in a schema of its own: businesses, campaigns with their
// touches, the wide enrollment with the seed's twelve touch columns and five common indexes, and the log with the seed's keys.
import type pg from 'pg';

/** How many people there are, and of what kind. */
export interface Size {
  /** Enrollments in each layout; a quarter of them is active, as the seed assumes. */
  people: number;
  /** Active enrollments that are due at each touch number. */
  duePerTouch: number;
}

export const touchNumbers = [1, 2, 3, 4] as const;

const touchColumns = touchNumbers
  .map((n) => `touch_${n}_scheduled_at timestamptz, touch_${n}_sent_at timestamptz, touch_${n}_status text`)
  .join(', ');

const business = '11111111-1111-4111-8111-111111111111';
const campaigns = 20;

function idOf(kind: number, number: string): string {
  return `('018f000${kind}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
}

/** Tables without their indexes and rows. */
function tablesOf(schema: string): string {
  return `
    create schema ${schema};
    create table ${schema}.businesses (id uuid primary key, name text not null);
    create table ${schema}.campaigns (
      id uuid primary key, business_id uuid not null references ${schema}.businesses (id) on delete cascade, name text not null,
      status text not null default 'active');
    create table ${schema}.campaign_touches (
      campaign_id uuid not null references ${schema}.campaigns (id) on delete cascade, touch_number smallint not null,
      channel text not null, delay_hours integer not null, total_delay_hours integer not null,
      primary key (campaign_id, touch_number));
    create table ${schema}.enrollments (
      id uuid not null, business_id uuid not null, campaign_id uuid not null, job_id uuid not null, customer_id uuid not null,
      status text not null, stop_reason text, current_touch smallint not null, enrolled_at timestamptz not null,
      completed_at timestamptz, ${touchColumns}, claim_id uuid, lease_until timestamptz,
      created_at timestamptz not null default now()
    ) with (fillfactor = 75, autovacuum_enabled = off);
    create table ${schema}.send_logs (
      id uuid not null default touchline.uuid_v7(), business_id uuid not null, customer_id uuid not null, campaign_id uuid,
      campaign_enrollment_id uuid, touch_number smallint, channel text not null default 'email',
      status text not null default 'queued', claim_id uuid not null, recipient text not null, sent_at timestamptz,
      created_at timestamptz not null default now(), primary key (id)
    ) with (fillfactor = 50, autovacuum_enabled = off);
    create index on ${schema}.send_logs (campaign_id, touch_number) where campaign_id is not null;
    create index on ${schema}.send_logs (campaign_enrollment_id) where campaign_enrollment_id is not null;`;
}

/** The seed's indexes and keys beside its due indexes; every layout has them. */
function keysOf(schema: string): string {
  return `
    alter table ${schema}.enrollments add primary key (id);
    create unique index on ${schema}.enrollments (customer_id, campaign_id) where status = 'active';
    create index on ${schema}.enrollments (business_id, campaign_id, status);
    create index on ${schema}.enrollments (customer_id, status);
    create index on ${schema}.enrollments (job_id);`;
}

/** The log's keys to its parents, as the seed has them. */
export function logKeysOf(schema: string): string {
  return `
    alter table ${schema}.send_logs
      add foreign key (business_id) references ${schema}.businesses (id) on delete cascade,
      add foreign key (campaign_id) references ${schema}.campaigns (id) on delete set null,
      add foreign key (campaign_enrollment_id) references ${schema}.enrollments (id) on delete set null;`;
}

/**
 * Makes a layout's tables and fills them: of the active quarter a fourth stands at each touch, and of those `duePerTouch` became
 * due in the last hour, the others will in the next weeks. Touch n + 1 is planned three days after touch n.
 */
export async function fillTables(client: pg.Client, schema: string, { people, duePerTouch }: Size): Promise<void> {
  await client.query(tablesOf(schema));
  await client.query(`insert into ${schema}.businesses values ('${business}', 'Business')`);
  await client.query(
    `insert into ${schema}.campaigns select ${idOf(1, 'c')}, '${business}', 'Campaign ' || c from generate_series(0, ${campaigns - 1}) c`,
  );
  await client.query(
    `insert into ${schema}.campaign_touches select ${idOf(1, 'c')}, n, 'email', 72, 72 * n
     from generate_series(0, ${campaigns - 1}) c, generate_series(1, 4) n`,
  );
  const plan = touchNumbers
    .map((n) => {
      const at = `p.enrolled_at + interval '${72 * n} hours'`;
      const isSent = `p.status = 'completed' or ${n} < p.touch`;
      return `${at}, case when ${isSent} then ${at} end, case when ${isSent} then 'sent' else 'pending' end`;
    })
    .join(', ');
  await client.query(
    `insert into ${schema}.enrollments
     select ${idOf(2, 'p.n')}, '${business}', ${idOf(1, `p.n % ${campaigns}`)}, ${idOf(3, 'p.n')}, ${idOf(4, 'p.n')}, p.status, null,
       p.touch, p.enrolled_at, case when p.status = 'completed' then p.enrolled_at + interval '288 hours' end, ${plan}, null, null,
       p.enrolled_at
     from (
       select n, k.status, k.touch,
         case when k.status = 'completed' then now() - interval '40 days' - n * interval '1 second'
           else now() - k.touch * interval '72 hours' + case
             when k.place < $2 then k.place * interval '1 hour' / $2 - interval '1 hour'
             else interval '1 hour' + k.place * interval '20 seconds' end end as enrolled_at
       from generate_series(0, $1::integer - 1) n
       cross join lateral (
         select case n % 4 when 0 then 'active' else 'completed' end as status,
           case n % 4 when 0 then 1 + n / 4 % 4 else 4 end::smallint as touch, n / 16 as place) k
     ) p`,
    [people, duePerTouch],
  );
  await client.query(keysOf(schema));
}
