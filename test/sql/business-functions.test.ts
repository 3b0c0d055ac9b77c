// Setting up a business: its profile, its sending policy and windows, and who acts for it.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockedBehind, type Caller, callOf, newBusiness, operator, signedIn, worker } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const systemBusiness = '00000000-0000-0000-0000-000000000000';
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase('business_functions');
});
afterAll(() => database.drop());

async function row(table: string, business: string, key = 'business_id'): Promise<Record<string, unknown>> {
  const { rows } = await database.query(
    `select to_jsonb(t) - 'updated_at' as row from touchline.${table} t where ${key} = $1`,
    [business],
  );
  return rows[0]?.row ?? {};
}

describe('a new business', () => {
  it('is complete: owner, policy, windows, a lane and a sender per channel', async () => {
    const { id, ownerId, owner } = await newBusiness(database, {
      postal_address: '1 Main Street, Hudson',
      state: 'NY',
    });
    expect(await row('businesses', id, 'id')).toMatchObject({
      user_id: ownerId,
      name: 'Hudson Heating',
      time_zone: 'America/New_York',
      country: 'US',
      state: 'NY',
      postal_address: '1 Main Street, Hudson',
      status: 'active',
    });
    const members = await owner.rows('select user_id, role from touchline.business_members where business_id = $1', id);
    expect(members).toEqual([{ user_id: ownerId, role: 'owner' }]);
    const counted = await database.query(
      `select (select count(*)::int from touchline.sending_policies where business_id = $1) as policies,
         (select count(*)::int from touchline.sending_windows where business_id = $1) as windows,
         (select count(*)::int from touchline.business_dispatch where business_id = $1) as lanes,
         (select count(*)::int from touchline.sender_accounts where business_id = $1) as senders`,
      [id],
    );
    expect(counted.rows).toEqual([{ policies: 1, windows: 14, lanes: 2, senders: 2 }]);
  });

  it.each([
    [{ name: 'X', time_zone: 'Mars/Phobos' }, 'time_zone cannot be "Mars/Phobos"', /IANA zone name/],
    [{ name: 'X' }, 'time_zone is missing', /IANA zone name/],
    [{ time_zone: 'UTC' }, 'name is missing', /1 to 200 characters/],
    [{ name: 'X', time_zone: 'UTC', country: null }, 'country cannot be null', /two capital letters/],
    [{ name: 'X', time_zone: 'UTC', colour: 'red' }, 'There is no key "colour"', /Nothing was changed/],
    [['name'], 'A JSON object is needed', /Given: array/],
  ])('with profile %j is refused: %s', async (profile, message, detail) => {
    const before = (await database.query('select from touchline.businesses')).rowCount;
    const refusal = await operator(database).refusal('add_business', randomUUID(), profile);
    expect(refusal).toMatchObject({ code: 'TL402', message, detail: expect.stringMatching(detail) });
    expect((await database.query('select from touchline.businesses')).rowCount).toBe(before);
  });

  it('names the known keys when one is unknown', async () => {
    const { hint } = await operator(database).refusal('add_business', randomUUID(), { zone: 'UTC' });
    expect(hint).toBe(
      'Known keys: name, time_zone, country, state, postal_address, brand_name, sender_name, contact_phone, contact_email, review_url, service_types.',
    );
  });

  it('has an owner, and is made by the operator', async () => {
    const profile = { name: 'X', time_zone: 'UTC' };
    const refusal = await operator(database).refusal('add_business', null, profile);
    expect(refusal).toMatchObject({ code: 'TL402', message: 'A business needs an owner' });
    for (const caller of [worker(database), signedIn(database, randomUUID())]) {
      expect(await caller.refusal('add_business', randomUUID(), profile)).toMatchObject({ code: '42501' });
    }
  });
});

describe('the profile', () => {
  it('changes where told to and stays as it is elsewhere', async () => {
    const { id, owner } = await newBusiness(database, { state: 'NY', brand_name: 'Hudson' });
    const before = await row('businesses', id, 'id');
    await owner.call('set_business', id, { brand_name: null, service_types: ['hvac', 'plumbing'], time_zone: 'UTC' });
    const changed = { brand_name: null, service_types: ['hvac', 'plumbing'], time_zone: 'UTC' };
    expect(await row('businesses', id, 'id')).toEqual({ ...before, ...changed });
  });

  it.each([
    ['name', ''],
    ['name', null],
    ['name', 12],
    ['time_zone', 'Eastern'],
    ['country', 'usa'],
    ['state', 'New York'],
    ['postal_address', 'Here'],
    ['brand_name', ' '],
    ['sender_name', 'x'.repeat(101)],
    ['contact_phone', '212 555 0100'],
    ['contact_email', 'nobody'],
    ['review_url', 'http://example.test'],
    ['service_types', []],
    ['service_types', ['gardening']],
    ['service_types', 'hvac'],
    ['service_types', [1]],
  ])('refuses %s = %j, says what is allowed, and changes nothing', async (key, value) => {
    const { id, owner } = await newBusiness(database);
    const before = await row('businesses', id, 'id');
    const refusal = await owner.refusal('set_business', id, { contact_email: 'us@example.test', [key]: value });
    expect(refusal).toEqual({
      code: 'TL402',
      message: expect.stringMatching(new RegExp(`^${key} cannot be .`)),
      detail: expect.stringMatching(/^Allowed: .+\. Nothing was changed\.$/),
      hint: `Give another value for ${key}.`,
    });
    expect(await row('businesses', id, 'id')).toEqual(before);
  });

  it('has no key for what only functions move', async () => {
    const { id, owner } = await newBusiness(database);
    for (const key of ['status', 'user_id', 'id', 'suspended_at']) {
      const refusal = await owner.refusal('set_business', id, { [key]: null });
      expect(refusal).toMatchObject({ code: 'TL402', message: `There is no key "${key}"` });
    }
  });
});

describe('the sending policy', () => {
  const other = {
    max_late_hours: 24,
    min_gap_hours: 48,
    cap_messages_per_24h: 2,
    cap_sms_per_day: 2,
    reentry_days_after_review: 60,
    reentry_days_after_enrollment: 180,
    overlap: 'ask',
    queue_gap_days: 3,
    max_enroll_age_days: 30,
    after_opt_out: 'continue_other_channel',
    stop_on_reply: false,
    unknown_sms: 'hold',
    unknown_email: 'resend_once',
    max_attempts: 3,
  };

  it('takes each of its keys, also as text, and leaves the others', async () => {
    const { id, owner } = await newBusiness(database);
    for (const [key, value] of Object.entries(other)) {
      const before = await row('sending_policies', id);
      await owner.call('set_sending_policy', id, { [key]: String(value) });
      expect(await row('sending_policies', id)).toEqual({ ...before, [key]: value });
    }
    await owner.call('set_sending_policy', id, {});
    expect(await row('sending_policies', id)).toMatchObject(other);
  });

  it.each([
    ['max_late_hours', 0, '1 to 720 hours'],
    ['max_late_hours', 1.5, '1 to 720 hours'],
    ['max_late_hours', 1e12, '1 to 720 hours'],
    ['min_gap_hours', -1, '0 to 720 hours'],
    ['cap_messages_per_24h', 'many', '1 to 20 messages'],
    ['cap_sms_per_day', 11, '1 to 10 messages'],
    ['reentry_days_after_review', 3651, '0 to 3650 days'],
    ['reentry_days_after_enrollment', null, '0 to 3650 days'],
    ['overlap', 'never', 'skip, replace, queue_after or ask'],
    ['queue_gap_days', true, '0 to 365 days'],
    ['max_enroll_age_days', 366, '1 to 365 days'],
    ['after_opt_out', 'nothing', 'stop_enrollment or continue_other_channel'],
    ['stop_on_reply', 'yes', 'true or false'],
    ['unknown_sms', 'resend', 'presumed_sent, hold or resend_once'],
    ['unknown_email', '', 'presumed_sent, hold or resend_once'],
    ['max_attempts', 21, '1 to 20 attempts'],
  ])('refuses %s = %j, says what is allowed, and changes nothing', async (key, value, allowed) => {
    const { id, owner } = await newBusiness(database);
    const before = await row('sending_policies', id);
    const refusal = await owner.refusal('set_sending_policy', id, { queue_gap_days: 3, [key]: value });
    expect(refusal).toMatchObject({
      code: 'TL402',
      message: `${key} cannot be ${JSON.stringify(value)}`,
      detail: `Allowed: ${allowed}. Nothing was changed.`,
    });
    expect(await row('sending_policies', id)).toEqual(before);
  });

  it('lists what it knows when asked for something else', async () => {
    const { id, owner } = await newBusiness(database);
    const refusal = await owner.refusal('set_sending_policy', id, { quiet_hours: '22-7' });
    expect(refusal).toMatchObject({ code: 'TL402', message: 'There is no key "quiet_hours"' });
    for (const key of Object.keys(other)) expect(refusal.hint).toContain(key);
  });
});

describe('the sending windows', () => {
  const weekday = { iso_weekday: 1, opens: '09:00', closes: '12:00' };

  async function windows(business: string, channel: string): Promise<string[]> {
    const { rows } = await database.query(
      `select iso_weekday || ' ' || to_char(opens, 'HH24:MI') || '-' || to_char(closes, 'HH24:MI') as shown
       from touchline.sending_windows where (business_id, channel) = ($1, $2) order by iso_weekday, opens`,
      [business, channel],
    );
    return rows.map(({ shown }) => shown);
  }

  it('are replaced as a whole, per channel', async () => {
    const { id, owner } = await newBusiness(database);
    const email = await windows(id, 'email');
    const late = { iso_weekday: 5, opens: '22:00', closes: '02:00' };
    await owner.call('set_sending_windows', id, 'sms', [
      late,
      { ...weekday, opens: '14:00', closes: '18:00' },
      weekday,
    ]);
    expect(await windows(id, 'sms')).toEqual(['1 09:00-12:00', '1 14:00-18:00', '5 22:00-02:00']);
    expect(await windows(id, 'email')).toEqual(email);
    await owner.call('set_sending_windows', id, 'sms', []);
    expect(await windows(id, 'sms')).toEqual([]);
  });

  it.each([
    [{ ...weekday, iso_weekday: 8 }, 'Window 2: iso_weekday cannot be 8'],
    [{ ...weekday, opens: '9:00' }, 'Window 2: opens cannot be "9:00"'],
    [{ ...weekday, opens: '24:00' }, 'Window 2: opens cannot be "24:00"'],
    [{ ...weekday, opens: '12:00' }, 'Window 2: closes cannot be "12:00"'],
    [{ iso_weekday: 1, opens: '09:00' }, 'Window 2: closes is missing'],
    [{ ...weekday, zone: 'UTC' }, 'Window 2: There is no key "zone"'],
    [{ ...weekday, iso_weekday: 3 }, 'Window 2: opens cannot be "09:00"'],
    ['09:00-12:00', 'Window 2: A JSON object is needed'],
  ])('refuse %j and stay as they were', async (bad, message) => {
    const { id, owner } = await newBusiness(database);
    const before = await windows(id, 'sms');
    const refusal = await owner.refusal('set_sending_windows', id, 'sms', [{ ...weekday, iso_weekday: 3 }, bad]);
    expect(refusal).toMatchObject({ code: 'TL402', message });
    expect(await windows(id, 'sms')).toEqual(before);
  });

  it('belong to a channel and come as an array', async () => {
    const { id, owner } = await newBusiness(database);
    const fax = await owner.refusal('set_sending_windows', id, 'fax', []);
    expect(fax).toMatchObject({ code: 'TL402', message: 'channel cannot be "fax"' });
    const single = await owner.refusal('set_sending_windows', id, 'sms', weekday);
    expect(single).toMatchObject({ code: 'TL402', message: 'A JSON array of windows is needed' });
  });

  it('set by two people at once are those of one of them', async () => {
    const { id, owner, ownerId } = await newBusiness(database);
    await database.asRole('authenticated', { sub: ownerId }, async (first) => {
      await first.query(callOf('set_sending_windows', [id, 'sms', [weekday]]));
      const second = owner.call('set_sending_windows', id, 'sms', [{ ...weekday, iso_weekday: 2 }]);
      await blockedBehind(database, first);
      await first.query('commit');
      await second;
    });
    expect(await windows(id, 'sms')).toEqual(['2 09:00-12:00']);
  });
});

describe('members', () => {
  const roles = async (business: string): Promise<Record<string, string>> => {
    const { rows } = await database.query(
      'select user_id, role from touchline.business_members where business_id = $1',
      [business],
    );
    return Object.fromEntries(rows.map(({ user_id, role }) => [user_id, role]));
  };

  it('come, change their role, and go', async () => {
    const { id, ownerId, owner } = await newBusiness(database);
    const userId = randomUUID();
    const user = signedIn(database, userId);
    await owner.call('set_member', id, userId, 'viewer');
    expect(await user.refusal('set_business', id, { name: 'Mine' })).toMatchObject({ code: 'TL202' });
    await owner.call('set_member', id, userId, 'manager');
    await user.call('set_business', id, { name: 'Ours' });
    expect(await roles(id)).toEqual({ [ownerId]: 'owner', [userId]: 'manager' });
    expect(await user.refusal('set_member', id, userId, 'owner')).toMatchObject({ code: 'TL202' });
    await owner.call('remove_member', id, userId);
    expect(await user.refusal('set_business', id, { name: 'Mine' })).toMatchObject({ code: 'TL201' });
  });

  it('have one of three roles', async () => {
    const { id, owner } = await newBusiness(database);
    expect(await owner.refusal('set_member', id, randomUUID(), 'admin')).toMatchObject({
      code: 'TL402',
      message: 'role cannot be "admin"',
      detail: 'Allowed: owner, manager or viewer. Nothing was changed.',
    });
    expect(await owner.refusal('set_member', id, null, 'viewer')).toMatchObject({ code: 'TL402' });
    expect(await owner.refusal('remove_member', id, randomUUID())).toMatchObject({ code: 'TL201' });
  });

  it('always include an owner', async () => {
    const { id, ownerId, owner } = await newBusiness(database);
    const second = randomUUID();
    for (const refusal of [
      await owner.refusal('remove_member', id, ownerId),
      await owner.refusal('set_member', id, ownerId, 'manager'),
      await operator(database).refusal('remove_member', id, ownerId),
    ]) {
      expect(refusal).toMatchObject({ code: 'TL307', hint: 'Make somebody else an owner first.' });
    }
    await owner.call('set_member', id, ownerId, 'owner');
    await owner.call('set_member', id, second, 'owner');
    await owner.call('remove_member', id, ownerId);
    expect(await roles(id)).toEqual({ [second]: 'owner' });
  });

  it('who are owners cannot both remove the other at once', async () => {
    const { id, ownerId, owner } = await newBusiness(database);
    const second = randomUUID();
    await owner.call('set_member', id, second, 'owner');
    await database.asRole('authenticated', { sub: ownerId }, async (first) => {
      await first.query(callOf('remove_member', [id, second]));
      const answer = signedIn(database, second).refusal('remove_member', id, ownerId);
      await blockedBehind(database, first);
      await first.query('commit');
      expect(await answer).toMatchObject({ code: 'TL307' });
    });
    expect(await roles(id)).toEqual({ [ownerId]: 'owner' });
  });
});

describe('a business that is none, and the system business', () => {
  const calls: [string, unknown[]][] = [
    ['set_business', [{ name: 'X' }]],
    ['set_sending_policy', [{ max_attempts: 1 }]],
    ['set_sending_windows', ['sms', []]],
    ['set_member', [randomUUID(), 'owner']],
    ['remove_member', [randomUUID()]],
    ['create_campaign', ['X', null, null, []]],
    ['edit_campaign', [randomUUID()]],
    ['copy_preset', ['standard']],
    ['copy_campaign', [randomUUID(), null]],
    ['save_template', [null, { name: 'X', channel: 'sms', body: 'X' }]],
    ['delete_template', [randomUUID()]],
  ];

  it.each(calls)('are answered alike by %s, also to the worker and the operator', async (name, args) => {
    const callers: Caller[] = [worker(database), operator(database), signedIn(database, randomUUID())];
    for (const caller of callers) {
      const system = await caller.refusal(name, systemBusiness, ...args);
      expect(system.code).toBe('TL201');
      expect(await caller.refusal(name, randomUUID(), ...args)).toEqual(system);
    }
  });
});
