// What the providers' logs say against what the database says.
import type pg from 'pg';
import { type AcceptedLine, readAcceptances } from '../../test/support/fakes/acceptance-file.ts';
import { violations } from '../../test/support/violations.ts';
import { closesAt } from './world.ts';

export interface Verdict {
  accepted: number;
  /** Acceptances of a touch beyond the first. */
  duplicates: number;
  /** Touches that the database calls sent and no provider has, or that never came to an end. */
  lost: number;
  /** Presumed sent, and absent at the provider: only where it cannot be asked. */
  presumed_unsent: number;
  /** Accepted later after an opt-out than the promise allows. */
  after_opt_out: number;
  in_quiet_hours: number;
  /** Neither proved nor presumed at the end. */
  unknown: number;
  invariant_violations: number;
}

export interface Opposed {
  recipient: string;
  /** The virtual moment at which the opt-out was committed, in milliseconds. */
  at: number;
}

async function load(client: pg.ClientBase, accepted: readonly AcceptedLine[], skewMs: number): Promise<void> {
  await client.query('create temporary table accepted_lines (line jsonb)');
  for (let from = 0; from < accepted.length; from += 5_000) {
    const part = accepted.slice(from, from + 5_000);
    await client.query('insert into accepted_lines select x from pg_catalog.jsonb_array_elements($1::jsonb) x', [
      JSON.stringify(part),
    ]);
  }
  // A judgement may be repeated.
  await client.query('truncate touchline_test.acceptances');
  // The attempt is the last one that began before the provider had the message. A worker whose clock was moved forward says of an
  // attempt that it began later than it did, by that much at most.
  await client.query(
    `insert into touchline_test.acceptances
    select l.business_id, l.id, l.campaign_enrollment_id, l.touch_number, coalesce(t.attempt, 1), l.channel, x.recipient, l.id::text,
      x.body_hash, greatest(x.accepted_at, t.started_at), l.sender_account_id
    from (
      select (line ->> 'sendLogId')::uuid as id, line ->> 'recipient' as recipient, line ->> 'bodyHash' as body_hash,
        (line ->> 'acceptedAt')::timestamptz as accepted_at
      from accepted_lines
    ) x
    join touchline.send_logs l on l.id = x.id
    left join lateral (
      select a.attempt, a.started_at from touchline.send_attempts a
      where (a.business_id, a.send_log_id) = (l.business_id, l.id)
        and a.started_at <= x.accepted_at + pg_catalog.make_interval(secs => $1 / 1000.0)
      order by a.attempt desc
      limit 1) t on true`,
    [skewMs],
  );
  await client.query('analyze touchline_test.acceptances');
}

async function one(client: pg.ClientBase, sql: string, values: unknown[] = []): Promise<number> {
  const { rows } = await client.query<{ count: string }>(sql, values);
  return Number(rows[0]?.count ?? 0);
}

// The bound is the promise's: deadline and the time from first byte to giving up.
const afterOptOut = `
  select count(*) from touchline_test.acceptances a
  join touchline.sender_accounts s on (s.business_id, s.id) = (a.business_id, a.sender_account_id)
  cross join lateral touchline.send_limits(s.channel, s.kind) m
  join pg_catalog.jsonb_to_recordset($1) o (recipient text, at float8) on o.recipient = a.recipient
  where a.accepted_at > pg_catalog.to_timestamp(o.at / 1000) + m.deadline + m.io_timeout`;

const inQuietHours = `
  select count(*) from touchline_test.acceptances a
  join touchline.businesses b on b.id = a.business_id
  where b.name = $1 and (a.accepted_at at time zone 'UTC')::time >= $2::time`;

const lost = `
  select
    (select count(*) from touchline.send_logs l
      where l.state = 'sent' and not exists (select from touchline_test.acceptances a
        where (a.business_id, a.send_log_id) = (l.business_id, l.id)))
    + (select count(*) from touchline.campaign_enrollments e where e.status = 'active') as count`;

const presumedUnsent = `
  select count(*) from touchline.send_logs l
  where l.state = 'presumed_sent' and not exists (select from touchline_test.acceptances a
    where (a.business_id, a.send_log_id) = (l.business_id, l.id))`;

export interface Judged {
  /** The providers' files. */
  logs: readonly string[];
  opposed: readonly Opposed[];
  /** The virtual moment of the end. */
  now: Date;
  /** How far the clock of one worker was moved against the others', in virtual milliseconds. */
  skewMs: number;
}

/** Compares what providers have with what the database says, and asks every invariant. */
export async function judge(
  client: pg.ClientBase,
  { logs, opposed, now, skewMs }: Judged,
): Promise<Verdict & { broken: string[] }> {
  const accepted = (await Promise.all(logs.map(readAcceptances))).flat();
  await load(client, accepted, skewMs);
  await client.query('analyze; begin');
  const broken = await violations(client, { now });
  await client.query('rollback');
  const touches = new Set(accepted.map(({ sendLogId }) => sendLogId));
  return {
    accepted: accepted.length,
    duplicates: accepted.length - touches.size,
    lost: await one(client, lost),
    presumed_unsent: await one(client, presumedUnsent),
    after_opt_out: await one(client, afterOptOut, [JSON.stringify(opposed)]),
    in_quiet_hours: await one(client, inQuietHours, [closesAt.business, closesAt.time]),
    unknown: await one(
      client,
      "select count(*) from touchline.send_logs where state in ('sending', 'unknown', 'held')",
    ),
    invariant_violations: broken.length,
    broken: broken.slice(0, 20).map(({ invariant, detail }) => `${invariant} ${JSON.stringify(detail)}`),
  };
}
