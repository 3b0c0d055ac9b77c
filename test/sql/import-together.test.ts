// New rows are written together, and row by row where one of them is wrong: both leave the same behind.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Business, openWorld, type World } from '../engine/world.ts';
import { expectInvariants } from '../support/invariants.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld('import_together');
});
afterAll(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

interface Row {
  line: number;
  status: string;
  customer: Record<string, string>;
  job: Record<string, string>;
  sms_consent?: Record<string, string>;
  email_consent?: string;
}

const done = '2026-02-27T12:00:00Z';

/** One of each kind. */
const rows: Row[] = [
  { customer: { external_id: 'plain', first_name: ' Ann ', last_name: 'Lee', email: 'Ann@Example.test' } },
  { customer: { external_id: 'phone', phone: '+1 (212) 555-0101', country: 'us', state: 'ny' } },
  { customer: { external_id: 'zone', email: 'z@example.test', time_zone: 'America/Chicago' } },
  { customer: { external_id: 'empty', first_name: '', email: 'e@example.test' } },
  { customer: { external_id: 'waits', email: 'w@example.test' }, status: 'scheduled', job: { scheduled_for: done } },
  {
    customer: { external_id: 'yes', phone: '+12125550102' },
    sms_consent: { status: 'opted_in', source: 'import', notes: 'Column', method: 'website_form', occurred_at: done },
  },
  { customer: { external_id: 'now', phone: '+12125550103' }, sms_consent: { status: 'opted_in', source: 'import' } },
  { customer: { external_id: 'mail', email: 'm@example.test' }, sms_consent: { status: 'opted_in', source: 'import' } },
  { customer: { external_id: 'no', phone: '+12125550104' }, sms_consent: { status: 'opted_out', source: 'import' } },
  { customer: { external_id: 'none', email: 'n@example.test' }, email_consent: 'opted_out' },
  {
    customer: { external_id: 'stopped', phone: '+12125550105' },
    sms_consent: { status: 'opted_in', source: 'import' },
  },
  { customer: { external_id: 'shared', phone: '+12125550106' }, sms_consent: { status: 'opted_in', source: 'import' } },
  { customer: { external_id: 'twice', email: 't@example.test' }, job: { external_id: 'twice-1' } },
  { customer: { external_id: 'twice', email: 't@example.test' }, job: { external_id: 'twice-2', title: 'Again' } },
].map((given, index) => ({
  line: index + 2,
  status: 'completed',
  ...given,
  job: {
    ...{ external_id: `job-${index}`, service_type: 'plumbing', title: ' A job ' },
    ...(given.status === 'scheduled' ? {} : { completed_at: done }),
    ...given.job,
  },
}));

// Found when it is written, with the others: then they are taken one by one.
const wrong: Row = {
  ...{ line: 99, status: 'completed' },
  customer: { external_id: 'w', phone: '12' },
  job: { external_id: 'w', completed_at: done },
};

/** Answers without ids, and what stands in the tables without ids and times of writing. */
async function imported(business: Business, given: readonly Row[]): Promise<Record<string, unknown>> {
  await business.call('touchline.record_opt_out', ['sms', '+12125550105', '{}']);
  await business.call('touchline.import_jobs', [
    JSON.stringify([
      {
        ...wrong,
        customer: { external_id: 'older', phone: '+12125550106' },
      },
    ]),
  ]);
  const answers = await business.call<Record<string, unknown>[]>('touchline.import_jobs', [JSON.stringify(given)]);
  const told = answers.filter(({ line }) => line !== wrong.line).map(({ job_id: _id, ...answer }) => answer);
  const read = async (sql: string): Promise<unknown[]> => (await world.database.query(sql, [business.id])).rows;
  const without = "- '{id,business_id,customer_id,created_at,updated_at,sequence,recorded_by,address_hash}'::text[]";
  return {
    told,
    customers: await read(
      `select to_jsonb(k) ${without} as row from touchline.customers k where business_id = $1 order by external_id`,
    ),
    jobs: await read(
      `select to_jsonb(j) ${without} as row, k.external_id as customer from touchline.jobs j
       join touchline.customers k on (k.business_id, k.id) = (j.business_id, j.customer_id)
       where j.business_id = $1 order by j.external_id`,
    ),
    consent: await read(
      `select to_jsonb(e) ${without} as row, k.external_id as customer from touchline.consent_events e
       left join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
       where e.business_id = $1 order by k.external_id, e.channel, e.kind`,
    ),
    suppressions: await read(
      `select to_jsonb(s) ${without} as row from touchline.suppressions s where business_id = $1 order by channel, reason, suppressed_at`,
    ),
  };
}

/** How many rows an import takes one by one and writes. */
async function singly(business: Business, given: readonly Row[]): Promise<number> {
  return world.database.asRole('service_role', null, async (client) => {
    await client.query('reset role');
    await client.query("set local track_functions = 'all'");
    await client.query('set local role service_role');
    await client.query('select touchline.import_jobs($1, $2, $3)', [business.id, JSON.stringify(given), world.now]);
    const { rows: found } = await client.query<{ calls: string }>(
      `select coalesce(sum(calls), 0)::text as calls from pg_catalog.pg_stat_xact_user_functions
       where funcname = 'import_job'`,
    );
    return Number(found[0]?.calls);
  });
}

describe('an import', () => {
  test('leaves the same behind whether its rows were written together or one by one', async () => {
    const together = await imported(await world.business(), rows);
    const oneByOne = await imported(await world.business(), [...rows, wrong]);
    expect(together).toEqual(oneByOne);
    expect(together.told).toHaveLength(rows.length);
  });

  test('writes new rows together, and all one by one as soon as one is wrong', async () => {
    const many = Array.from({ length: 50 }, (_, n) => ({
      ...{ line: n + 2, status: 'completed' },
      customer: { external_id: `c${n}`, email: `c${n}@example.test` },
      job: { external_id: `j${n}`, completed_at: done },
    }));
    expect(await singly(await world.business(), many)).toBe(0);
    expect(await singly(await world.business(), [...many, wrong])).toBe(many.length);
  });
});

test('the planner is told what was written, by whoever may import and by nobody else', async () => {
  const refresh = (role: string): Promise<unknown> =>
    world.database.asRole(role, null, (client) => client.query('select touchline.refresh_statistics()'));
  await refresh('service_role');
  const { rows: found } = await world.database.query<{ known: boolean }>(
    "select reltuples > 0 as known from pg_catalog.pg_class where oid = 'touchline.customers'::regclass",
  );
  expect(found).toEqual([{ known: true }]);
  await expect(refresh('authenticated')).rejects.toThrow('permission denied');
});
