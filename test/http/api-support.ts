// The API on a real database: businesses with their keys, and requests as a program sends them.
import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { apiStore } from '../../src/db/api.ts';
import { createPool } from '../../src/db/client.ts';
import { recordMailboxMessage } from '../../src/db/engine/mailbox.ts';
import { engineStore } from '../../src/db/engine/store.ts';
import { apiKeyFrom } from '../../src/domain/api-key.ts';
import { systemClock } from '../../src/engine/clock.ts';
import { tick } from '../../src/engine/tick.ts';
import { requestTable } from '../../src/errors/request.ts';
import { errorTable, postgresTable } from '../../src/errors.ts';
import { addApi } from '../../src/http/api/index.ts';
import { createApp } from '../../src/http/app.ts';
import { mailboxSender } from '../../src/senders/mailbox.ts';
import type { TestDatabase } from '../support/database.ts';
import { hour, liveCampaign, newSite, type Site } from '../support/engine-world.ts';

export interface Reply {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  text: string;
}

export interface Api {
  app: ReturnType<typeof createApp>;
  /** What the operator's terminal was told. */
  told: unknown[];
  /** A request; a body that is no text is sent as JSON. */
  ask(method: string, path: string, options?: AskOptions): Promise<Reply>;
  close(): Promise<void>;
}

interface AskOptions {
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

function initOf(method: string, { key, body, headers = {} }: AskOptions): RequestInit {
  const all = new Headers(headers);
  if (key !== undefined) all.set('authorization', `Bearer ${key}`);
  if (body === undefined) return { method, headers: all };
  if (!all.has('content-type')) all.set('content-type', 'application/json');
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return { method, headers: all, body: raw as string };
}

export function apiOn(url: string): Api {
  const pool = createPool(url, { connectTimeoutMs: 2_000 });
  const told: unknown[] = [];
  const port = { ...apiStore(pool), tell: (error: unknown) => void told.push(error) };
  const app = createApp({ ready: () => Promise.resolve(), api: (routes) => addApi(routes, port) });
  return {
    app,
    told,
    ask: async (method, path, options = {}) => {
      const answer = await app.request(path, initOf(method, options));
      const text = await answer.text();
      const isJson = text !== '' && /json/.test(answer.headers.get('content-type') ?? '');
      const { status, headers } = answer;
      return { status, headers, text, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} };
    },
    close: () => pool.end(),
  };
}

export async function newKey({ owner, id }: Site, scopes: readonly string[] = ['read', 'write']): Promise<string> {
  const { key, hash, prefix, last4 } = apiKeyFrom(randomBytes(32));
  // An array of SQL, not of JSON.
  await owner.call('add_api_key', id, 'Test', `\\x${hash.toString('hex')}`, prefix, last4, `{${scopes.join(',')}}`);
  return key;
}

export interface Shop {
  site: Site;
  campaign: string;
  key: string;
}

/** A business that is always open, with one campaign of one email a day after the job, and a key. */
export async function newShop(database: TestDatabase): Promise<Shop> {
  const site = await newSite(database);
  const campaign = await liveCampaign(site, [{ channel: 'email', delay_hours: 24 }]);
  return { site, campaign, key: await newKey(site) };
}

/** Sends what is due into the mailbox. */
export async function sendIntoMailbox(database: TestDatabase): Promise<void> {
  await tick({
    store: engineStore(database.pool),
    clock: systemClock,
    senders: () => mailboxSender((message) => recordMailboxMessage(database.pool, message, null)),
    links: { unsubscribe: ({ sendLogId }) => `https://touchline.test/u/${sendLogId}` },
    worker: 'test',
  });
}

/** The moment so many hours ago. */
function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * hour).toISOString();
}

/** A job as a program reports it. */
export function newJob(fields: Record<string, unknown> = {}): Record<string, unknown> & { external_id: string } {
  const person = randomUUID();
  return {
    external_id: `job-${person}`,
    service_type: 'plumbing',
    completed_at: hoursAgo(48),
    customer: { external_id: person, first_name: 'Sam', email: `${person}@example.test` },
    ...fields,
  };
}

/** Every problem has the same form, and its type leads to a heading of docs/errors.md. */
export function expectProblem({ status, headers, body }: Reply, code: string): void {
  expect(body).toMatchObject({
    code,
    status,
    title: expect.any(String),
    detail: expect.any(String),
    fix: expect.any(String),
  });
  expect(headers.get('content-type')).toBe('application/problem+json');
  const known = [...Object.values(errorTable), ...Object.values(requestTable), ...Object.values(postgresTable)];
  expect(known.find(({ name }) => name === code)?.status).toBe(status);
  expect(body.type).toMatch(/^\/docs\/errors\.md#[a-z0-9_-]+$/);
  expect(Array.isArray(body.errors)).toBe(true);
}
