// The reads of pages, API and command line, each as the program does it: one transaction in the name of who asks.
import type pg from 'pg';
import { listMailbox } from '../../src/db/api.ts';
import { type Identity, withRole } from '../../src/db/client.ts';
import { pageOfBusinesses } from '../../src/db/read/businesses.ts';
import { listCampaigns, readCampaign } from '../../src/db/read/campaigns.ts';
import { listConflicts } from '../../src/db/read/conflicts.ts';
import { myBusinesses } from '../../src/db/read/home/businesses.ts';
import { homeCampaigns } from '../../src/db/read/home/campaigns.ts';
import { homeMailbox } from '../../src/db/read/home/mailbox.ts';
import { homePeople } from '../../src/db/read/home/people.ts';
import { homeTimeline } from '../../src/db/read/home/timeline.ts';
import { readQueueState } from '../../src/db/read/queue-state.ts';
import { listUnproved } from '../../src/db/read/unknown.ts';
import { type History, idAt, numberAt } from './history.ts';

/** One read. `group` says which budget it has. */
export interface Read {
  group: 'lists' | 'pages';
  name: string;
  as: Identity;
  /** Answers how many rows came. */
  run(client: pg.PoolClient): Promise<number>;
  /** How many must come. */
  rows: number;
}

type Depth = readonly [where: string, depth: number | null];

/** Where a page is in a list; null is its beginning. Of the last fiftieth a page of every list is left even where there are few. */
const depthsOf = ({ people }: History): readonly Depth[] => [
  ['first page', null],
  ['in the middle', 0.5],
  ['near the end', 1 - Math.max(0.02, 700 / people)],
];

/** What an analytics page draws. */
const dailyCounts = `
  select d.day, d.touch_number, d.channel, d.sent, d.presumed_sent, d.failed, d.skipped, d.delivered, d.opened, d.clicked, d.bounced,
    d.complained
  from touchline.campaign_daily_stats d
  where d.business_id = $1 and d.campaign_id = $2 and d.day > date '2026-03-03' - 90
  order by d.day, d.touch_number, d.channel`;

/** Microseconds since 1970, as cursors have them. */
async function moment(client: pg.ClientBase, sql: string, values: unknown[]): Promise<string> {
  const { rows } = await client.query<{ at: string }>(sql, values);
  const [row] = rows;
  if (row === undefined) throw new Error('There is nothing at this depth.');
  return row.at;
}

const cursorOf = (parts: readonly string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

const personOf = ({ owner }: History): Identity => ({ role: 'authenticated', userId: owner });
const worker: Identity = { role: 'touchline_worker' };
const operator: Identity = { role: 'service_role' };

/** Where the lists of a business go on at a depth; null is their beginning. */
interface Cursors {
  people: string | null;
  mailbox: string | null;
  apiMailbox: string | null;
}

async function cursorsAt(client: pg.ClientBase, history: History, depth: number | null): Promise<Cursors> {
  if (depth === null) return { people: null, mailbox: null, apiMailbox: null };
  const number = numberAt(history, depth);
  const [person, message] = [idAt(3, number), idAt(4, 4 * number + 1)];
  const enrolled = await moment(
    client,
    'select (extract(epoch from enrolled_at) * 1000000)::bigint::text as at from touchline.campaign_enrollments where business_id = $1 and id = $2',
    [history.giant, person],
  );
  const accepted = await moment(
    client,
    'select (extract(epoch from accepted_at) * 1000000)::bigint::text as at from touchline.mailbox_messages where business_id = $1 and send_log_id = $2',
    [history.giant, message],
  );
  return {
    people: cursorOf([enrolled, person]),
    mailbox: cursorOf([accepted, message, '1']),
    apiMailbox: Buffer.from(`${accepted}.${message}.1`).toString('base64url'),
  };
}

/** The lists of the large business, as they begin and go on at a depth. */
async function listsAt(client: pg.ClientBase, history: History, [where, depth]: Depth): Promise<Read[]> {
  const { giant, campaign } = history;
  const cursors = await cursorsAt(client, history, depth);
  const person = personOf(history);
  const people = (status: 'active' | null): Read => ({
    ...{ group: 'lists', name: `people of a campaign${status === null ? '' : ', active'}: ${where}`, as: person },
    run: async (asker) => (await homePeople(asker, giant, campaign, { status, cursor: cursors.people })).rows.length,
    rows: 50,
  });
  return [
    people(null),
    people('active'),
    {
      ...{ group: 'lists', name: `mailbox: ${where}`, as: person, rows: 50 },
      run: async (asker) => (await homeMailbox(asker, giant, { cursor: cursors.mailbox })).rows.length,
    },
    {
      ...{ group: 'lists', name: `mailbox by the API: ${where}`, as: worker, rows: 50 },
      run: async (asker) => (await listMailbox(asker, giant, { cursor: cursors.apiMailbox, limit: 50 })).rows.length,
    },
  ];
}

async function shorterLists(client: pg.ClientBase, history: History): Promise<Read[]> {
  const { giant } = history;
  const unproved = await client.query(
    'select from touchline.send_logs where business_id = $1 and unproved_at is not null limit 50',
    [giant],
  );
  const all = await client.query(
    'select from touchline.businesses where id <> touchline.system_business_id() limit 100',
  );
  return [
    {
      ...{ group: 'lists', name: 'unproved messages', as: operator, rows: unproved.rowCount ?? 0 },
      run: async (asker) => (await listUnproved(asker, giant, { cursor: null, limit: 50 })).rows.length,
    },
    {
      ...{ group: 'lists', name: 'jobs that wait for a person', as: operator, rows: 0 },
      run: async (asker) => (await listConflicts(asker, giant, { cursor: null, limit: 50 })).rows.length,
    },
    {
      ...{ group: 'lists', name: 'all businesses', as: operator, rows: all.rowCount ?? 0 },
      run: async (asker) => (await pageOfBusinesses(asker, { cursor: null, limit: 100 })).rows.length,
    },
    {
      ...{ group: 'lists', name: 'businesses of a person', as: personOf(history), rows: 1 },
      run: async (asker) => (await myBusinesses(asker)).length,
    },
  ];
}

async function pages(client: pg.ClientBase, history: History): Promise<Read[]> {
  const { giant, campaign } = history;
  const person = personOf(history);
  const daily = await client.query(dailyCounts, [giant, campaign]);
  const someone = idAt(3, numberAt(history, 0.5));
  return [
    {
      ...{ group: 'pages', name: 'campaigns of a business, on its first page', as: person, rows: 1 },
      run: async (asker) => (await homeCampaigns(asker, giant)).length,
    },
    {
      ...{ group: 'pages', name: 'campaigns of a business, on the command line', as: operator, rows: 1 },
      run: async (asker) => (await listCampaigns(asker, giant)).length,
    },
    {
      ...{ group: 'pages', name: 'daily counts of a campaign, the last 90 days', as: person },
      run: async (asker) => (await asker.query(dailyCounts, [giant, campaign])).rowCount ?? 0,
      rows: daily.rowCount ?? 0,
    },
    {
      ...{ group: 'pages', name: 'one campaign', as: operator, rows: 1 },
      run: async (asker) => (await readCampaign(asker, giant, campaign))?.versions.length ?? 0,
    },
    {
      ...{ group: 'pages', name: 'the way of one person', as: person, rows: 1 },
      run: async (asker) => Number((await homeTimeline(asker, giant, someone, null)) !== undefined),
    },
    {
      ...{ group: 'pages', name: 'how the queue stands', as: operator, rows: 1 },
      run: async (asker) => Number((await readQueueState(asker)).dueLanes >= 0),
    },
  ];
}

/** The reads on a database with this history. */
export async function readsOf(client: pg.ClientBase, history: History): Promise<Read[]> {
  const reads: Read[] = [];
  for (const depth of depthsOf(history)) reads.push(...(await listsAt(client, history, depth)));
  return [...reads, ...(await shorterLists(client, history)), ...(await pages(client, history))];
}

/** Runs a read as the program does. */
export function perform(pool: pg.Pool, { as, run }: Read): Promise<number> {
  return withRole(pool, as, run);
}
