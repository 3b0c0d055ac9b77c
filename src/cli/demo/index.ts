// The demo: three made-up businesses and their last thirty days, played through the real engine in under a minute.
import type pg from 'pg';
import { systemClock } from '../../engine/clock.ts';
import type { MessageLinks } from '../../engine/compose.ts';
import type { Database } from '../database.ts';
import { linksOf, tokensOf } from '../links.ts';
import { CommandProblem, exit } from '../problem.ts';
import { type DemoStory, makeDemo, openDemo, readStory } from './database.ts';
import { type DemoProgress, playStory } from './play.ts';
import { type CampaignCounts, countInvariants, recount } from './recount.ts';

export { openDemo } from './database.ts';
export type { DemoProgress } from './play.ts';

/** The user who owns the businesses of the demo. */
export const demoUserId = '01890000-0000-7000-8000-00000000d3e0';

export interface DemoOptions {
  /** Decides who does what. Default 1. */
  seed?: number;
  onProgress?: (progress: DemoProgress) => void;
  /** Ends the filling; nothing of it is kept. */
  signal?: AbortSignal;
  /** The moment at which the story ends. Default: now, by the database's clock. */
  to?: Date;
  /** Completed jobs in all. Default 200. */
  jobs?: number;
  /** Makes the unsubscribe links of its messages. Default: below http://localhost:4000/demo, signed with the folder's secret. */
  links?: MessageLinks;
}

export interface DemoReport {
  businesses: { id: string; name: string; time_zone: string; jobs: number; not_enrolled: Record<string, number> }[];
  campaigns: CampaignCounts[];
  /** Where the mailbox and the engine's own records do not agree; nothing, or something is broken. */
  disagreements: string[];
  /** How much breaks each invariant: 0 of each. */
  invariants: Record<string, number>;
  /** How long the filling took; null where the demo was there already. */
  seconds: number | null;
  seed: number;
  from: Date;
  to: Date;
}

const days = 30;
const dayMs = 86_400_000;

async function readBusinesses(client: pg.ClientBase): Promise<DemoReport['businesses']> {
  const { rows } = await client.query<DemoReport['businesses'][number]>(
    `select b.id, b.name, b.time_zone,
       (select pg_catalog.count(*)::int from touchline.jobs j
         where j.business_id = b.id and j.status = 'completed') as jobs,
       coalesce((
         select pg_catalog.jsonb_object_agg(r.reason, r.count order by r.reason)
         from (
           select j.decision_reason as reason, pg_catalog.count(*) as count
           from touchline.jobs j
           where j.business_id = b.id and j.decision <> 'enrolled'
           group by j.decision_reason) r), '{}') as not_enrolled
     from touchline.businesses b
     where b.id <> touchline.system_business_id()
     order by b.name`,
  );
  return rows;
}

async function reportOn(demo: Database, { seed, from, to }: DemoStory, seconds: number | null): Promise<DemoReport> {
  return demo.run(
    async (client) => {
      const businesses = await readBusinesses(client);
      const { campaigns, disagreements } = await recount(client);
      // A demo that lives on is judged now, by the database's clock.
      const invariants = await countInvariants(client, seconds === null ? null : to);
      return { businesses, campaigns, disagreements, invariants, seconds, seed, from, to };
    },
    { statementTimeoutMs: 120_000 },
  );
}

/** The demo that is there, counted anew; undefined when there is none. */
export async function reportDemo(kept: Database): Promise<DemoReport | undefined> {
  const demo = await openDemo(kept);
  if (demo === undefined) return undefined;
  try {
    return await reportOn(demo, await readStory(demo), null);
  } finally {
    await demo.close();
  }
}

function defaultLinks(kept: Database): MessageLinks {
  const tokens = tokensOf({ secret: undefined, oldSecrets: [] }, kept);
  const base = 'http://localhost:4000/demo';
  return tokens === undefined ? { unsubscribe: ({ sendLogId }) => `${base}/u/${sendLogId}` } : linksOf(tokens, base);
}

async function nowOf({ pool }: Database): Promise<Date> {
  const { rows } = await pool.query<{ now: Date }>("select pg_catalog.date_trunc('second', pg_catalog.now()) as now");
  return rows[0]?.now ?? new Date(Number.NaN);
}

function interrupted(cause: unknown): CommandProblem {
  return new CommandProblem(
    {
      code: 'demo_interrupted',
      what: 'The demo was not finished, and nothing of it was kept.',
      why: '',
      fix: 'Start it again when there is a minute.',
      exitCode: exit.failed,
    },
    cause,
  );
}

/**
 * Fills a new demo beside the kept database, which is left alone; one that is there is replaced when the new one is complete.
 * @throws CommandProblem `demo_needs_embedded`, `demo_busy`, `demo_interrupted`
 */
export async function fillDemo(kept: Database, options: DemoOptions = {}): Promise<DemoReport> {
  const { seed = 1, jobs = 200, onProgress = () => undefined, signal } = options;
  const startedMs = systemClock.monotonicMs();
  try {
    return await makeDemo(kept, async (making) => {
      const to = options.to ?? (await nowOf(making));
      const story = { seed, from: new Date(to.getTime() - days * dayMs), to };
      const { links = defaultLinks(kept) } = options;
      await playStory(making, { ...story, jobs, userId: demoUserId, links, onProgress, signal });
      const seconds = (systemClock.monotonicMs() - startedMs) / 1000;
      return { story, result: await reportOn(making, story, Math.round(seconds * 10) / 10) };
    });
  } catch (error) {
    if (signal?.aborted === true && error === signal.reason) throw interrupted(error);
    throw error;
  }
}
