// `touchline business`: an operator adds a business, looks at it and changes it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BusinessDetail } from '../../src/db/read/businesses.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { document, type Failure, type Program, programOn } from './run.ts';

let database: TestDatabase;
let touchline: Program;

beforeAll(async () => {
  database = await testDatabase('cli_business');
  touchline = programOn(database.url);
});
afterAll(() => database.drop());

const add = ['business', 'add', '--name', "Ann's Plumbing", '--time-zone', 'America/New_York'];

test('before there is one, the list says how to add it', async () => {
  const { code, out, err } = await touchline.run(['business', 'list']);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('There is no business yet. Add one: touchline business add');
  expect(await touchline.json(['business', 'list'])).toEqual({ businesses: [], next_cursor: null });
  expect((await touchline.run(['business', 'show'])).code).toBe(1);
});

test('a time zone that does not exist is refused, with the one that was meant', async () => {
  const wrong = (zone: string) => touchline.run(['business', 'add', '--name', 'A', '--time-zone', zone, '--json']);
  const first = await wrong('America/NewYork');
  expect(first.code).toBe(2);
  expect(document<Failure>(first).error.what).toBe(
    'There is no time zone "America/NewYork". Did you mean America/New_York?',
  );
  expect(document<Failure>(await wrong('new york')).error.what).toContain('Did you mean America/New_York?');
  expect(await touchline.json(['business', 'list'])).toEqual({ businesses: [], next_cursor: null });
});

test('adding one gives it an owner, the usual policy and windows, and says what comes next', async () => {
  const { code, out, err } = await touchline.run(add);
  expect(code).toBe(0);
  expect(out).toMatch(/^Added Ann's Plumbing\n/);
  expect(out).toContain('sms    mon-sat 08:00-21:00, sun 12:00-21:00');
  expect(out).toContain('postal_address: every email needs one by law');
  expect(err).toBe('Next: touchline campaign copy gentle (touchline campaign list shows the presets).\n');
});

test('the only business needs no name', async () => {
  const { business } = await touchline.json<{ business: BusinessDetail }>(['business', 'show']);
  expect(business).toMatchObject({
    name: "Ann's Plumbing",
    time_zone: 'America/New_York',
    country: 'US',
    status: 'active',
    review_url: null,
    sending_policy: { overlap: 'skip', max_late_hours: 48, stop_on_reply: true },
  });
  expect(business.sending_windows).toHaveLength(14);
  expect(business.sending_windows[0]).toEqual({ channel: 'email', iso_weekday: 1, opens: '07:00', closes: '21:00' });
});

test('profile, policy and windows are changed in one command; the rest stays', async () => {
  const { business, changed } = await touchline.json<{ business: BusinessDetail; changed: string[] }>([
    ...['business', 'set', '--postal-address', '1 Main Street, Albany, NY 12207', '--state', 'NY'],
    ...['--service-types', 'plumbing,other', '--overlap', 'ask', '--stop-on-reply', 'no', '--min-gap-hours', '24'],
    ...['--sms-windows', 'mon-fri 09:00-18:00'],
  ]);
  expect(changed.toSorted()).toEqual(
    ['postal_address', 'state', 'service_types', 'overlap', 'stop_on_reply', 'min_gap_hours', 'sms_windows'].toSorted(),
  );
  expect(business).toMatchObject({
    state: 'NY',
    service_types: ['plumbing', 'other'],
    sending_policy: { overlap: 'ask', stop_on_reply: false, min_gap_hours: 24, max_late_hours: 48 },
  });
  expect(business.sending_windows.filter(({ channel }) => channel === 'sms')).toHaveLength(5);
  expect(business.sending_windows.filter(({ channel }) => channel === 'email')).toHaveLength(7);
});

test('an empty text removes a setting', async () => {
  const { business } = await touchline.json<{ business: BusinessDetail }>(['business', 'set', '--state', '']);
  expect(business.state).toBeNull();
});

test('a value the schema refuses leaves everything as it was, in one transaction', async () => {
  const ran = await touchline.run(['business', 'set', '--overlap', 'skip', '--max-late-hours', '9999', '--json']);
  expect(ran.code).toBe(2);
  expect(document<Failure>(ran).error).toMatchObject({
    code: 'invalid_argument',
    why: expect.stringContaining('1 to 720 hours'),
  });
  const { business } = await touchline.json<{ business: BusinessDetail }>(['business', 'show']);
  expect(business.sending_policy).toMatchObject({ overlap: 'ask', max_late_hours: 48 });
});

test('nothing to set is a usage error, as is a window that cannot be read', async () => {
  const nothing = await touchline.run(['business', 'set']);
  expect([nothing.code, nothing.err]).toEqual([
    2,
    'touchline: There is nothing to change. Name a setting, like --review-url https://…; --help lists all.\n',
  ]);
  const windows = await touchline.run(['business', 'set', '--email-windows', 'weekdays 9 to 5']);
  expect([windows.code, windows.out]).toEqual([2, '']);
});

test('with two businesses a command asks which, and takes a name in any case or an id', async () => {
  const owner = '01980000-0000-7000-8000-000000000001';
  const { business } = await touchline.json<{ business: BusinessDetail }>([
    ...['business', 'add', '--name', 'Bright Roofs', '--time-zone', 'America/Chicago', '--owner', owner],
  ]);
  expect(business.user_id).toBe(owner);
  const which = await touchline.run(['business', 'set', '--brand-name', 'Bright']);
  expect(which.code).toBe(2);
  expect(which.err).toMatch(
    /^touchline: Which business\? There are 2: "Ann's Plumbing" \(.*\) and "Bright Roofs" \(.*\)\. Add --business/,
  );
  const named = ['business', 'set', '--brand-name', 'Bright', '--business'];
  expect((await touchline.run([...named, 'bright roofs'])).code).toBe(0);
  expect((await touchline.run([...named, business.id])).code).toBe(0);
  const misspelt = await touchline.run([...named, 'Brigth Roofs']);
  expect([misspelt.code, misspelt.err]).toEqual([
    1,
    'touchline: There is no business "Brigth Roofs". Did you mean Bright Roofs? touchline business list shows all.\n',
  ]);
});

test('two of one name are told apart by id', async () => {
  await touchline.json(add);
  const { code, err } = await touchline.run(['business', 'show', "Ann's Plumbing"]);
  expect(code).toBe(2);
  expect(err).toMatch(
    /^touchline: Several have the name "Ann's Plumbing": [0-9a-f-]{36} and [0-9a-f-]{36}\. Give the id\.\n$/,
  );
});

test('the list shows who lacks what; the system business is not in it', async () => {
  const { out } = await touchline.run(['business', 'list']);
  expect(out).toMatch(/^name +id +time zone +status +missing\n/);
  expect(out).toMatch(/^Bright Roofs +\S{36} +America\/Chicago +active +postal_address, review_url, sender_name$/m);
  expect(out).not.toContain('presets');
  const { businesses } = await touchline.json<{ businesses: unknown[] }>(['business', 'list']);
  expect(businesses).toHaveLength(3);
});
