// Rows of another program's export: each is written for itself, nothing twice, and nobody comes back who must not.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Business, openWorld, type World } from '../engine/world.ts';
import { expectInvariants } from '../support/invariants.ts';

let world: World;
let business: Business;

beforeAll(async () => {
  world = await openWorld('import_jobs');
});
afterAll(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

interface Answered {
  line: number;
  outcome: string;
  reason?: string;
  what?: string;
  why?: string;
  fix?: string;
  job_id?: string;
  status?: string;
  decision?: string | null;
  customer?: string;
  sms?: string;
}

interface Row {
  line?: number;
  status?: string;
  customer?: Record<string, unknown>;
  job?: Record<string, unknown>;
  customer_by_job?: boolean;
  sms_consent?: Record<string, string>;
  email_consent?: string;
}

/** A row of a person and a job nobody has seen before, unless said otherwise. */
function row(changes: Row = {}): Required<Pick<Row, 'customer' | 'job'>> & Row {
  const key = randomUUID();
  const { customer, job, ...rest } = changes;
  return {
    line: 2,
    status: 'completed',
    ...rest,
    customer: { external_id: key, first_name: 'Ann', email: `${key}@example.test`, ...customer },
    job: { external_id: key, service_type: 'plumbing', completed_at: '2026-02-27T12:00:00Z', ...job },
  };
}

const load = (...rows: Row[]): Promise<Answered[]> =>
  business.call<Answered[]>('touchline.import_jobs', [JSON.stringify(rows)]);

async function one(given: Row): Promise<Answered> {
  const [answer] = await load(given);
  if (answer === undefined) throw new Error('A row was not answered.');
  return answer;
}

async function stored(table: 'jobs' | 'customers', externalId: unknown): Promise<Record<string, unknown> | undefined> {
  const { rows } = await world.database.query(
    `select * from touchline.${table} where business_id = $1 and external_id = $2`,
    [business.id, externalId],
  );
  return rows[0];
}

describe('a row', () => {
  beforeAll(async () => {
    business = await world.business();
  });

  test('becomes a customer and an imported job, and nobody is enrolled by it, not even by the next tick', async () => {
    const given = row();
    expect(await one(given)).toMatchObject({
      line: 2,
      outcome: 'imported',
      customer: 'new',
      status: 'completed',
      decision: 'imported',
      sms: 'no_phone',
    });
    await world.tick();
    expect(await stored('jobs', given.job.external_id)).toMatchObject({ source: 'import', decision: 'imported' });
    const { rowCount } = await world.database.query(
      'select from touchline.campaign_enrollments where business_id = $1',
      [business.id],
    );
    expect(rowCount).toBe(0);
  });

  test('imported again changes nothing, and changed it updates', async () => {
    const given = row({ customer: { phone: '+12125550142' }, sms_consent: { status: 'opted_in', source: 'import' } });
    expect(await one(given)).toMatchObject({ outcome: 'imported', sms: 'opted_in' });
    expect(await one(given)).toMatchObject({ outcome: 'unchanged', customer: 'active' });
    given.job.title = 'Water heater';
    expect(await one(given)).toMatchObject({ outcome: 'updated' });
    const { rows } = await world.database.query<{ events: number }>(
      `select count(*)::integer as events from touchline.consent_events e
       join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
       where k.external_id = $1`,
      [given.customer.external_id],
    );
    expect(rows).toEqual([{ events: 1 }]);
  });

  test('of a scheduled job is scheduled, then completed by a later export, and never goes back', async () => {
    const later = { scheduled_for: '2026-04-01T12:00:00Z', completed_at: null };
    const given = row({ status: 'scheduled', job: later });
    expect(await one(given)).toMatchObject({ outcome: 'imported', status: 'scheduled', decision: null });
    const done = { ...given, status: 'completed', job: { ...given.job, completed_at: '2026-02-28T12:00:00Z' } };
    expect(await one(done)).toMatchObject({ outcome: 'updated', status: 'completed', decision: 'imported' });
    expect(await one(given)).toMatchObject({ outcome: 'unchanged', status: 'completed' });
  });

  test('that cannot be written is answered with what, why and fix, and the others stand', async () => {
    const good = row({ line: 2 });
    const answers = await load(
      good,
      row({ line: 3, customer: { phone: '12' } }),
      row({ line: 4, job: { service_type: 'magic' } }),
      row({ line: 5, job: { completed_at: '2026-12-24T12:00:00Z' } }),
      row({ line: 6, job: { external_id: '' } }),
      row({ line: 7, job: { completed_at: '2026-02-31T12:00:00Z' } }),
      row({ line: 8, customer: { time_zone: 'Mars/Olympus' } }),
    );
    expect(answers.map(({ line, outcome, what = '' }) => [line, outcome, what])).toEqual([
      [2, 'imported', ''],
      [3, 'rejected', 'Customer: phone cannot be "12"'],
      [4, 'rejected', 'Job: service_type cannot be "magic"'],
      [5, 'rejected', 'completed_at is missing or in the future'],
      [6, 'rejected', 'A row needs a customer, a job with external_id, and a status'],
      [7, 'rejected', expect.stringContaining('2026-02-31')],
      [8, 'rejected', 'Customer: time_zone cannot be "Mars/Olympus"'],
    ]);
    for (const { outcome, fix } of answers) expect(fix ?? '').toMatch(outcome === 'rejected' ? /\w/ : /^$/);
  });

  test('whose job belongs to another customer is rejected, unless the job says whose it is', async () => {
    const given = row();
    await one(given);
    const moved = { ...given, customer: { external_id: 'somebody-else', first_name: 'Ann', phone: '+12125550143' } };
    expect(await one(moved)).toMatchObject({ outcome: 'rejected', what: 'Job: it is the job of another customer' });
    expect(await stored('customers', 'somebody-else')).toBeUndefined();
    expect(await one({ ...moved, customer_by_job: true })).toMatchObject({ outcome: 'updated' });
    expect(await stored('customers', given.customer.external_id)).toMatchObject({ phone: '+12125550143' });
  });
});

describe('nobody comes back', () => {
  beforeAll(async () => {
    business = await world.business();
  });

  test('an archived customer stays archived', async () => {
    const given = row();
    await one(given);
    const customer = await stored('customers', given.customer.external_id);
    await business.call('touchline.archive_customer', [customer?.id]);
    expect(await one(row({ customer: given.customer }))).toMatchObject({ outcome: 'imported', customer: 'archived' });
    expect(await stored('customers', given.customer.external_id)).toMatchObject({ status: 'archived' });
  });

  test('an erased person is left out, by the job and by the address', async () => {
    const given = row({ customer: { phone: '+12125550144' } });
    await one(given);
    const customer = await stored('customers', given.customer.external_id);
    await business.call('touchline.erase_customer', [customer?.id]);
    expect(await one(given)).toEqual({ line: 2, outcome: 'left_out', reason: 'customer_erased' });
    const again = row({ customer: { first_name: 'Ann', phone: '+1 (212) 555-0144' } });
    expect(await one(again)).toEqual({ line: 2, outcome: 'left_out', reason: 'customer_erased' });
    expect(await stored('customers', again.customer.external_id)).toBeUndefined();
  });

  test('who opted out stays out, whatever the file says, and an opt-out in the file is recorded', async () => {
    const yes = { sms_consent: { status: 'opted_in', source: 'import' } };
    const given = row({ customer: { phone: '+12125550145' }, ...yes });
    await one(given);
    await business.call('touchline.record_opt_out', ['sms', '+12125550145', '{}']);
    expect(await one(given)).toMatchObject({ outcome: 'unchanged', sms: 'opted_out' });
    const sameNumber = row({ customer: { phone: '+12125550145' }, ...yes });
    expect(await one(sameNumber)).toMatchObject({ outcome: 'imported', sms: 'unknown' });

    const no = row({
      customer: { phone: '+12125550146' },
      sms_consent: { status: 'opted_out', source: 'import' },
      email_consent: 'opted_out',
    });
    expect(await one(no)).toMatchObject({ outcome: 'imported', sms: 'opted_out' });
    expect(await one(no)).toMatchObject({ outcome: 'unchanged' });
    expect(await stored('customers', no.customer.external_id)).toMatchObject({ email_consent_status: 'opted_out' });
  });
});

test('more than 1000 rows, and no rows, are refused in words', async () => {
  const many = Array.from({ length: 1001 }, () => ({}));
  await expect(load(...many)).rejects.toThrow('Rows are an array of at most 1000');
  await expect(business.call('touchline.import_jobs', ['{}'])).rejects.toThrow('Rows are an array of at most 1000');
  expect(await load()).toEqual([]);
});
