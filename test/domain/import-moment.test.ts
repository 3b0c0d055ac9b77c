// Dates as exports write them, in the business's zone; what could be two days is refused.
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { type DateOrder, dateOrderOf, readMoment } from '../../src/domain/import/moment.ts';
import { momentOfWall } from '../../src/domain/import/zone.ts';

const zone = 'America/New_York';

describe('a date is read', () => {
  test.each<[string, string, DateOrder?]>([
    ['2026-03-04', '2026-03-04T17:00:00.000Z'],
    ['2026-03-04 15:30', '2026-03-04T20:30:00.000Z'],
    ['2026-03-04T15:30:15Z', '2026-03-04T15:30:15.000Z'],
    ['2026-03-04T15:30:00.250+02:00', '2026-03-04T13:30:00.000Z'],
    ['2026-03-04 15:30 -0800', '2026-03-04T23:30:00.000Z'],
    ['2026/3/4', '2026-03-04T17:00:00.000Z'],
    ['03/28/2026', '2026-03-28T16:00:00.000Z'],
    ['28/03/2026', '2026-03-28T16:00:00.000Z'],
    ['3/28/26 9:05 AM', '2026-03-28T13:05:00.000Z'],
    ['03/28/2026 12:05am', '2026-03-28T04:05:00.000Z'],
    ['03/28/2026, 12:05 p.m.', '2026-03-28T16:05:00.000Z'],
    ['03-28-2026 17:45:30', '2026-03-28T21:45:30.000Z'],
    ['28.03.2026', '2026-03-28T16:00:00.000Z'],
    ['05/05/2026', '2026-05-05T16:00:00.000Z'],
    ['03/04/2026', '2026-03-04T17:00:00.000Z', 'mdy'],
    ['03/04/2026', '2026-04-03T16:00:00.000Z', 'dmy'],
    ['28/03/2026', '2026-03-28T16:00:00.000Z', 'mdy'],
    ['Mar 4, 2026', '2026-03-04T17:00:00.000Z'],
    ['Wed, March 4th 2026 at 3 PM', '2026-03-04T20:00:00.000Z'],
    ['Wed Mar 04 2026 15:30 PST', '2026-03-04T23:30:00.000Z'],
    ['4 March 2026', '2026-03-04T17:00:00.000Z'],
    ['04-Mar-2026 08:00', '2026-03-04T13:00:00.000Z'],
    ['02/29/2028', '2028-02-29T17:00:00.000Z'],
  ])('%s is %s %s', (text, moment, order) => {
    expect(readMoment(text, zone, order)).toBe(moment);
  });

  test('of a business far east on the day that stands there', () => {
    expect(readMoment('2026-03-04', 'Pacific/Auckland', undefined)).toBe('2026-03-03T23:00:00.000Z');
  });
});

describe('a date is refused', () => {
  test.each([
    ['03/04/2026', '"03/04/2026" could be month/day or day/month.'],
    ['3-4-26 10:00', '"3-4-26 10:00" could be month/day or day/month.'],
    ['02/30/2026', 'There is no day "02/30/2026".'],
    ['31/31/2026', 'There is no day "31/31/2026".'],
    ['2026-13-01', 'There is no day "2026-13-01".'],
    ['0000-01-01', 'There is no day "0000-01-01".'],
    ['Foo 4, 2026', 'There is no day "Foo 4, 2026".'],
    ['2026-03-04 25:00', '"2026-03-04 25:00" is not a date.'],
    ['2026-03-04 13:00 PM', '"2026-03-04 13:00 PM" is not a date.'],
    ['2026-03-04 10:61', '"2026-03-04 10:61" is not a date.'],
    ['yesterday', '"yesterday" is not a date.'],
    ['46085.5', '"46085.5" is not a date.'],
    ['20260304', '"20260304" is not a date.'],
    ['2026-03-041', '"2026-03-041" is not a date.'],
  ])('%s: %s', (text, what) => {
    expect(() => readMoment(text, zone, undefined)).toThrow(what);
  });

  test('and it is said what to do', () => {
    const fixes = ['03/04/2026', '46085', 'x'].map((text) => {
      try {
        return readMoment(text, zone, undefined);
      } catch (error) {
        return error instanceof Error && 'fix' in error ? error.fix : error;
      }
    });
    expect(fixes).toEqual([
      'Say which with --date-order mdy (month first) or --date-order dmy (day first).',
      'It is the number a spreadsheet keeps for a day: format the column as a date and save the file again.',
      'Write it like 2026-03-04 or 2026-03-04 15:30.',
    ]);
  });
});

test.each([
  ['03/28/2026', 'mdy'],
  ['28/03/2026', 'dmy'],
  ['03/04/2026', 'ambiguous'],
  ['04/04/2026', null],
  ['28/28/2026', null],
  ['2026-03-04', null],
  ['Mar 4, 2026', null],
])('%s proves the order %s', (text, order) => {
  expect(dateOrderOf(text)).toBe(order);
});

test('every quarter of an hour around the changes of a year is the moment that Temporal finds', () => {
  for (const name of ['America/New_York', 'Australia/Lord_Howe', 'America/St_Johns', 'UTC', 'Asia/Kathmandu']) {
    for (const start of ['2026-03-07', '2026-03-29', '2026-04-04', '2026-10-03', '2026-10-31']) {
      const first = Temporal.PlainDateTime.from(start);
      for (let quarter = 0; quarter < 4 * 48; quarter += 1) {
        const wall = first.add({ minutes: 15 * quarter });
        const expected = wall.toZonedDateTime(name).epochMilliseconds;
        expect(momentOfWall(wall.toZonedDateTime('UTC').epochMilliseconds, name), `${name} ${wall}`).toBe(expected);
      }
    }
  }
});
