// Of a stretch that is called open, every moment is answered by next_allowed_at with itself.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { makeBusiness, readWindows, setWindows } from '../support/quiet-hours.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('open_throughout');
});
afterAll(() => database.drop());

const businesses = [
  ['America/New_York', 'daily 08:00-21:00', 'daily 09:00-17:00'],
  ['Australia/Lord_Howe', 'mon-fri 22:00-02:00', 'sat 01:30-02:15'],
  ['Europe/London', 'never', 'daily 00:00-24:00'],
] as const;

const hour = 3_600_000;
const asked = fc.record({
  at: fc.oneof(
    fc.integer({ min: Date.UTC(2026, 2, 1), max: Date.UTC(2026, 3, 10) }),
    fc.integer({ min: Date.UTC(2026, 9, 1), max: Date.UTC(2026, 10, 10) }),
  ),
  span: fc.oneof(fc.integer({ min: 0, max: hour }), fc.integer({ min: 0, max: 24 * hour })),
  channel: fc.constantFrom('email', 'sms'),
  zone: fc.constantFrom(null, 'America/New_York', 'America/Phoenix', 'Australia/Lord_Howe', 'Nowhere/Else'),
  source: fc.constantFrom(null, 'explicit', 'address', 'area_code'),
});

const sql = `
  select a.*, touchline.open_throughout(
      to_timestamp(a.at / 1000), make_interval(secs => a.span / 1000), a.channel, $1, a.zone, a.source) as is_open,
    array(
      select moment
      from generate_series(0, 8) part, to_timestamp((a.at + a.span * part / 8) / 1000) moment
      where touchline.next_allowed_at(moment, a.channel, $1, a.zone, a.source) is distinct from moment) as closed_at
  from jsonb_to_recordset($2) a (at float8, span float8, channel text, zone text, source text)`;

/** Stretches that were called open, of all businesses. */
let open = 0;

test.each(businesses)('%s, email %s, sms %s', async (zone, email, sms) => {
  const businessId = await makeBusiness(database, zone);
  await setWindows(database, businessId, 'email', readWindows(email));
  await setWindows(database, businessId, 'sms', readWindows(sms));
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 60 }), async (list) => {
      const { rows } = await database.query<{ is_open: boolean; closed_at: Date[] }>(sql, [
        businessId,
        JSON.stringify(list),
      ]);
      expect(rows).toHaveLength(list.length);
      const wrong = rows.filter(({ is_open, closed_at }) => is_open && closed_at.length > 0);
      expect(wrong).toEqual([]);
      open += rows.filter(({ is_open }) => is_open).length;
    }),
    { numRuns: 60 },
  );
});

test('some of them were', () => {
  expect(open).toBeGreaterThan(20);
});
