// The two queries the seed gives, word for word. The due query is a read for a cron of one's own: it finds what is planned
// and due, and marks nothing. Whoever sends from it needs a claim of their own; ours is claim_due_touches.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate/index.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const dueQuery = `
-- Uses idx_enrollments_touch_1_due (partial index)
SELECT * FROM campaign_enrollments
WHERE status = 'active'
  AND current_touch = 1
  AND touch_1_scheduled_at <= NOW()
  AND touch_1_sent_at IS NULL
FOR UPDATE SKIP LOCKED
LIMIT 100;`;

const analyticsQuery = `
-- Uses idx_send_logs_campaign (partial index)
SELECT touch_number, COUNT(*), AVG(CASE WHEN status='opened' THEN 1 ELSE 0 END)
FROM send_logs
WHERE campaign_id = $1
GROUP BY touch_number;`;

const business = 'aaaaaaaa-1111-7000-8000-000000000001';
const campaign = 'aaaaaaaa-1111-7000-8000-000000000002';
const people = 5_000;
const dueCount = 40;
/** Sends of the campaign by touch: how many, and how many of them were opened. */
const sends = [
  { touch: 1, sent: 120, opened: 48 },
  { touch: 2, sent: 75, opened: 15 },
  { touch: 3, sent: 8, opened: 8 },
];

const addCampaign = `
  insert into touchline.businesses (id, user_id, name, time_zone) values ('${business}', touchline.uuid_v7(), 'Shop', 'UTC');
  insert into touchline.campaigns (business_id, id, name) values ('${business}', '${campaign}', 'Follow-up');
  insert into touchline.campaigns (business_id, name) select '${business}', 'Other ' || n from generate_series(1, 40) n;`;

// Of many enrolled people a few are due: person 1–40. Then come such whose touch 1 left, who were stopped, who completed; for
// all others it is not yet time.
const addEnrollments = `
  create temporary table person as
  select n, touchline.uuid_v7() as customer, touchline.uuid_v7() as job, case
      when n <= ${dueCount} then 'due' when n <= 100 then 'sent' when n <= 160 then 'stopped' when n <= 200 then 'completed'
      else 'waiting' end as kind
  from generate_series(1, ${people}) n;
  insert into touchline.customers (business_id, id, external_id) select '${business}', customer, n::text from person;
  insert into touchline.jobs (business_id, id, customer_id, status, completed_at)
  select '${business}', job, customer, 'completed', now() - interval '3 days' from person;
  insert into touchline.campaign_enrollments (business_id, campaign_id, campaign_version, job_id, customer_id, enrolled_at,
    anchor_at, status, stop_reason, stopped_at, completed_at, current_touch, touch_1_scheduled_at, touch_1_status,
    touch_1_sent_at, touch_2_scheduled_at, touch_2_status)
  select '${business}', '${campaign}', 1, job, customer, now(), now() - interval '3 days',
    case kind when 'stopped' then kind when 'completed' then kind else 'active' end,
    case kind when 'stopped' then 'replied' end,
    case kind when 'stopped' then now() end,
    case kind when 'completed' then now() end,
    case when kind in ('sent', 'completed') then 2 else 1 end,
    now() + make_interval(mins => case kind when 'waiting' then n else -n end),
    case kind when 'sent' then 'sent' when 'completed' then 'sent' when 'stopped' then 'cancelled' else 'pending' end,
    case when kind in ('sent', 'completed') then now() end,
    now() + make_interval(days => 3, mins => n),
    case kind when 'stopped' then 'cancelled' when 'completed' then 'cancelled' else 'pending' end
  from person;
  analyze touchline.campaign_enrollments;`;

const addSends = `
  insert into touchline.send_logs (business_id, campaign_id, touch_number, channel, status)
  select '${business}', '${campaign}', touch, 'email', case when n <= opened then 'opened' else 'delivered' end
  from (values ${sends.map(({ touch, sent, opened }) => `(${touch}, ${sent}, ${opened})`).join(', ')}) v (touch, sent, opened),
    generate_series(1, sent) n;
  insert into touchline.send_logs (business_id, campaign_id, touch_number, status)
  select '${business}', c.id, 1, 'opened' from touchline.campaigns c, generate_series(1, 200)
  where c.business_id = '${business}' and c.id <> '${campaign}';
  insert into touchline.send_logs (business_id, status) select '${business}', 'opened' from generate_series(1, 500);
  analyze touchline.send_logs;`;

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase('seed_queries');
  await database.query(`begin; ${addCampaign} ${addEnrollments} ${addSends} commit`);
});
afterAll(() => database.drop());

/** Runs one of the queries the way the seed writes it: without the schema's name. */
async function asWritten(client: pg.ClientBase, query: string, params: unknown[] = []): Promise<pg.QueryResult> {
  await client.query('set local search_path = touchline');
  return client.query(query, params);
}

const run = (query: string, params: unknown[] = []): Promise<pg.QueryResult> =>
  database.asRole('service_role', null, (client) => asWritten(client, query, params));

async function planOf(query: string, params: unknown[] = []): Promise<string> {
  const { rows } = await run(`explain ${query}`, params);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const idsOf = ({ rows }: pg.QueryResult): string[] => rows.map(({ id }) => String(id)).toSorted();

describe('the due query', () => {
  test('finds exactly the touches that are planned and due', async () => {
    const planned = await database.query(
      `select e.id from touchline.campaign_enrollments e join touchline.customers c on (c.business_id, c.id) = (e.business_id, e.customer_id)
       where c.external_id::integer <= ${dueCount}`,
    );
    expect(planned.rowCount).toBe(dueCount);
    expect(idsOf(await run(dueQuery))).toEqual(idsOf(planned));
  });

  test('returns whole rows with the twelve columns', async () => {
    const { fields } = await run(dueQuery);
    const names = fields.map(({ name }) => name);
    const twelve = [1, 2, 3, 4].flatMap((n) =>
      ['scheduled_at', 'sent_at', 'status'].map((field) => `touch_${n}_${field}`),
    );
    expect(names).toEqual(expect.arrayContaining(twelve));
  });

  test('is a read, never a claim: it hides rows while its transaction lasts, and finds them all again afterwards', async () => {
    await database.asRole('service_role', null, async (first) => {
      expect((await asWritten(first, dueQuery)).rowCount).toBe(dueCount);
      expect((await run(dueQuery)).rowCount).toBe(0);
    });
    expect((await run(dueQuery)).rowCount).toBe(dueCount);
  });

  test('is not for a member of the business, who may read these rows but not lock them', async () => {
    const { rows } = await database.query<{ user_id: string }>(
      'select user_id from touchline.businesses where id = $1',
      [business],
    );
    const asMember = database.asRole('authenticated', { sub: rows[0]?.user_id }, (client) =>
      asWritten(client, dueQuery),
    );
    await expect(asMember).rejects.toMatchObject({ code: '42501' });
  });

  test('reads idx_enrollments_touch_1_due where the optional indexes are, and works without', async () => {
    expect(await planOf(dueQuery)).not.toContain('idx_enrollments_touch_1_due');
    const before = idsOf(await run(dueQuery));
    const owner = await database.pool.connect();
    try {
      const { seedDueIndexesCreated } = await migrate(owner, { withSeedDueIndexes: true });
      expect(seedDueIndexesCreated).toEqual([1, 2, 3, 4].map((n) => `idx_enrollments_touch_${n}_due`));
    } finally {
      owner.release();
    }
    expect(await planOf(dueQuery)).toContain('idx_enrollments_touch_1_due');
    expect(idsOf(await run(dueQuery))).toEqual(before);
  });
});

describe('the analytics query', () => {
  test('equals a count by hand', async () => {
    const { rows } = await run(analyticsQuery, [campaign]);
    const counted = rows.map((row) => ({ touch: row.touch_number, sent: Number(row.count), share: Number(row.avg) }));
    const byHand = sends.map(({ touch, sent, opened }) => ({ touch, sent, share: opened / sent }));
    expect(counted.toSorted((a, b) => a.touch - b.touch)).toEqual(byHand);
  });

  test('finds nothing for a campaign that sent nothing', async () => {
    expect((await run(analyticsQuery, ['aaaaaaaa-1111-7000-8000-000000000003'])).rows).toEqual([]);
  });

  test('uses idx_send_logs_campaign', async () => {
    expect(await planOf(analyticsQuery, [campaign])).toContain('idx_send_logs_campaign');
  });
});
