// Quiet hours, case by case: windows of every shape, days on which the clock is moved, and whose clock is read.
import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { makeBusiness, readWindows, setWindows } from '../support/quiet-hours.ts';

interface Ask {
  channel?: string;
  zone?: string;
  source?: string;
  span?: string | null;
}

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('next_allowed');
});
afterAll(() => database.drop());

async function businessWith(zone: string, windows: string): Promise<string> {
  const businessId = await makeBusiness(database, zone);
  await setWindows(database, businessId, 'sms', readWindows(windows));
  return businessId;
}

/** The answer in UTC, to the microsecond. */
async function next(businessId: string | null, at: string | null, ask: Ask = {}): Promise<string | null> {
  const { channel = 'sms', zone = null, source = null, span = '0' } = ask;
  const { rows } = await database.query<{ at: string | null }>(
    `select to_char(touchline.next_allowed_at($1, $2, $3, $4, $5, $6) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`,
    [at, channel, businessId, zone, source, span],
  );
  return rows[0]?.at ?? null;
}

/** A moment written with any offset, as `next` writes it. */
function moment(text: string): string {
  return Temporal.Instant.from(text).toString({ smallestUnit: 'microsecond' });
}

/** Rows of: what, windows, moment, answer (`at once`, `null` or a moment), and perhaps a span. */
function cases(zone: string, table: string): void {
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  it.each(rows)(`${zone}: %s`, async (_what, windows = '', at = '', answer = '', span = '0') => {
    const expected = answer === 'null' ? null : moment(answer === 'at once' ? at : answer);
    expect(await next(await businessWith(zone, windows), at, { span })).toBe(expected);
  });
}

describe('a window', () => {
  cases(
    'America/Phoenix',
    `
    is open at once               | daily 08:00-21:00             | 2026-07-01T12:34:56.789012-07:00 | at once
    is open the moment it opens   | daily 08:00-21:00             | 2026-07-01T08:00-07:00           | at once
    is closed the moment it closes | daily 08:00-21:00            | 2026-07-01T21:00-07:00           | 2026-07-02T08:00-07:00
    waits for the morning         | daily 08:00-21:00             | 2026-07-01T03:00-07:00           | 2026-07-01T08:00-07:00
    waits over the weekend        | mon-fri 08:00-21:00           | 2026-07-03T21:30-07:00           | 2026-07-06T08:00-07:00
    of one weekday                | wed 10:00-10:30               | 2026-07-01T10:30-07:00           | 2026-07-08T10:00-07:00
    and another one of the day    | daily 08:00-09:00 17:00-18:00 | 2026-07-01T09:00-07:00           | 2026-07-01T17:00-07:00
    that never opens              | never                         | 2026-07-01T12:00-07:00           | null`,
  );
  cases(
    'Asia/Kathmandu',
    'opens by the quarter hour of the zone | daily 08:00-21:00 | 2026-07-01T21:30+05:45 | 2026-07-02T02:15Z',
  );

  it('is kept to the microsecond', async () => {
    const businessId = await businessWith('UTC', 'never');
    await database.query(
      `insert into touchline.sending_windows values ($1, 'sms', 3, '08:00:00.000001', '20:59:59.999999')`,
      [businessId],
    );
    expect(await next(businessId, '2026-07-01T08:00Z')).toBe('2026-07-01T08:00:00.000001Z');
    expect(await next(businessId, '2026-07-01T20:59:59.999998Z')).toBe('2026-07-01T20:59:59.999998Z');
    expect(await next(businessId, '2026-07-01T20:59:59.999999Z')).toBe('2026-07-08T08:00:00.000001Z');
  });

  it('belongs to its channel; by default SMS sleeps longer than email, and until noon on Sunday', async () => {
    const businessId = await makeBusiness(database, 'America/Chicago');
    const saturdayNight = '2026-07-04T22:00-05:00';
    expect(await next(businessId, saturdayNight, { channel: 'email' })).toBe(moment('2026-07-05T07:00-05:00'));
    expect(await next(businessId, saturdayNight, { channel: 'sms' })).toBe(moment('2026-07-05T12:00-05:00'));
  });
});

describe('a window over midnight', () => {
  cases(
    'Asia/Kolkata',
    `
    is open before midnight            | daily 22:00-06:00 | 2026-07-01T23:00+05:30    | at once
    is open after midnight             | daily 22:00-06:00 | 2026-07-01T05:59:59+05:30 | at once
    is closed by day                   | daily 22:00-06:00 | 2026-07-01T06:00+05:30    | 2026-07-01T22:00+05:30
    belongs to the day it opens        | fri 22:00-06:00   | 2026-07-04T05:00+05:30    | at once
    is not open the night after        | fri 22:00-06:00   | 2026-07-04T23:00+05:30    | 2026-07-10T22:00+05:30
    of a Sunday                        | sun 22:00-06:00   | 2026-07-06T05:00+05:30    | at once
    holds a span across midnight       | daily 22:00-06:00 | 2026-07-01T23:59+05:30    | at once                | 2 min
    that closes at midnight            | daily 20:00-24:00 | 2026-07-01T23:59:59+05:30 | at once
    that closes at 24:00 has closed    | daily 20:00-24:00 | 2026-07-02T00:00+05:30    | 2026-07-02T20:00+05:30
    that closes at 00:00 is the same   | daily 20:00-00:00 | 2026-07-02T00:00+05:30    | 2026-07-02T20:00+05:30`,
  );
});

describe('windows that touch or overlap', () => {
  cases(
    'America/Phoenix',
    `
    are one by day                 | daily 08:00-12:00 12:00-18:00      | 2026-07-01T11:59-07:00 | at once | 2 h
    are one if they overlap        | daily 08:00-13:00 12:00-18:00      | 2026-07-01T08:00-07:00 | at once | 9 h
    are one across midnight        | daily 08:00-24:00 00:00-06:00      | 2026-07-01T23:59-07:00 | at once | 5 h
    are one from Sunday to Monday  | sun 20:00-24:00, mon 00:00-04:00   | 2026-07-06T00:00-07:00 | 2026-07-12T20:00-07:00 | 6 h
    all round the clock never close | daily 00:00-24:00                 | 2026-07-01T03:00-07:00 | at once | 300 h
    with a minute between are two  | daily 08:00-12:00 12:01-18:00      | 2026-07-01T11:59-07:00 | 2026-07-01T12:01-07:00 | 2 h`,
  );
});

describe('a span', () => {
  cases(
    'America/Phoenix',
    `
    F30 does not start if the window closes within it | daily 08:00-21:00 | 2026-07-01T20:59:59.9-07:00 | 2026-07-02T08:00-07:00 | 10 s
    may not end at the moment of closing  | daily 08:00-21:00             | 2026-07-01T20:58-07:00      | 2026-07-02T08:00-07:00 | 2 min
    may end just before                   | daily 08:00-21:00             | 2026-07-01T20:57:59.999999-07:00 | at once           | 2 min
    skips a window it does not fit in     | daily 08:00-09:00 17:00-20:00 | 2026-07-01T07:00-07:00      | 2026-07-01T17:00-07:00 | 90 min
    as long as the window does not fit    | daily 08:00-09:00             | 2026-07-01T07:00-07:00      | null                   | 1 h
    below zero counts as none             | daily 08:00-21:00             | 2026-07-01T20:59-07:00      | at once                | -1 h
    of a day is 24 hours                  | mon-sat 00:00-24:00           | 2026-07-03T12:00-07:00      | at once                | 1 day 11:59:59`,
  );

  it('has the same length whatever the zone of the connection', async () => {
    const businessId = await businessWith('UTC', 'sat-sun 00:00-24:00');
    const { rows } = await database.query<{ at: Date }>(
      `select touchline.next_allowed_at('2026-10-31T23:30Z', 'sms', $1, p_span => '1 day') as at
       from (select set_config('timezone', 'America/New_York', false) offset 0) zone`,
      [businessId],
    );
    await database.query('select set_config($1, $2, false)', ['timezone', 'UTC']);
    expect(rows[0]?.at.toISOString()).toBe('2026-10-31T23:30:00.000Z');
  });
});

describe('the clock goes forward', () => {
  cases(
    'America/New_York',
    `
    F27 a skipped opening time is the later moment      | daily 02:30-05:00             | 2027-03-14T01:00-05:00 | 2027-03-14T07:30Z
    until then it is closed, whatever the clock shows   | daily 02:30-05:00             | 2027-03-14T03:15-04:00 | 2027-03-14T07:30Z
    of two windows that are one, the first opens        | daily 02:30-03:00 03:00-05:00 | 2027-03-14T03:00-04:00 | 2027-03-14T07:30Z
    a window that the clock skips is skipped            | daily 02:15-02:45             | 2027-03-14T01:00-05:00 | 2027-03-15T02:15-04:00
    and a weekly one is found two weeks on              | sun 02:15-02:45               | 2027-03-07T02:45-05:00 | 2027-03-21T02:15-04:00
    a skipped closing time closes where the clock jumps | daily 22:00-02:30             | 2027-03-14T01:59-05:00 | 2027-03-14T22:00-04:00 | 1 min
    until there it is open                              | daily 22:00-02:30             | 2027-03-14T01:59-05:00 | at once                | 59 s
    the clock jumps from one window into the next       | daily 22:00-02:00 03:00-06:00 | 2027-03-14T01:30-05:00 | at once                | 2 h
    the day has an hour less                            | daily 00:00-04:00             | 2027-03-14T00:00-05:00 | 2027-03-15T00:00-04:00 | 3 h
    and the morning comes earlier                       | daily 08:00-21:00             | 2027-03-13T21:00-05:00 | 2027-03-14T12:00Z`,
  );
});

describe('the clock goes back', () => {
  cases(
    'America/New_York',
    `
    F27 an opening time shown twice is the later moment | daily 01:30-05:00 | 2026-11-01T00:30-04:00 | 2026-11-01T06:30Z
    until then it is closed, whatever the clock shows   | daily 01:30-05:00 | 2026-11-01T01:45-04:00 | 2026-11-01T06:30Z
    an earlier opening time is not shown twice          | daily 00:59-05:00 | 2026-11-01T01:45-04:00 | at once                | 3 h
    a closing time shown twice closes the first time    | daily 20:00-01:30 | 2026-11-01T01:29-04:00 | 2026-11-01T01:00-05:00 | 1 min
    and it is open again when the clock is back         | daily 20:00-01:30 | 2026-11-01T01:40-04:00 | 2026-11-01T01:00-05:00
    until it closes the second time                     | daily 20:00-01:30 | 2026-11-01T01:30-05:00 | 2026-11-01T20:00-05:00
    a window in the repeated hour opens the second time | daily 01:15-01:45 | 2026-11-01T01:15-04:00 | 2026-11-01T01:15-05:00
    a change exactly six days off is known              | sun 01:30-05:00   | 2026-10-26T02:00-04:00 | 2026-11-01T06:30Z      | 3 h
    a window up to the end of it is open throughout     | daily 20:00-02:00 | 2026-11-01T00:30-04:00 | at once                | 149 min`,
  );
});

describe('clocks of other places', () => {
  cases(
    'Australia/Lord_Howe',
    `
    half an hour back    | daily 01:45-03:00 | 2026-04-05T01:50+11:00 | 2026-04-05T01:45+10:30
    half an hour forward | daily 02:15-03:00 | 2026-10-04T01:00+10:30 | 2026-10-04T02:45+11:00`,
  );
  cases(
    'Pacific/Apia',
    `
    the skipped Friday has no windows       | mon-fri 08:00-21:00 | 2011-12-29T21:00-10:00 | 2012-01-02T08:00+14:00
    and no night                            | daily 22:00-06:00   | 2011-12-31T04:00+14:00 | 2011-12-31T22:00+14:00
    Thursday's night ends with the Thursday | daily 22:00-06:00   | 2011-12-29T23:00-10:00 | 2011-12-31T22:00+14:00 | 1 h
    day and night in two windows go on too  | daily 06:00-22:00 22:00-06:00 | 2011-12-31T05:00+14:00 | at once
    round the clock goes on                 | daily 00:00-24:00   | 2011-12-29T23:00-10:00 | at once                | 48 h`,
  );
  cases(
    'Africa/Cairo',
    `
    a day without 00:00 opens at 01:00      | daily 00:00-06:00             | 2026-04-23T12:00+02:00 | 2026-04-24T01:00+03:00
    a day without 00:30 opens at 01:30      | daily 00:30-06:00             | 2026-04-23T12:00+02:00 | 2026-04-24T01:30+03:00
    an evening until 00:30 ends at midnight | daily 20:00-00:30             | 2026-04-23T23:59+02:00 | 2026-04-24T20:00+03:00 | 1 min
    windows that touch at midnight are one  | daily 20:00-24:00 00:00-06:00 | 2026-04-23T23:00+02:00 | at once                | 5 h`,
  );
  cases(
    'Asia/Beirut',
    `
    a day without 00:00 opens at 01:00         | daily 00:00-06:00 | 2026-03-28T12:00+02:00 | 2026-03-29T01:00+03:00
    the last hour of the Saturday comes twice  | sat 20:00-24:00   | 2026-10-24T23:30+03:00 | at once | 89 min`,
  );
  cases(
    'America/Santiago',
    `
    a day without 00:00 opens at 01:00 | daily 00:00-06:00 | 2026-09-05T12:00-04:00 | 2026-09-06T01:00-03:00
    23:30 comes twice                  | daily 23:30-23:45 | 2026-04-04T23:35-03:00 | 2026-04-04T23:30-04:00`,
  );
  cases(
    'America/Asuncion',
    'a day without 00:00 opens at 01:00 | daily 00:00-06:00 | 2023-09-30T12:00-04:00 | 2023-10-01T01:00-03:00',
  );
  cases(
    'Atlantic/Azores',
    `
    00:00 comes twice                           | daily 00:00-06:00             | 2026-10-25T00:15+00:00 | 2026-10-25T00:00-01:00
    yet windows that touch at midnight stay one | daily 20:00-24:00 00:00-06:00 | 2026-10-24T23:30+00:00 | at once | 7 h`,
  );
});

describe('whose clock is read', () => {
  const evening = '2026-07-01T20:30-04:00';
  const inNewYork = (ask: Ask, at = evening): Promise<string | null> =>
    businessWith('America/New_York', 'daily 08:00-21:00').then((businessId) => next(businessId, at, ask));

  it.each(['explicit', 'address'])("the customer's own, if it is %s", async (source) => {
    expect(await inNewYork({ zone: 'Europe/Paris', source })).toBe(moment('2026-07-02T08:00+02:00'));
    expect(await inNewYork({ zone: 'America/Denver', source }, '2026-07-01T22:30-04:00')).toBe(
      moment('2026-07-01T20:30-06:00'),
    );
  });

  it.each(['area_code', undefined])('both, if only an area code speaks for it (%s)', async (source) => {
    const ask = source === undefined ? { zone: 'America/Los_Angeles' } : { zone: 'America/Los_Angeles', source };
    expect(await inNewYork(ask)).toBe(moment(evening));
    expect(await inNewYork(ask, '2026-07-01T22:30-04:00')).toBe(moment('2026-07-02T08:00-07:00'));
    expect(await inNewYork(ask, '2026-07-01T08:30-04:00')).toBe(moment('2026-07-01T08:00-07:00'));
  });

  it('both, with the span inside both', async () => {
    const businessId = await businessWith('America/New_York', 'daily 08:00-12:00');
    const ask = { zone: 'America/Los_Angeles', source: 'area_code' };
    expect(await next(businessId, evening, { ...ask, span: '59 min' })).toBe(moment('2026-07-02T11:00-04:00'));
    expect(await next(businessId, evening, { ...ask, span: '1 h' })).toBeNull();
  });

  it('one, if the area code speaks for the zone of the business', async () => {
    expect(await inNewYork({ zone: 'America/New_York', source: 'area_code' })).toBe(moment(evening));
  });

  it("the business's, without a zone or with one that is none (F28)", async () => {
    const [late, morning] = ['2026-07-01T22:30-04:00', moment('2026-07-02T08:00-04:00')];
    for (const zone of ['', 'Mars/Phobos', 'US/Pacific-New', 'america/los_angeles', 'PDT', 'Mars8', 'PST8PDT7'])
      expect(await inNewYork({ zone, source: 'explicit' }, late), zone).toBe(morning);
    expect(await inNewYork({}, late)).toBe(morning);
  });

  it("the business's, when the server forgets a listed zone; without that one, nobody's", async () => {
    await database.query(`insert into touchline.time_zones values ('Mars/Deimos')`);
    const ask = { zone: 'Mars/Deimos', source: 'address' };
    expect(await inNewYork(ask)).toBe(moment(evening));
    expect(await next(await businessWith('Mars/Deimos', 'daily 08:00-21:00'), evening)).toBeNull();
  });

  it('and no listed name is read as an abbreviation, which knows no summer', async () => {
    const { rows } = await database.query(
      `select z.name from touchline.time_zones z
       cross join (values ('2026-01-15T12:00Z'::timestamptz), ('2026-07-15T12:00Z')) m (at)
       where z.name <> 'Mars/Deimos' and set_config('timezone', z.name, true) is not null
         and m.at at time zone z.name <> m.at::timestamp`,
    );
    expect(rows).toEqual([]);
  });
});

describe('next_allowed_at never raises', () => {
  it('and knows no moment for what does not exist', async () => {
    const businessId = await businessWith('America/New_York', 'daily 08:00-21:00');
    const noon = '2026-07-01T12:00Z';
    expect(await next(businessId, noon, { channel: 'pigeon' })).toBeNull();
    expect(await next(randomUUID(), noon)).toBeNull();
    expect(await next(randomUUID(), noon, { zone: 'Asia/Tokyo', source: 'explicit' })).toBeNull();
    expect(await next(null, noon)).toBeNull();
    expect(await next(businessId, null)).toBeNull();
    for (const at of ['infinity', '-infinity', '294276-12-31T23:59Z'])
      expect(await next(businessId, at), at).toBeNull();
  });

  it('and takes a span that is null for none, one beyond the calendar for too long', async () => {
    const businessId = await businessWith('America/New_York', 'daily 00:00-24:00');
    expect(await next(businessId, '2026-07-01T12:00Z', { span: null })).toBe(moment('2026-07-01T12:00Z'));
    for (const span of ['300000 years', '2000000000 hours'])
      expect(await next(businessId, '2026-07-01T12:00Z', { span }), span).toBeNull();
  });

  it('and gives up after 14 closed days', async () => {
    const businessId = await businessWith('Pacific/Kiritimati', 'daily 10:00-10:30');
    const ask = { zone: 'Asia/Kathmandu', source: 'area_code' };
    expect(await next(businessId, '2026-07-01T12:00Z', ask)).toBeNull();
  });
});
