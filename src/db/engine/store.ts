// The engine's port to SQL: each call is one transaction of the worker's role, and nothing is answered before its commit.
import type pg from 'pg';
import type { AttemptOutcome, ClaimRequest, EngineStore, Intent, SettledMessage } from '../../engine/ports.ts';
import type { Channel } from '../../generated/rows.ts';
import { withRole } from '../client.ts';

interface ClaimedRow {
  business_id: string;
  send_log_id: string;
  attempt: number;
  enrollment_id: string;
  touch_number: number;
  channel: Channel;
  customer_id: string;
  campaign_id: string;
  recipient: string;
  template_version_id: string;
  subject: string | null;
  body: string;
  variables: Record<string, string>;
  sender_account_id: string;
  sender_kind: string;
  from_address: string | null;
  sender_settings: Record<string, unknown>;
  claimed_at: Date;
  deadline_ms: number;
  io_timeout_ms: number;
}

function intentOf(row: ClaimedRow): Intent {
  return {
    businessId: row.business_id,
    sendLogId: row.send_log_id,
    attempt: row.attempt,
    enrollmentId: row.enrollment_id,
    touchNumber: row.touch_number,
    channel: row.channel,
    customerId: row.customer_id,
    campaignId: row.campaign_id,
    recipient: row.recipient,
    templateVersionId: row.template_version_id,
    subject: row.subject,
    body: row.body,
    variables: row.variables,
    sender: {
      senderAccountId: row.sender_account_id,
      kind: row.sender_kind,
      fromAddress: row.from_address,
      settings: row.sender_settings,
    },
    claimedAt: row.claimed_at,
    deadlineMs: row.deadline_ms,
    ioTimeoutMs: row.io_timeout_ms,
  };
}

async function claim(client: pg.ClientBase, { worker, claimId, limit, now }: ClaimRequest): Promise<Intent[]> {
  const { rows } = await client.query<ClaimedRow>({
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
    provider_id: outcome.providerId,
    error_code: outcome.errorCode,
    error_message: outcome.errorMessage,
    retry_after_seconds: outcome.retryAfterSeconds,
  };
}

async function settle(
  client: pg.ClientBase,
  claimId: string,
  outcomes: readonly AttemptOutcome[],
  now: Date | null,
): Promise<SettledMessage[]> {
  const { rows } = await client.query<{ business_id: string; send_log_id: string; state: string }>({
    name: 'touchline_settle',
    text: 'select * from touchline.settle_touches($1, $2, $3)',
    values: [claimId, JSON.stringify(outcomes.map(outcomeJson)), now],
  });
  return rows.map((row) => ({ businessId: row.business_id, sendLogId: row.send_log_id, state: row.state }));
}

async function one(client: pg.ClientBase, text: string, values: unknown[]): Promise<number | null> {
  const { rows } = await client.query<{ answer: number | null }>(text, values);
  return rows[0]?.answer ?? null;
}

/**
 * The engine's store on a pool.
 * @param pool connections as a user who may become touchline_worker; direct or through a pooler in session mode
 */
export function engineStore(pool: pg.Pool): EngineStore {
  const asWorker = <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
    withRole(pool, { role: 'touchline_worker' }, work);
  const number = (text: string, values: unknown[]): Promise<number> =>
    asWorker(async (client) => (await one(client, text, values)) ?? 0);
  return {
    claim: (request) => asWorker((client) => claim(client, request)),
    settle: (claimId, outcomes, now) => asWorker((client) => settle(client, claimId, outcomes, now)),
    settleAndClaim: (claimId, outcomes, next) =>
      asWorker(async (client) => {
        const settled = await settle(client, claimId, outcomes, next.now);
        return { settled, intents: await claim(client, next) };
      }),
    enrollWaiting: (limit, now) => number('select touchline.enroll_waiting($1, $2) as answer', [limit, now]),
    reconcile: (limit, now) => number('select touchline.reconcile_touches($1, $2) as answer', [limit, now]),
    sweep: (now) => number('select touchline.sweep_lanes($1) as answer', [now]),
    msUntilNextDue: (now) =>
      asWorker((client) => one(client, 'select touchline.ms_until_next_due($1) as answer', [now])),
  };
}
