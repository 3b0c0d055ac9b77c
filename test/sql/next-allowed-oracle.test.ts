// next_allowed_at against an oracle that shares nothing with it but the rules: random windows, moments, spans and zones, and
// every zone of the server around every change of its clock.
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type Asked, askAll, makeBusiness, offsetsOf, readWindows, setWindows } from '../support/quiet-hours.ts';
import {
  clockOf,
  laterOf,
  minuteMs,
  nextAllowed,
  openWeek,
  type SendingWindow,
  wallOf,
  type ZoneClock,
} from '../support/quiet-oracle.ts';

const fromYear = 2020;
const toYear = 2041;
let database: TestDatabase;
let clocks: ZoneClock[] = [];
/** Zones whose clock is another one in Node's time zone data than in Postgres'. */
let differing: string[] = [];

beforeAll(async () => {
  database = await testDatabase('next_allowed_oracle');
  const { rows } = await database.query<{ name: string }>('select name from touchline.time_zones order by name');
  const all = rows.map(({ name }) => clockOf(name));
  differing = await zonesThatDiffer(all);
  clocks = all.filter(({ zone }) => !differing.includes(zone));
}, 60_000);
afterAll(() => database.drop());

/** Compares offsets at every change, just before it, and in the middle of each month. */
async function zonesThatDiffer(all: readonly ZoneClock[]): Promise<string[]> {
  const months = Array.from({ length: (toYear - 2019) * 12 }, (_, month) => Date.UTC(2019, month, 15) / minuteMs);
  const found: string[] = [];
  for (const clock of all) {
    const minutes = [...months, ...clock.sinces.flatMap((since) => [since, since - 1])];
    const offsets = await offsetsOf(database, clock.zone, minutes);
    if (minutes.some((minute, index) => wallOf(clock, minute) - minute !== offsets[index])) found.push(clock.zone);
  }
  return found;
}

describe('the oracle', () => {
  it('knows the clock of nearly every zone as Postgres does; the others are named', () => {
    if (differing.length > 0) console.log(`Other time zone data in Node than in Postgres: ${differing.join(', ')}`);
    expect(clocks.length / (clocks.length + differing.length), differing.join(', ')).toBeGreaterThan(0.95);
  });

  it('reads wall clocks as Temporal does', () => {
    for (const clock of clocks) {
      const since = clock.sinces[clock.sinces.length >> 1] ?? 0;
      for (const distance of [-90, -30, 0, 30, 90]) {
        const instant = Temporal.Instant.fromEpochMilliseconds((since + distance) * minuteMs);
        const plain = instant.toZonedDateTimeISO(clock.zone).toPlainDateTime().add({ minutes: 45 });
        const wall = Math.round(plain.toZonedDateTime('UTC').epochMilliseconds / minuteMs);
        const meant = plain.toZonedDateTime(clock.zone, { disambiguation: 'later' }).epochMilliseconds / minuteMs;
        expect(laterOf(clock, wall), `${clock.zone} ${plain}`).toBe(meant);
      }
    }
  });
});

/** What was asked and answered wrongly, for a person to read. */
function difference(asked: Asked, answer: number | null, expected: number | null): string {
  const text = (ms: number | null): string =>
    ms === null ? 'null' : Temporal.Instant.fromEpochMilliseconds(ms).toString();
  const zones = asked.clocks.map(({ zone }) => zone).join(' and ');
  return `${zones} at ${text(asked.atMs)}, ${asked.spanMs} ms: ${text(answer)} instead of ${text(expected)}`;
}

async function differences(asked: readonly Asked[], connectionZone = 'UTC'): Promise<string[]> {
  const answers = await askAll(database, asked, connectionZone);
  return asked.flatMap((one, index) => {
    const answer = answers[index] ?? null;
    const expected = nextAllowed(one);
    return answer === expected ? [] : [difference(one, answer, expected)];
  });
}

describe('next_allowed_at', () => {
  it('agrees with the oracle around every change of every clock from 2020 to 2040', async () => {
    const sets = await Promise.all(
      changeWindows.map(async (windows) => {
        const businessId = await makeBusiness(database, 'UTC');
        await setWindows(database, businessId, 'sms', windows);
        return { businessId, week: openWeek(windows) };
      }),
    );
    let next = 0;
    const around = (clock: ZoneClock, since: number): Asked[] =>
      [-120, -91, -60, -30, -1, 0, 29, 60, 120].flatMap((minutes) => {
        next += 1;
        const set = sets[next % sets.length];
        const spanMs = [0, 150_000, 40 * minuteMs][next % 3] ?? 0;
        // Some seconds more, so that no answer is right by rounding.
        const atMs = (since + minutes) * minuteMs + (next % 4) * 7_001;
        const zones = { customerZone: clock.zone, source: 'explicit', clocks: [clock] };
        return set === undefined ? [] : [{ ...set, ...zones, channel: 'sms', atMs, spanMs }];
      });
    const start = Date.UTC(fromYear, 0) / minuteMs;
    const end = Date.UTC(toYear, 0) / minuteMs;
    const asked = clocks.flatMap((clock) => {
      const changes = clock.sinces.slice(1).filter((since) => since >= start && since < end);
      return (changes.length > 0 ? changes : [start, end]).flatMap((since) => around(clock, since));
    });
    const wrong = await differences(asked);
    console.log(`${asked.length} moments around the changes of ${clocks.length} zones`);
    expect(wrong.slice(0, 20)).toEqual([]);
  }, 240_000);

  it('agrees with the oracle about any windows, moments, spans and zones', async () => {
    const known = new Map(clocks.map((clock) => [clock.zone, clock]));
    const zone = fc.constantFrom(...known.keys());
    const week = fc.oneof(anyWindows, anyWindows, daysAlike);
    const questions = fc.array(anyQuestion([...known.values()]), { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(zone, zone, week, questions, async (businessZone, connectionZone, windows, drawn) => {
        const businessId = await makeBusiness(database, businessZone);
        await setWindows(database, businessId, 'email', windows);
        const asked = drawn.map((one) => ({
          ...one,
          businessId,
          channel: 'email',
          week: openWeek(windows),
          clocks: deciding(known.get(one.customerZone ?? ''), one.source, known.get(businessZone)),
        }));
        expect(await differences(asked, connectionZone)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

/** Whose clocks must be open: the rule, written down a second time. */
function deciding(
  customer: ZoneClock | undefined,
  source: string | null,
  business: ZoneClock | undefined,
): ZoneClock[] {
  if (business === undefined) throw new Error('The business has a zone');
  if (customer === undefined) return [business];
  return source === 'explicit' || source === 'address' ? [customer] : [customer, business];
}

const minuteOfDay = fc.oneof(
  fc.integer({ min: 0, max: 1439 }),
  fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15),
  fc.integer({ min: 0, max: 7 }).map((half) => half * 30),
);
const anySpan = fc
  .tuple(minuteOfDay, fc.oneof(minuteOfDay, fc.constant(1440)))
  .filter(([opens, closes]) => opens !== closes)
  .map(([opens, closes]) => ({ opens, closes }));
const windowKey = ({ isoWeekday, opens }: SendingWindow): number => isoWeekday * 1440 + opens;
const anyWindows = fc.uniqueArray(
  fc.tuple(fc.integer({ min: 1, max: 7 }), anySpan).map(([isoWeekday, span]) => ({ isoWeekday, ...span })),
  { maxLength: 12, selector: windowKey },
);
const daysAlike = fc
  .tuple(fc.subarray([1, 2, 3, 4, 5, 6, 7]), fc.uniqueArray(anySpan, { maxLength: 3, selector: ({ opens }) => opens }))
  .map(([days, spans]) => days.flatMap((isoWeekday) => spans.map((span) => ({ isoWeekday, ...span }))));

function anyQuestion(known: readonly ZoneClock[]) {
  const days3 = 3 * 24 * 60 * minuteMs;
  const anyMoment = fc.integer({ min: Date.UTC(fromYear, 0), max: Date.UTC(toYear, 0) });
  const place = fc
    .record({
      clock: fc.constantFrom(...known),
      near: fc.boolean(),
      change: fc.nat(),
      distance: fc.integer({ min: -days3, max: days3 }),
      moment: anyMoment,
    })
    .map(({ clock, near, change, distance, moment }) => {
      const since = clock.sinces[1 + (change % Math.max(1, clock.sinces.length - 1))];
      return { zone: clock.zone, atMs: near && since !== undefined ? since * minuteMs + distance : moment };
    });
  const oddZone = fc.constantFrom(null, '', 'Mars/Phobos', 'US/Pacific-New', 'america/new_york', 'CET', 'PDT', 'Mars5');
  return fc
    .record({
      place,
      oddZone: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, oddZone),
      spanMs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 0, max: 10 * minuteMs }),
        fc.integer({ min: 0, max: 1800 * minuteMs }),
      ),
      source: fc.constantFrom('explicit', 'address', 'area_code', null),
    })
    .map(({ place: { zone, atMs }, oddZone: odd, spanMs, source }) => ({
      atMs,
      spanMs,
      source,
      customerZone: odd === undefined ? zone : odd,
    }));
}

/** Windows that open or close where clocks change: at night, at midnight, inside gap and fold. */
const changeWindows: readonly SendingWindow[][] = [
  'daily 08:00-21:00',
  'daily 01:30-05:00',
  'daily 02:30-03:00 03:00-06:00 00:15-00:45',
  'daily 20:00-01:30',
  'daily 22:00-02:30 02:45-03:15',
  'daily 08:00-24:00 00:00-02:00',
  'daily 23:30-00:30 01:15-01:45',
  'mon-sat 00:00-24:00, sun 12:00-23:15',
].map(readWindows);
