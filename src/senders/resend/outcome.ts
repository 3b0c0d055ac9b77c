// What an answer of Resend means. Its errors are {statusCode, name, message}; the names that say more than their status are here.
import type { Outcome, OutcomeKind } from '../../engine/ports.ts';
import type { HttpAnswer, HttpFailure } from '../web/exchange.ts';
import {
  kindOfStatus,
  objectIn,
  outcomeOfError,
  outcomeOfFailure,
  type ProviderError,
  unreadable,
} from '../web/outcome.ts';

const provider = 'resend';

const kinds: ReadonlyMap<string, OutcomeKind> = new Map([
  // The address we send from, not the one we send to.
  ['invalid_from_address', 'account_error'],
  ['security_error', 'account_error'],
  // The key is known with other bytes: what was sent with those is unknown here, and asking again will not tell.
  ['invalid_idempotent_request', 'ambiguous'],
  // The first request with the key still runs: asking again later will tell.
  ['concurrent_idempotent_requests', 'ambiguous'],
  ['rate_limit_exceeded', 'rate_limited'],
  ['daily_quota_exceeded', 'rate_limited'],
  ['monthly_quota_exceeded', 'rate_limited'],
]);

function errorIn(answer: HttpAnswer): ProviderError | undefined {
  const { name, message } = objectIn(answer) ?? {};
  return typeof name === 'string' && typeof message === 'string' ? { code: name, message } : undefined;
}

/** The outcome of one request to send. */
export function outcomeOf(answer: HttpAnswer | HttpFailure): Outcome {
  if ('isWritten' in answer) return outcomeOfFailure(provider, answer);
  if (answer.status >= 200 && answer.status < 300) {
    const { id } = objectIn(answer) ?? {};
    if (typeof id !== 'string' || !/^[\w-]{1,200}$/.test(id)) return unreadable(provider, answer);
    return { kind: 'accepted', provider, providerId: id };
  }
  const error = errorIn(answer);
  const byStatus = kindOfStatus(answer.status, error !== undefined);
  // A status that leaves open what happened is never overruled by a name.
  const kind = answer.status >= 500 ? byStatus : (kinds.get(error?.code ?? '') ?? byStatus);
  return outcomeOfError(provider, kind, answer, error);
}
