// A database in which one lane has a long backlog, and the work that is done in it: claims and settles, whose old row versions
// stay where somebody might still look at them.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { completeJob } from '../../src/db/call/jobs.ts';
import { withRole } from '../../src/db/client.ts';
import { engineStore } from '../../src/db/engine/store.ts';
import type { EngineStore, Intent } from '../../src/engine/ports.ts';
import { plansOf, type StatementPlan } from '../../test/support/plans.ts';
import type { BenchDatabase } from '../support/database.ts';
import { fillPopulation } from '../support/population.ts';
import { timed } from '../support/report.ts';
import { addBusinesses, openLanes, touchMoments } from '../throughput/crowd.ts';

export const batch = 100;

/** As a worker keeps house. */
const houseEveryMs = 30_000;

const accepted = { kind: 'accepted', provider: 'null', providerId: 'null' } as const;

/** What one claim reads. */
export interface ClaimReads {
  all: number;
  lanes: number;
  queue: number;
}

const buffersIn = (plans: readonly StatementPlan[], words: RegExp): number =>
  plans
    .filter(({ sql }) => words.test(sql))
    .reduce((sum, { root }) => sum + root['Shared Hit Blocks'] + root['Shared Read Blocks'], 0);

export class Place {
  readonly name: string;
  readonly client: pg.Client;
  readonly pool: pg.Pool;
  readonly database: BenchDatabase;
  /** A connection on which plans are asked for ends with that. */
  private readonly explaining: pg.Pool;
  private readonly store: EngineStore;
  private readonly businessId: string;
  // A lane's next moment moves with the clock, as it does in life.
  private atMs = Date.parse(touchMoments[0] ?? '');
  private jobs = 0;

  private constructor(name: string, database: BenchDatabase, businessId: string) {
    this.name = name;
    this.database = database;
    this.client = database.client;
    this.pool = database.connect(1);
    this.explaining = database.connect(1);
    this.store = engineStore(this.pool);
    this.businessId = businessId;
  }

  /** @param due how many of the people have a touch that is due */
  static async make(
    name: string,
    database: BenchDatabase,
    { people, due }: { people: number; due: number },
  ): Promise<Place> {
    const [businessId = ''] = await addBusinesses(database.client, 1);
    await fillPopulation(database.client, { businessIds: [businessId], people, dueEach: due });
    await openLanes(database.client, { businessIds: [businessId], due }, touchMoments[0] ?? '');
    return new Place(name, database, businessId);
  }

  private tick(): Date {
    this.atMs += 50;
    return new Date(this.atMs);
  }

  private async settle(claimId: string, intents: readonly Intent[]): Promise<void> {
    const outcomes = intents.map(({ businessId, sendLogId, attempt }) => ({
      ...{ businessId, sendLogId, attempt },
      ...accepted,
    }));
    await this.store.settle(claimId, outcomes, this.tick());
  }

  /** Claims a batch; what was claimed is settled after the time is taken. */
  async claim(limit = batch): Promise<{ ms: number; claimed: number }> {
    const claimId = randomUUID();
    let intents: Intent[] = [];
    const now = this.tick();
    const ms = await timed(async () => {
      intents = await this.store.claim({ worker: 'bench', claimId, limit, now });
    });
    await this.settle(claimId, intents);
    return { ms, claimed: intents.length };
  }

  /**
   * Claims and settles `touches`, each of which leaves a dead entry at the head of the due index. As beside every worker, tables that
   * have grown are counted now and then: without autovacuum nobody else would, and each claim would look through all messages.
   */
  async churn(touches: number, pause: () => Promise<void> = async () => undefined): Promise<number> {
    let handled = 0;
    let houseMs = performance.now();
    while (handled < touches) {
      if (performance.now() >= houseMs) {
        await this.store.refreshStatistics();
        houseMs = performance.now() + houseEveryMs;
      }
      const { claimed } = await this.claim();
      if (claimed === 0) break;
      handled += claimed;
      await pause();
    }
    return handled;
  }

  /** What a claim reads; rolled back. */
  async explainClaim(): Promise<ClaimReads> {
    const call = 'select * from touchline.claim_due_touches($1, $2, $3, $4)';
    const values = ['bench', randomUUID(), batch, this.tick()];
    const plans = await plansOf(this.explaining, (client) => client.query(call, values));
    return {
      all: buffersIn(plans, /^select \* from touchline\.claim_due_touches/),
      lanes: buffersIn(plans, /from touchline\.pick_lanes/),
      queue: buffersIn(plans, /from touchline\.lock_due_touches|touchline\.set_next_turns/i),
    };
  }

  /** One completed job of a new customer, decided and enrolled in the lane. */
  async enroll(): Promise<number> {
    this.jobs += 1;
    const customer = { external_id: `new-${this.jobs}`, first_name: 'Ann', email: `new-${this.jobs}@example.com` };
    const now = this.tick();
    const job = { external_id: `new-${this.jobs}`, completed_at: now.toISOString() };
    return timed(() =>
      withRole(this.pool, { role: 'touchline_worker' }, (client) =>
        completeJob(client, this.businessId, job, customer, now),
      ),
    );
  }

  async sweep(): Promise<number> {
    return timed(() => this.store.sweep(this.tick()));
  }

  async deadEntries(): Promise<number> {
    await this.pool.query('select pg_catalog.pg_stat_force_next_flush()');
    const { rows } = await this.client.query<{ dead: number }>(
      `select n_dead_tup::integer as dead from pg_catalog.pg_stat_user_tables where relid = 'touchline.touch_queue'::regclass`,
    );
    return rows[0]?.dead ?? 0;
  }
}
