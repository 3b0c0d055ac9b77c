// The engine's port to SQL: each call is one transaction of the worker's role, and nothing is answered before its commit.
import type pg from 'pg';
import {
  type AttemptOutcome,
  type ClaimRequest,
  ClaimUnproved,
  type EngineStore,
  type Intent,
  type SettledMessage,
} from '../../engine/ports.ts';
import { refreshStatistics } from '../call/import.ts';
import { CommitFailed, type TransactionLimits, withRole } from '../client.ts';
import { evidenceStore } from './evidence-store.ts';
import { homeStore } from './home-store.ts';
import { type ClaimedRow, intentOf, storable } from './intent-row.ts';
import { KeptStatements } from './kept-statements.ts';

async function claim(
  kept: KeptStatements,
  client: pg.ClientBase,
  { worker, claimId, limit, now }: ClaimRequest,
): Promise<Intent[]> {
  const { rows } = await kept.query<ClaimedRow>(client, {
    name: 'touchline_claim',
    text: 'select * from touchline.claim_due_touches($1, $2, $3, $4)',
    values: [worker, claimId, limit, now],
  });
  return rows.map(intentOf);
}

function outcomeJson(outcome: AttemptOutcome): Record<string, unknown> {
  return {
    business_id: outcome.businessId,
    send_log_id: outcome.sendLogId,
    attempt: outcome.attempt,
    outcome: outcome.kind,
    provider: outcome.provider,
    provider_id: storable(outcome.providerId),
    error_code: storable(outcome.errorCode),
    error_message: storable(outcome.errorMessage),
    retry_after_seconds: outcome.retryAfterSeconds,
  };
}

async function settle(
  kept: KeptStatements,
  client: pg.ClientBase,
  claimId: string,
  outcomes: readonly AttemptOutcome[],
  now: Date | null,
): Promise<SettledMessage[]> {
  const { rows } = await kept.query<{ business_id: string; send_log_id: string; state: string }>(client, {
    name: 'touchline_settle',
    text: 'select * from touchline.settle_touches($1, $2, $3)',
    values: [claimId, JSON.stringify(outcomes.map(outcomeJson)), now],
  });
  return rows.map((row) => ({ businessId: row.business_id, sendLogId: row.send_log_id, state: row.state }));
}

/** Runs what claims; when the reply to its commit is lost, what it had claimed goes with the error. */
async function provedClaim<T>(run: (note: (intents: Intent[]) => Intent[]) => Promise<T>): Promise<T> {
  let noted: Intent[] = [];
  try {
    return await run((intents) => {
      noted = intents;
      return intents;
    });
  } catch (error) {
    if (error instanceof CommitFailed && error.outcome === 'unknown') throw new ClaimUnproved(noted, error);
    throw error;
  }
}

async function one(client: pg.ClientBase, text: string, values: unknown[]): Promise<number | null> {
  const { rows } = await client.query<{ answer: number | null }>(text, values);
  return rows[0]?.answer ?? null;
}

/**
 * The engine's store on a pool.
 * @param pool connections as a user who may become touchline_worker
 * @param limits of each transaction
 */
export function engineStore(pool: pg.Pool, limits: TransactionLimits = {}): EngineStore {
  const asWorker = <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
    withRole(pool, { role: 'touchline_worker' }, work, limits);
  const kept = new KeptStatements();
  const withKept = <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => kept.within(() => asWorker(work));
  const number = (text: string, values: unknown[]): Promise<number> =>
    asWorker(async (client) => (await one(client, text, values)) ?? 0);
  return {
    ...evidenceStore(pool, limits),
    ...homeStore(pool, limits),
    claim: (request) => provedClaim((note) => withKept(async (client) => note(await claim(kept, client, request)))),
    settle: (claimId, outcomes, now) => withKept((client) => settle(kept, client, claimId, outcomes, now)),
    settleAndClaim: (claimId, outcomes, next) =>
      provedClaim((note) =>
        withKept(async (client) => {
          const settled = await settle(kept, client, claimId, outcomes, next.now);
          return { settled, intents: note(await claim(kept, client, next)) };
        }),
      ),
    enrollWaiting: (limit, now) => number('select touchline.enroll_waiting($1, $2) as answer', [limit, now]),
    reconcile: (limit, now) => number('select touchline.reconcile_touches($1, $2) as answer', [limit, now]),
    sweep: (now) => number('select touchline.sweep_lanes($1) as answer', [now]),
    clearOut: (limit, now) => number('select touchline.clear_out($1, $2) as answer', [limit, now]),
    foldCounts: (limit) => number('select touchline.fold_daily_stats($1) as answer', [limit]),
    refreshStatistics: () => asWorker(refreshStatistics),
    msUntilNextDue: (now) =>
      asWorker((client) => one(client, 'select touchline.ms_until_next_due($1) as answer', [now])),
  };
}
