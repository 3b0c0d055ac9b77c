// Asking next_allowed_at, once or many thousand times in one statement.
import { randomUUID } from 'node:crypto';
import type { TestDatabase } from './database.ts';
import type { Question, SendingWindow } from './quiet-oracle.ts';

/** A question for both: the function and its oracle. */
export interface Asked extends Question {
  businessId: string;
  channel: string;
  customerZone: string | null;
  source: string | null;
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Reads windows written like `mon-fri 08:00-12:00 13:00-18:00, sun 12:00-24:00`, `daily 22:00-06:00` or `never`. */
export function readWindows(text: string): SendingWindow[] {
  if (text === 'never') return [];
  return text.split(', ').flatMap((part) => {
    const [days = '', ...spans] = part.split(' ');
    const [first = '', last = first] = days === 'daily' ? ['mon', 'sun'] : days.split('-');
    const from = weekdays.indexOf(first);
    return weekdays
      .slice(from, weekdays.indexOf(last) + 1)
      .flatMap((_, index) => spans.map((span) => ({ isoWeekday: from + index + 1, ...readSpan(span) })));
  });
}

function readSpan(span: string): Pick<SendingWindow, 'opens' | 'closes'> {
  const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(span);
  if (match === null) throw new Error(`No span of a day: ${span}`);
  const [openHour = 0, openMinute = 0, closeHour = 0, closeMinute = 0] = match.slice(1).map(Number);
  return { opens: openHour * 60 + openMinute, closes: closeHour * 60 + closeMinute };
}

/** A business in a zone, with the default windows. */
export async function makeBusiness(database: TestDatabase, zone: string): Promise<string> {
  const { rows } = await database.query<{ id: string }>(
    `insert into touchline.businesses (user_id, name, time_zone) values ($1, 'Test', $2) returning id`,
    [randomUUID(), zone],
  );
  return rows[0]?.id ?? '';
}

/** Replaces the windows of a channel. */
export async function setWindows(
  database: TestDatabase,
  businessId: string,
  channel: string,
  windows: readonly SendingWindow[],
): Promise<void> {
  await database.query('delete from touchline.sending_windows where business_id = $1 and channel = $2', [
    businessId,
    channel,
  ]);
  const time = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  await database.query(
    `insert into touchline.sending_windows (business_id, channel, iso_weekday, opens, closes)
     select $1, $2, d, o, c from unnest($3::smallint[], $4::time[], $5::time[]) w (d, o, c)`,
    [
      businessId,
      channel,
      windows.map(({ isoWeekday }) => isoWeekday),
      windows.map(({ opens }) => time(opens)),
      windows.map(({ closes }) => time(closes)),
    ],
  );
}

/** The answers to many questions, as epoch ms, on a connection that is itself in some zone. */
export async function askAll(
  database: TestDatabase,
  asked: readonly Asked[],
  connectionZone = 'UTC',
): Promise<(number | null)[]> {
  const client = await database.pool.connect();
  try {
    await client.query(`select set_config('timezone', $1, false)`, [connectionZone]);
    const { rows } = await client.query<{ ms: number | null }>(
      `select (extract(epoch from touchline.next_allowed_at(to_timestamp(q.at_ms / 1000), q.channel, q.business_id, q.zone,
         q.source, make_interval(secs => q.span_ms / 1000))) * 1000)::float8 as ms
       from unnest($1::float8[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::float8[]) with ordinality
         q (at_ms, channel, business_id, zone, source, span_ms, n)
       order by q.n`,
      [
        asked.map(({ atMs }) => atMs),
        asked.map(({ channel }) => channel),
        asked.map(({ businessId }) => businessId),
        asked.map(({ customerZone }) => customerZone),
        asked.map(({ source }) => source),
        asked.map(({ spanMs }) => spanMs),
      ],
    );
    return rows.map(({ ms }) => ms);
  } finally {
    client.release(true);
  }
}

/** The UTC offsets that Postgres gives a zone at minutes of the epoch. */
export async function offsetsOf(database: TestDatabase, zone: string, minutes: readonly number[]): Promise<number[]> {
  const { rows } = await database.query<{ minutes: number }>(
    `select (extract(epoch from t.at at time zone $2 - t.at at time zone 'UTC') / 60)::float8 as minutes
     from unnest($1::float8[]) with ordinality m (minute, n)
     cross join lateral (select to_timestamp(m.minute * 60) as at) t
     order by m.n`,
    [minutes, zone],
  );
  return rows.map((row) => row.minutes);
}
