// Many moments at once are answered as each by itself, listed or as a stretch that is open throughout: windows, zones, sources and spans
// of time of every kind.
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

const hour = 3_600_000;
const asked = fc.record({
  // Around the days on which clocks are moved, and, now and then, far away.
  at: fc.oneof(
    fc.integer({ min: Date.UTC(2026, 2, 1), max: Date.UTC(2026, 3, 10) }),
    fc.integer({ min: Date.UTC(2026, 9, 1), max: Date.UTC(2026, 10, 10) }),
    fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) }),
  ),
  span: fc.oneof(fc.integer({ min: 0, max: hour }), fc.integer({ min: 0, max: 24 * hour })),
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

const stretchesSql = `
  select a.*, touchline.open_throughout(
      to_timestamp(a.at / 1000), make_interval(secs => a.span / 1000), a.channel, $1, a.zone, a.source) as is_open,
    array(
      select moment
      from generate_series(0, 8) part, to_timestamp((a.at + a.span * part / 8) / 1000) moment
      where touchline.next_allowed_at(moment, a.channel, $1, a.zone, a.source) is distinct from moment) as closed_at
  from jsonb_to_recordset($2) a (at float8, span float8, channel text, zone text, source text)`;

/** Stretches that were called open, of all businesses. */
let open = 0;

describe.each(businesses)('%s, email %s, sms %s', (zone, email, sms) => {
  let businessId: string;
  beforeAll(async () => {
    businessId = await makeBusiness(database, zone);
    await setWindows(database, businessId, 'email', readWindows(email));
    await setWindows(database, businessId, 'sms', readWindows(sms));
  });

  /** Asks about lists of moments, as one statement each. */
  const forLists = <Row extends pg.QueryResultRow>(statement: string, judge: (rows: Row[], count: number) => void) =>
    fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 60 }), async (list) => {
        const { rows } = await database.query<Row>(statement, [businessId, JSON.stringify(list)]);
        judge(rows, list.length);
      }),
      { numRuns: 60 },
    );

  test('a list of moments', () =>
    forLists<{ single: unknown[]; together: unknown[] }>(sql, ([row], count) => {
      expect(row?.together).toEqual(row?.single);
      expect(row?.together).toHaveLength(count);
    }));

  test('every moment of a stretch that is open throughout is its own answer', () =>
    forLists<{ is_open: boolean; closed_at: Date[] }>(stretchesSql, (rows, count) => {
      expect(rows).toHaveLength(count);
      expect(rows.filter(({ is_open, closed_at }) => is_open && closed_at.length > 0)).toEqual([]);
      open += rows.filter(({ is_open }) => is_open).length;
    }));
});

test('some of the stretches were open', () => {
  expect(open).toBeGreaterThan(20);
});
