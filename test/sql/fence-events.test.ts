// What ends a sequence: every cause, wherever the sequence stands, under the reason that says so.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stopReasons } from '../../src/generated/rows.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import {
  day,
  enroll,
  enrollmentOf,
  type LiveState,
  liveCampaign,
  liveStates,
  monday,
  newCustomer,
  newPhone,
  newSite,
  plus,
  queueOf,
  type Site,
  statuses,
} from '../support/engine-world.ts';
import { expectInvariants } from '../support/invariants.ts';

let database: TestDatabase;
let site: Site;
let campaign: string;
let customer: string;
let phone: string;
let email: string;

beforeAll(async () => {
  database = await testDatabase({ name: 'fence_events', virtualClock: true });
});
afterAll(async () => {
  await expectInvariants(database);
  await database.drop();
});
beforeEach(async () => {
  site = await newSite(database);
  campaign = await liveCampaign(site, [
    { channel: 'email', delay_hours: 24 },
    { channel: 'sms', delay_hours: 24 },
  ]);
  phone = newPhone();
  email = `${randomUUID()}@example.test`;
  customer = await newCustomer(site, { phone, email });
});

const at = (days: number): Date => plus(monday, days * day);
const event = (kind: string): Promise<unknown> =>
  site.owner.call('record_customer_event', site.id, customer, kind, at(2));
const outOf = (channel: string, address: string, details: object): Promise<unknown> =>
  site.owner.call('record_opt_out', site.id, channel, address, details, at(2));

/** What ends a sequence, and the reason it ends with. */
const causes: Record<string, { reason: string; happens: (enrollment: string) => Promise<unknown> }> = {
  'an owner stops it': {
    reason: 'owner_stopped',
    happens: (enrollment) => site.owner.call('stop_enrollment', site.id, enrollment, 'owner_stopped', at(2)),
  },
  'the customer opts out of SMS': { reason: 'opted_out_sms', happens: () => outOf('sms', phone, {}) },
  'the customer opts out of email': { reason: 'opted_out_email', happens: () => outOf('email', email, {}) },
  'an email bounces for good': {
    reason: 'bounced',
    happens: () => outOf('email', email, { source: 'bounce', bounce_class: 'permanent' }),
  },
  'the customer complains': { reason: 'complained', happens: () => outOf('email', email, { source: 'complaint' }) },
  'the customer replies': { reason: 'replied', happens: () => event('replied') },
  'the customer books again': { reason: 'booked_again', happens: () => event('booked_again') },
  'the customer follows the review link': { reason: 'review_clicked', happens: () => event('review_clicked') },
  'the customer answers': { reason: 'feedback_submitted', happens: () => event('feedback_submitted') },
  'the customer is archived': {
    reason: 'owner_stopped',
    happens: () => site.owner.call('archive_customer', site.id, customer, at(2)),
  },
  'the customer is erased': {
    reason: 'customer_erased',
    happens: () => site.owner.call('erase_customer', site.id, customer, at(2)),
  },
  'the campaign is deleted': {
    reason: 'campaign_deleted',
    happens: () => site.owner.call('archive_campaign', site.id, campaign, at(2)),
  },
};

const parked = { paused: 'campaign_paused', suspended: 'business_suspended' } as const;
type Place = LiveState | keyof typeof parked;

async function standing(place: Place): Promise<string> {
  const state = place === 'paused' || place === 'suspended' ? 'pending' : place;
  const enrollment = await enroll(site, campaign, { customer, state });
  if (place === 'paused') await site.owner.call('pause_campaign', site.id, campaign, null, at(1));
  if (place === 'suspended') await site.operator.call('suspend_business', site.id, 'Unpaid', at(1));
  return enrollment;
}

describe('defect 40: a sequence ends wherever it stands', () => {
  const places: Place[] = [...liveStates, 'paused', 'suspended'];
  const cases = Object.keys(causes).flatMap((cause) => places.map((place) => [cause, place] as const));

  it.each(cases)('when %s while it is %s', async (cause, place) => {
    const enrollment = await standing(place);
    const onItsWay = place === 'sending' || place === 'unknown' || place === 'held';
    await causes[cause]?.happens(enrollment);
    expect(await enrollmentOf(site, enrollment)).toMatchObject({
      status: 'stopped',
      stop_reason: causes[cause]?.reason,
      stopped_at: at(2),
    });
    expect(await statuses(site, enrollment)).toEqual([onItsWay ? place : 'cancelled', 'cancelled']);
    expect((await queueOf(site, enrollment))?.stopping ?? null).toBe(onItsWay ? true : null);
  });
});

describe('defect 47: every reason of the list', () => {
  it('is produced by something that happens', async () => {
    for (const { happens } of Object.values(causes)) {
      await anew();
      await happens(await enroll(site, campaign, { customer }));
    }
    await anew();
    await site.owner.call('stop_enrollment', site.id, await standing('paused'), 'campaign_paused', at(2));
    await anew();
    await site.operator.call('stop_enrollment', site.id, await standing('suspended'), 'business_suspended', at(2));
    await anew();
    await replaced();
    const { rows } = await database.query(
      'select distinct stop_reason from touchline.campaign_enrollments where stop_reason is not null order by 1',
    );
    expect(rows.map((row) => row.stop_reason)).toEqual(stopReasons.toSorted());
  });

  async function anew(): Promise<void> {
    site = await newSite(database);
    campaign = await liveCampaign(site, [{ channel: 'email', delay_hours: 24 }]);
    customer = await newCustomer(site, { phone, email });
  }

  /** A newer job of a customer whose sequence still runs, under the policy replace. */
  async function replaced(): Promise<void> {
    await site.owner.call('set_sending_policy', site.id, { overlap: 'replace' });
    await enroll(site, campaign, { customer });
    const job = { external_id: 'job-2', completed_at: at(2).toISOString() };
    await site.owner.call('complete_job', site.id, job, { id: customer }, at(2));
  }

  it('stands on the enrollment with its moment, and on none that goes on', async () => {
    const { rows } = await database.query(
      `select from touchline.campaign_enrollments
       where (status = 'stopped') <> (stop_reason is not null) or (status = 'stopped') <> (stopped_at is not null)`,
    );
    expect(rows).toEqual([]);
  });
});

describe('defect 46: whatever ends or begins again', () => {
  it('is open to the people of the business, and to its own program, and to nobody else', async () => {
    const names = [
      'stop_enrollment',
      'record_opt_out',
      'record_opt_in',
      'record_customer_event',
      'archive_customer',
      'restore_customer',
      'erase_customer',
      'pause_campaign',
      'resume_campaign',
      'archive_campaign',
      'publish_campaign',
    ];
    const { rows } = await database.query(
      `select p.proname as name, array(select r from unnest('{anon,authenticated,service_role,touchline_worker}'::text[]) r
           where pg_catalog.has_function_privilege(r, p.oid, 'execute')) as roles
       from pg_catalog.pg_proc p where p.pronamespace = 'touchline'::regnamespace and p.proname = any ($1) order by 1`,
      [names],
    );
    const roles = ['authenticated', 'service_role', 'touchline_worker'];
    expect(rows).toEqual(names.toSorted().map((name) => ({ name, roles })));
  });
});

describe('an event of a customer', () => {
  it('ends all their sequences at once', async () => {
    const other = await liveCampaign(site, [{ channel: 'email', delay_hours: 24 }], 'hvac');
    const enrollments = [await enroll(site, campaign, { customer }), await enroll(site, other, { customer })];
    expect(await event('booked_again')).toBe(2);
    expect(await event('booked_again')).toBe(0);
    for (const id of enrollments) expect((await enrollmentOf(site, id)).stop_reason).toBe('booked_again');
  });

  it('that is a reply stops only where the business wants it', async () => {
    await site.owner.call('set_sending_policy', site.id, { stop_on_reply: false });
    const enrollment = await enroll(site, campaign, { customer });
    expect(await event('replied')).toBe(0);
    expect((await enrollmentOf(site, enrollment)).status).toBe('active');
  });

  it.each([
    ['review_clicked', at(2)],
    ['feedback_submitted', at(2)],
    ['replied', null],
    ['booked_again', null],
  ])('%s leaves the moment of the last review at %s', async (kind, moment) => {
    await event(kind);
    const { rows } = await database.query('select last_reviewed_at from touchline.customers where id = $1', [customer]);
    expect(rows[0]?.last_reviewed_at).toEqual(moment);
  });

  it.each(['bounced', 'complained', 'opt_out', 'sneezed', null])(
    'is not %s: that is of an address or of nothing',
    async (kind) => {
      const refusal = site.owner.refusal('record_customer_event', site.id, customer, kind, at(2));
      expect(await refusal).toMatchObject({ code: 'TL402', hint: expect.stringContaining('record_opt_out') });
    },
  );
});

describe('the table of effects', () => {
  it('is the one that docs/data-model/states.md shows', async () => {
    const page = readFileSync(new URL('../../docs/data-model/states.md', import.meta.url), 'utf8');
    const shown = [...page.matchAll(/^\| `(\w+)` \| (`\w+`|—) \| (.+?) \| (`\w+`|—) \| (yes|—) \| (yes|—) \|$/gm)].map(
      (row) => row.slice(1).map((cell) => cell.replaceAll('`', '').replace('—', '')),
    );
    const { rows } = await database.query<{ cells: string[] }>(
      `select array[k.kind, coalesce(e.stop_reason, ''), string_agg(distinct e.stops, ' or '), coalesce(e.suppresses, ''),
          case when e.withdraws_consent then 'yes' else '' end, case when e.counts_as_review then 'yes' else '' end] as cells
        from unnest($1::text[]) with ordinality k (kind, place),
          (values ('stop_enrollment', true), ('continue_other_channel', false)) p (after_opt_out, stop_on_reply),
          touchline.event_effects(k.kind, 'CHANNEL', p.after_opt_out, p.stop_on_reply) e
        group by k.place, k.kind, e.stop_reason, e.suppresses, e.withdraws_consent, e.counts_as_review order by k.place`,
      [shown.map(([kind]) => kind)],
    );
    expect(rows.map(({ cells }) => cells)).toEqual(shown);
    expect(shown.length).toBe(8);
  });
});
