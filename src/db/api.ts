// What the HTTP API asks of SQL, as the worker: a role that may execute functions and reads no table. Each function gets the business of
// the key, and one answer for what is unknown and what is another's.

import type pg from 'pg';
import type { ClientBase } from 'pg';
import type { Page } from '../engine/home.ts';
import { withRole } from './client.ts';

interface Once {
  route: string;
  key: string;
  bodyHash: Uint8Array;
}

interface Answer {
  status: number;
  body: unknown;
}

interface JobRequest {
  job: Readonly<Record<string, unknown>> & { external_id: string };
  customer: Readonly<Record<string, unknown>> | null;
}

/** A message of the built-in mailbox. */
export interface MailboxRow {
  /** `<send log id>.<attempt>`. */
  id: string;
  channel: string;
  recipient: string;
  from_name: string | null;
  subject: string | null;
  text: string;
  accepted_at: Date;
  enrollment_id: string | null;
  touch_number: number | null;
  /** Where it stands in the list. */
  place: string;
}

async function one<T>(client: ClientBase, call: string, values: unknown[]): Promise<T> {
  const { rows } = await client.query<{ answer: T }>(`select touchline.${call} as answer`, values);
  return rows[0]?.answer as T;
}

/**
 * One page of the mailbox, newest first.
 * @throws an error of code TL402 where the cursor was not made by this list
 */
export async function listMailbox(
  client: ClientBase,
  businessId: string,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<Page<MailboxRow>> {
  const after = cursor === null ? null : Buffer.from(cursor, 'base64url').toString();
  const { rows } = await client.query<MailboxRow>(
    `select id, channel, recipient, from_name, subject, body as text, accepted_at, enrollment_id, touch_number, place
     from touchline.list_mailbox($1, $2, $3)`,
    // One more than asked for says whether there is a next page.
    [businessId, after, limit + 1],
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    rows: rows.slice(0, limit),
    nextCursor: last === undefined ? null : Buffer.from(last.place).toString('base64url'),
  };
}

async function completeJob(
  client: ClientBase,
  businessId: string,
  { job, customer }: JobRequest,
  shape: (found: { answer: unknown; isNew: boolean }) => Answer,
): Promise<Answer> {
  const known = await one<string | null>(client, 'find_job($1, $2)', [businessId, job.external_id]);
  const values = [businessId, JSON.stringify(job), customer === null ? null : JSON.stringify(customer)];
  return shape({ answer: await one(client, 'complete_job($1, $2, $3)', values), isNew: known === null });
}

async function enrollment(client: ClientBase, businessId: string, id: string): Promise<unknown> {
  const answer = await one<Record<string, unknown>>(client, 'enrollment_answer($1, $2)', [businessId, id]);
  const { rows } = await client.query(
    `select at, kind, touch_number, channel, reason, detail, is_ahead, mailbox_id
     from touchline.enrollment_timeline($1, $2)`,
    [businessId, id],
  );
  return { ...answer, timeline: rows };
}

async function answerOnce(
  client: ClientBase,
  businessId: string,
  { route, key, bodyHash }: Once,
  work: () => Promise<Answer>,
): Promise<Answer & { replayed: boolean }> {
  const request = [businessId, route, key];
  const kept = await one<Answer | null>(client, 'begin_request($1, $2, $3, $4)', [...request, bodyHash]);
  if (kept !== null) return { ...kept, replayed: true };
  const answer = await work();
  const { status, body } = answer;
  await one(client, 'keep_answer($1, $2, $3, $4, $5)', [...request, status, JSON.stringify(body)]);
  return { ...answer, replayed: false };
}

interface ApiStore {
  keyOwner(hash: Uint8Array): Promise<{ businessId: string; keyId: string; scopes: string[] } | undefined>;
  completeJob(
    businessId: string,
    request: JobRequest,
    shape: (found: { answer: unknown; isNew: boolean }) => Answer,
    once: Once | null,
  ): Promise<Answer & { replayed: boolean }>;
  enrollment(businessId: string, enrollmentId: string): Promise<unknown>;
  mailbox(businessId: string, page: { cursor: string | null; limit: number }): Promise<Page<MailboxRow>>;
}

/** The API's side of the database. A statement has ten seconds. */
export function apiStore(pool: pg.Pool): ApiStore {
  const as = <T>(work: (client: ClientBase) => Promise<T>): Promise<T> =>
    withRole(pool, { role: 'touchline_worker' }, work, { statementTimeoutMs: 10_000 });
  return {
    keyOwner: (hash) =>
      as(async (client) => {
        const { rows } = await client.query<{ business_id: string; key_id: string; scopes: string[] }>(
          'select business_id, key_id, scopes from touchline.api_key_business($1)',
          [hash],
        );
        const [row] = rows;
        return row && { businessId: row.business_id, keyId: row.key_id, scopes: row.scopes };
      }),
    completeJob: (businessId, request, shape, once) =>
      as(async (client) => {
        const work = (): Promise<Answer> => completeJob(client, businessId, request, shape);
        return once === null ? { ...(await work()), replayed: false } : answerOnce(client, businessId, once, work);
      }),
    enrollment: (businessId, id) => as((client) => enrollment(client, businessId, id)),
    mailbox: (businessId, page) => as((client) => listMailbox(client, businessId, page)),
  };
}
