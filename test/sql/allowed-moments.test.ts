// Many moments at once are answered as each by itself: windows, zones, sources and spans of time of every kind.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { makeBusiness, readWindows, setWindows } from '../support/quiet-hours.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('allowed_moments');
});
afterAll(() => database.drop());

const businesses = [
  ['America/New_York', 'daily 08:00-21:00', 'daily 09:00-17:00'],
  ['Australia/Lord_Howe', 'mon-fri 22:00-02:00', 'sat 01:30-02:15'],
  ['Europe/London', 'never', 'daily 00:00-24:00'],
] as const;

const asked = fc.record({
  // Around the days on which clocks are moved, and, now and then, far away.
  at: fc.oneof(
    fc.integer({ min: Date.UTC(2026, 2, 1), max: Date.UTC(2026, 3, 10) }),
    fc.integer({ min: Date.UTC(2026, 9, 1), max: Date.UTC(2026, 10, 10) }),
    fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) }),
  ),
  channel: fc.constantFrom('email', 'sms'),
  zone: fc.constantFrom(null, 'America/New_York', 'America/Phoenix', 'Australia/Lord_Howe', 'Nowhere/Else'),
  source: fc.constantFrom(null, 'explicit', 'address', 'area_code'),
});

const sql = `
  with asked as (
    select a.*
    from rows from (pg_catalog.jsonb_to_recordset($2) as (at float8, channel text, zone text, source text)) with ordinality
      a (at, channel, zone, source, place)
  ), lists as (
    select array_agg(to_timestamp(at / 1000) order by place) as ats, array_agg(channel order by place) as channels,
      array_agg(zone order by place) as zones, array_agg(source order by place) as sources
    from asked)
  select array(select touchline.next_allowed_at(to_timestamp(a.at / 1000), a.channel, $1, a.zone, a.source) from asked a order by a.place)
      as single,
    touchline.allowed_moments($1, l.ats, l.channels, l.zones, l.sources) as together
  from lists l`;

test.each(businesses)('%s, email %s, sms %s', async (zone, email, sms) => {
  const businessId = await makeBusiness(database, zone);
  await setWindows(database, businessId, 'email', readWindows(email));
  await setWindows(database, businessId, 'sms', readWindows(sms));
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 60 }), async (list) => {
      const { rows } = await database.query<{ single: unknown[]; together: unknown[] }>(sql, [
        businessId,
        JSON.stringify(list),
      ]);
      expect(rows[0]?.together).toEqual(rows[0]?.single);
      expect(rows[0]?.together).toHaveLength(list.length);
    }),
    { numRuns: 60 },
  );
});
