// What lists and editors read of campaigns: views that show each caller the rows they may see, and no others.
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, newBusiness, operator } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { makeLive } from '../support/live-campaign.ts';

let database: TestDatabase;
let business: string;
let owner: Caller;
let email: string;
let sms: string;

beforeAll(async () => {
  database = await testDatabase('campaign_views');
});
afterAll(() => database.drop());

beforeEach(async () => {
  ({ id: business, owner } = await newBusiness(database));
  const texts = { email: { channel: 'email', subject: 'Hello' }, sms: { channel: 'sms' } };
  email = await owner.call('save_template', business, null, { ...texts.email, name: 'Thanks', body: 'Thanks.' });
  sms = await owner.call('save_template', business, null, { ...texts.sms, name: 'Reminder', body: 'Reminder.' });
});

const reminder = (): Record<string, unknown> => ({ channel: 'sms', delay_hours: 4, template_id: sms });

function plan(): Record<string, unknown>[] {
  return [{ channel: 'email', delay_hours: 24, template_id: email }, reminder()];
}

function create(name: string, serviceType: string | null, touches: unknown): Promise<string> {
  return owner.call<string>('create_campaign', business, name, serviceType, null, touches);
}

describe('the view', () => {
  it('campaign_live_touches shows what is live, own and of presets, in the shape of the original specification', async () => {
    const id = await create('Live', null, plan());
    await makeLive(database, id);
    await owner.call('edit_campaign', business, id, [reminder()]);
    await create('Draft', 'hvac', plan());
    const rows = await owner.rows(
      `select campaign_id, touch_number, channel, delay_hours, template_id from touchline.campaign_live_touches
       where business_id = $1 order by touch_number`,
      business,
    );
    expect(rows).toEqual(plan().map((row, index) => ({ campaign_id: id, touch_number: index + 1, ...row })));
    const other = await newBusiness(database);
    const seen = await other.owner.rows(
      'select distinct business_id = touchline.system_business_id() as of_presets from touchline.campaign_live_touches',
    );
    expect(seen).toEqual([{ of_presets: true }]);
  });

  it('campaign_overview counts the people inside and says when the next touch is due', async () => {
    const id = await create('Live', null, plan());
    await makeLive(database, id);
    await owner.call('edit_campaign', business, id);
    const unused = await create('Draft', 'hvac', [reminder()]);
    await enrolPeople(id);
    const overview = (caller: Caller): Promise<pg.QueryResultRow[]> =>
      caller.rows('select * from touchline.campaign_overview where business_id = $1 order by name desc', business);
    const rows = await overview(owner);
    expect(rows).toMatchObject([
      {
        id,
        status: 'active',
        live_version: 1,
        draft_version: 2,
        touches: 2,
        active: '3',
        completed: '1',
        stopped: '1',
        parked: '1',
        next_due_at: new Date('2026-01-03T12:00:00Z'),
      },
      { id: unused, status: 'draft', live_version: null, draft_version: 1, touches: 1, active: '0', next_due_at: null },
    ]);
    expect(await overview(operator(database))).toEqual(rows);
    expect(await overview((await newBusiness(database)).owner)).toEqual([]);
  });

  /** Three inside (one waiting, one later, one parked), one through, one stopped. */
  async function enrolPeople(id: string): Promise<void> {
    await database.query(`
      with people as (
        insert into touchline.customers (business_id, external_id) select '${business}', n from generate_series(1, 5) n
        returning id, external_id::int as n),
      work as (
        insert into touchline.jobs (business_id, customer_id, external_id, status, completed_at)
        select '${business}', id, n, 'completed', '2026-01-01T12:00Z' from people returning id, customer_id, external_id::int as n),
      inside as (
        insert into touchline.campaign_enrollments (business_id, campaign_id, campaign_version, job_id, customer_id, status,
          stop_reason, stopped_at, completed_at, enrolled_at, anchor_at, touch_1_scheduled_at, touch_1_status)
        select '${business}', '${id}', 1, id, customer_id,
          case n when 4 then 'completed' when 5 then 'stopped' else 'active' end,
          case n when 5 then 'owner_stopped' end, case n when 5 then now() end, case n when 4 then now() end,
          '2026-01-01T12:00Z', '2026-01-01T12:00Z', '2026-01-02T12:00Z', case when n < 4 then 'pending' else 'presumed_sent' end
        from work returning business_id, id, job_id, status)
      insert into touchline.touch_queue (business_id, enrollment_id, touch_number, channel, scheduled_at, due_at, late_after, blocked_by)
      select i.business_id, i.id, 1, 'email', '2026-01-02T12:00Z',
        case w.n when 3 then 'infinity' else timestamptz '2026-01-02T12:00Z' + make_interval(days => w.n) end,
        '2026-01-06Z', case w.n when 3 then 'held' end
      from inside i join work w on w.id = i.job_id where i.status = 'active'`);
  }
});
