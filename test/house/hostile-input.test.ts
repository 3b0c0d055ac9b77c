// docs/hostile-input.md says what hostile input is answered. Every row is played against the real program here, and the page must say
// what came back (`npx vitest run test/house/hostile-input.test.ts -u` writes it).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/cli/database.ts';
import { unsubscribePort } from '../../src/cli/links.ts';
import { apiStore } from '../../src/db/api.ts';
import { createPool, withRole } from '../../src/db/client.ts';
import { unsubscribeTokens } from '../../src/domain/unsubscribe-token.ts';
import { addApi } from '../../src/http/api/index.ts';
import { createApp } from '../../src/http/app.ts';
import { type Listening, listen } from '../../src/http/serve.ts';
import { document, type Failure, type Program, programOn, type Ran } from '../cli/run.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { files } from './hostile/files.ts';
import { type HostileRequest, requests } from './hostile/requests.ts';
import { type Row, tableOf } from './hostile/row.ts';
import { templates } from './hostile/templates.ts';

const secret = 'x'.repeat(40);
const tokens = unsubscribeTokens(secret, []);
let database: TestDatabase;
let touchline: Program;
let folder: string;
let server: Listening;
let pool: ReturnType<typeof createPool>;
let key = '';
let businessId = '';
const told: unknown[] = [];

beforeAll(async () => {
  database = await testDatabase({ name: 'hostile', virtualClock: true });
  touchline = programOn(database.url);
  folder = mkdtempSync(join(tmpdir(), 'touchline-hostile-'));
  const { business } = await touchline.json<{ business: { id: string } }>([
    ...[
      'business',
      'add',
      '--name',
      'Ann',
      '--time-zone',
      'America/New_York',
      '--postal-address',
      '1 Main Street, Hudson',
    ],
  ]);
  businessId = business.id;
  key = (await touchline.json<{ key: string }>(['keys', 'create'])).key;
  pool = createPool(database.url);
  const kept = { run: (work) => withRole(pool, { role: 'service_role' }, work) } as Pick<Database, 'run'>;
  const app = createApp({
    ready: () => Promise.resolve(),
    unsubscribe: unsubscribePort(tokens, kept as Database),
    api: (routes) => addApi(routes, { ...apiStore(pool), tell: (error) => void told.push(error) }),
  });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
}, 120_000);

afterAll(async () => {
  await server.close();
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

interface Heard {
  status: number;
  text: string;
}

/** One request on a connection of its own; a server that answers before it has read everything is heard, too. */
function send(method: string, path: string, headers: Record<string, string>, body: string | Buffer): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(`${server.url}${path}`, { method, agent: false, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => void parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function requestRow(described: string, { body, headers = {} }: HostileRequest): Promise<Row> {
  const usual = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const { status, text } = await send('POST', '/api/v1/jobs', { ...usual, ...headers }, body);
  const problem = JSON.parse(text) as {
    code: string;
    title: string;
    detail: string;
    errors: { pointer: string; message: string }[];
  };
  const places = problem.errors.map(({ pointer, message }) => `${pointer === '' ? 'The body' : pointer}: ${message}`);
  const words = places.length > 0 ? `${problem.title} ${places.join(' ')}` : `${problem.title} ${problem.detail}`;
  return { input: described, answer: `${status} ${problem.code}`, words };
}

function failureRow(described: string, ran: Ran): Row {
  const { error } = document<Failure>(ran);
  const words = [error.what, error.why, error.fix].filter((part) => part !== '').join(' ');
  return { input: described, answer: `exit ${ran.code} ${error.code}`, words: words.replaceAll(`${folder}/`, '') };
}

async function templateRow(described: string, body: string): Promise<Row> {
  const set = ['template', 'set', '--name', 'Hostile', '--channel', 'email', '--subject', 'Hello', '--body', body];
  return failureRow(described, await touchline.run([...set, '--json']));
}

interface Imported {
  rows: Record<string, number>;
  rejected: { line: number; column: string; what: string; fix: string }[];
}

/** What was kept of the row that was imported last: what came in, as a text. */
async function storedWords(): Promise<string> {
  const { rows } = await database.query<{ job: string; email: string | null }>(
    `select j.external_id as job, k.email from touchline.jobs j
     join touchline.customers k on (k.business_id, k.id) = (j.business_id, j.customer_id)
     order by j.created_at desc limit 1`,
  );
  return `Imported as a text: job ${JSON.stringify(rows[0]?.job)}, email ${JSON.stringify(rows[0]?.email)}.`;
}

async function fileRow(described: string, content: string | Buffer): Promise<Row> {
  const path = join(folder, 'jobs.csv');
  writeFileSync(path, content);
  const ran = await touchline.run(['import', 'jobs', path, '--now', '2026-03-02T15:00:00Z', '--json']);
  const found = JSON.parse(ran.out) as Partial<Imported> & Partial<Failure>;
  if (found.error !== undefined) return failureRow(described, ran);
  const rejected = (found.rejected ?? []).map(({ line, what, fix }) => `Line ${line}: ${what} ${fix}`);
  const words = rejected.length > 0 ? rejected.join(' ') : await storedWords();
  return { input: described, answer: `exit ${ran.code}, ${rejected.length} rejected`, words };
}

async function optOuts(): Promise<number> {
  const { rows } = await database.query<{ count: number }>('select count(*)::int from touchline.consent_events');
  return rows[0]?.count ?? 0;
}

async function tokenRow(described: string, token: string): Promise<Row> {
  const before = await optOuts();
  const looked = await send('GET', `/u/${token}`, {}, '');
  const afterLooking = await optOuts();
  const { status, text } = await send('POST', `/u/${token}`, {}, '');
  const heading = /<h1>([^<]*)<\/h1>/.exec(text)?.[1] ?? text;
  const effect = (await optOuts()) - before === 0 ? 'Nothing is changed.' : 'The address is opted out.';
  expect([looked.status, afterLooking], 'looking changes nothing').toEqual([200, before]);
  return { input: described, answer: `${status}`, words: `${heading}. ${effect}` };
}

function tokenCases(): [string, string][] {
  const target = { businessId, channel: 'email' as const, address: 'zoe@example.test', sendLogId: businessId };
  const good = tokens.make(target);
  const flipped = `${good.slice(0, -2)}${good.at(-2) === 'A' ? 'B' : 'A'}${good.slice(-1)}`;
  return [
    ['made up', 'a'.repeat(80)],
    ['ours with one letter changed', flipped],
    ['ours cut short', good.slice(0, 40)],
    ['signed by another installation', unsubscribeTokens('y'.repeat(40), []).make(target)],
    [
      'of a business that does not exist',
      tokens.make({ ...target, businessId: '01a2119b-e55a-762f-8de6-772051a6ef38' }),
    ],
    ['10,000 characters', 'a'.repeat(10_000)],
    ['SQL', encodeURIComponent("' or true --")],
    ['a path', encodeURIComponent('../../api/v1/jobs')],
    ['NUL and invalid UTF-8', '%00%ff'],
    ['ours, of any age: links never expire', good],
  ];
}

async function rowsOf<Input>(
  cases: readonly (readonly [string, Input])[],
  play: (described: string, input: Input) => Promise<Row>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [described, input] of cases) rows.push(await play(described, input));
  return rows;
}

const introduction = `# Hostile input

What comes back for input that is broken or meant to harm. Written and held true by \`test/house/hostile-input.test.ts\`, which plays every
row against the real program; long words are shortened here. Nothing of a refused row is kept, and none of it makes an error of the server.`;

test('every row of the page is what the program answers', async () => {
  const numbers = await touchline.run([
    'campaign',
    'create',
    '--name',
    'Late',
    '--touch',
    'email:2147483648h',
    '--json',
  ]);
  const sections = [
    ['## Bodies of `POST /api/v1/jobs`', await rowsOf(requests, requestRow)],
    ['## Texts (`touchline template set`)', await rowsOf(templates, templateRow)],
    ['## Numbers (`touchline campaign create`)', [failureRow('a delay of 2^31 hours', numbers)]],
    ['## Files (`touchline import jobs`)', await rowsOf(files, fileRow)],
    ['## Unsubscribe tokens (`POST /u/{token}`)', await rowsOf(tokenCases(), tokenRow)],
  ] as const;
  const all = sections.flatMap(([, rows]) => rows);
  expect(all.filter(({ answer }) => answer.startsWith('5'))).toEqual([]);
  expect(all.filter(({ words }) => /SQLSTATE|node:|\bat \/|undefined/.test(words))).toEqual([]);
  expect(told).toEqual([]);
  const { rowCount } = await database.query(`select from touchline.jobs where source = 'api'`);
  expect(rowCount).toBe(0);
  const page = [introduction, ...sections.map(([title, rows]) => `${title}\n\n${tableOf(rows)}`)].join('\n\n');
  await expect(`${page}\n`).toMatchFileSnapshot('../../docs/hostile-input.md');
}, 180_000);
