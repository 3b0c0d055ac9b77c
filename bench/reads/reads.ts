// The reads of pages, API and command line, each as the program does it: one transaction in the name of who asks.
import type pg from 'pg';
import { listMailbox } from '../../src/db/api.ts';
import { type Identity, withRole } from '../../src/db/client.ts';
import { listBusinesses } from '../../src/db/read/businesses.ts';
import { listCampaigns, readCampaign } from '../../src/db/read/campaigns.ts';
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

/** Where a page is in a list; null is its beginning. Of the last fiftieth a page of every list is left even where there are few. */
const depthsOf = ({ people }: History): readonly (readonly [string, number | null])[] => [
  ['first page', null],
  ['in the middle', 0.5],
  ['near the end', 1 - Math.max(0.02, 700 / people)],
];

/** Microseconds since 1970, as cursors have them. */
async function moment(client: pg.ClientBase, sql: string, values: unknown[]): Promise<string> {
  const { rows } = await client.query<{ at: string }>(sql, values);
  const [row] = rows;
  if (row === undefined) throw new Error('There is nothing at this depth.');
  return row.at;
}

const cursorOf = (parts: readonly string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** The reads on a database with this history. */
export async function readsOf(client: pg.ClientBase, history: History): Promise<Read[]> {
  const { giant, owner, campaign } = history;
  const person: Identity = { role: 'authenticated', userId: owner };
  const worker: Identity = { role: 'touchline_worker' };
  const operator: Identity = { role: 'service_role' };
  const reads: Read[] = [];
  for (const [where, depth] of depthsOf(history)) {
    const number = numberAt(history, depth ?? 0);
    const enrolled = await moment(
      client,
      'select (extract(epoch from enrolled_at) * 1000000)::bigint::text as at from touchline.campaign_enrollments where business_id = $1 and id = $2',
      [giant, idAt(3, number)],
    );
    const message = idAt(4, 4 * number + 1);
    const accepted = await moment(
      client,
      'select (extract(epoch from accepted_at) * 1000000)::bigint::text as at from touchline.mailbox_messages where business_id = $1 and send_log_id = $2',
      [giant, message],
    );
    const people = depth === null ? null : cursorOf([enrolled, idAt(3, number)]);
    const mailbox = depth === null ? null : cursorOf([accepted, message, '1']);
    const apiMailbox = depth === null ? null : `${accepted}.${message}.1`;
    for (const status of [null, 'active'] as const) {
      reads.push({
        ...{ group: 'lists', name: `people of a campaign${status === null ? '' : ', active'}: ${where}`, as: person },
        run: async (asker) => (await homePeople(asker, giant, campaign, { status, cursor: people })).rows.length,
        rows: 50,
      });
    }
    reads.push(
      {
        ...{ group: 'lists', name: `mailbox: ${where}`, as: person, rows: 50 },
        run: async (asker) => (await homeMailbox(asker, giant, { cursor: mailbox })).rows.length,
      },
      {
        ...{ group: 'lists', name: `mailbox by the API: ${where}`, as: worker, rows: 50 },
        run: async (asker) => (await listMailbox(asker, giant, { after: apiMailbox, limit: 50 })).length,
      },
    );
  }
  const unproved = await client.query(
    'select from touchline.send_logs where business_id = $1 and unproved_at is not null limit 50',
    [giant],
  );
  const all = await client.query('select from touchline.businesses where id <> touchline.system_business_id()');
  reads.push(
    {
      ...{ group: 'lists', name: 'unproved messages', as: operator, rows: unproved.rowCount ?? 0 },
      run: async (asker) => (await listUnproved(asker, giant, { cursor: null, limit: 50 })).rows.length,
    },
    {
      ...{ group: 'lists', name: 'all businesses', as: operator, rows: all.rowCount ?? 0 },
      run: async (asker) => (await listBusinesses(asker)).length,
    },
    {
      ...{ group: 'lists', name: 'businesses of a person', as: person, rows: 1 },
      run: async (asker) => (await myBusinesses(asker)).length,
    },
    {
      ...{ group: 'pages', name: 'campaigns of a business, on its first page', as: person, rows: 1 },
      run: async (asker) => (await homeCampaigns(asker, giant)).length,
    },
    {
      ...{ group: 'pages', name: 'campaigns of a business, on the command line', as: operator, rows: 1 },
      run: async (asker) => (await listCampaigns(asker, giant)).length,
    },
    {
      ...{ group: 'pages', name: 'one campaign', as: operator, rows: 1 },
      run: async (asker) => (await readCampaign(asker, giant, campaign))?.versions.length ?? 0,
    },
    {
      ...{ group: 'pages', name: 'the way of one person', as: person, rows: 1 },
      run: async (asker) =>
        (await homeTimeline(asker, giant, idAt(3, numberAt(history, 0.5)), null)) === undefined ? 0 : 1,
    },
    {
      ...{ group: 'pages', name: 'how the queue stands', as: operator, rows: 1 },
      run: async (asker) => Number((await readQueueState(asker)).dueLanes >= 0),
    },
  );
  return reads;
}

/** Runs a read as the program does. */
export function perform(pool: pg.Pool, { as, run }: Read): Promise<number> {
  return withRole(pool, as, run);
}
