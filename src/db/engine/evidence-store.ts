// The evidence port in SQL: each call is one transaction of the worker's role.
import type pg from 'pg';
import type { EvidenceStore, Finding, UnknownIntent } from '../../engine/evidence.ts';
import { type TransactionLimits, withRole } from '../client.ts';
import { type ClaimedRow, intentOf, storable } from './intent-row.ts';

interface UnknownRow extends ClaimedRow {
  first_attempt_at: Date;
  attempts_over_at: Date;
  is_over: boolean;
}

function unknownOf(row: UnknownRow): UnknownIntent {
  return {
    ...intentOf(row),
    firstAttemptAt: row.first_attempt_at,
    attemptsOverAt: row.attempts_over_at,
    isOver: row.is_over,
  };
}

function findingJson(finding: Finding): Record<string, unknown> {
  return {
    business_id: finding.businessId,
    send_log_id: finding.sendLogId,
    attempt: finding.attempt,
    finding: finding.kind,
    provider: finding.provider,
    provider_id: storable(finding.providerId),
    error_code: storable(finding.errorCode),
    error_message: storable(finding.errorMessage),
    replay: finding.replay,
    retry_after_seconds: finding.retryAfterSeconds,
  };
}

/** @param limits of each transaction */
export function evidenceStore(pool: pg.Pool, limits: TransactionLimits = {}): EvidenceStore {
  const asWorker = <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
    withRole(pool, { role: 'touchline_worker' }, work, limits);
  return {
    claimUnknowns: (limit, now) =>
      asWorker(async (client) => {
        const { rows } = await client.query<UnknownRow>('select * from touchline.claim_unknowns($1, $2)', [limit, now]);
        return rows.map(unknownOf);
      }),
    beginReplays: ({ worker, claimId, messages, withinHours, now }) =>
      asWorker(async (client) => {
        const { rows } = await client.query<{ send_log_id: string; attempt: number }>(
          'select * from touchline.begin_replays($1, $2, $3, $4, pg_catalog.make_interval(hours => $5), $6)',
          [worker, claimId, messages.map((m) => m.businessId), messages.map((m) => m.sendLogId), withinHours, now],
        );
        return rows.map((row) => ({ sendLogId: row.send_log_id, attempt: row.attempt }));
      }),
    settleEvidence: (findings, now) =>
      asWorker(async (client) => {
        const { rows } = await client.query<{ business_id: string; send_log_id: string; state: string }>(
          'select * from touchline.settle_evidence($1, $2)',
          [JSON.stringify(findings.map(findingJson)), now],
        );
        return rows.map((row) => ({ businessId: row.business_id, sendLogId: row.send_log_id, state: row.state }));
      }),
  };
}
