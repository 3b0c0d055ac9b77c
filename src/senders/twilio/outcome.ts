// What an answer of Twilio means. Its errors are {code, message, status}; the codes that say more than their status are here.
//
// Whom a code is about decides who waits. A number that is not registered for 10DLC (30034 and its kin), a From that is not ours, a
// suspended account: the same for every message, so the account pauses and no touch is used up. An unreachable or barred
// number: the message.
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

const provider = 'twilio';

/** The recipient told Twilio to stop: an opt-out that we have not heard of. */
const optedOut = '21610';

const codes: Partial<Record<OutcomeKind, readonly string[]>> = {
  rejected: [
    ...['21211', '21614', optedOut, '21612', '21635', '21408', '21217'],
    ...['21602', '21604', '21617', '21619'],
    ...['30003', '30005', '30006', '30007'],
  ],
  account_error: [
    // Authentication, and accounts that are suspended, closed or on trial.
    ...['20003', '20005', '20403', '20404', '21608', '30002', '30037'],
    // The number or service we send from, and the address for callbacks.
    ...['21212', '21603', '21606', '21609', '21659', '21660', '21661', '21701', '21703', '21704', '21705', '21712'],
    // Registration: 10DLC, its suspended campaigns, toll-free verification.
    ...['30032', '30033', '30034', '30035'],
  ],
  // Too many at once, queues that are full, caps of carriers.
  rate_limited: ['20429', '14107', '21611', '30001', '30022', '30023'],
};

const kinds: ReadonlyMap<string, OutcomeKind> = new Map(
  Object.entries(codes).flatMap(([kind, list]) => list.map((code) => [code, kind as OutcomeKind] as const)),
);

function errorIn(answer: HttpAnswer): ProviderError | undefined {
  const { code, message } = objectIn(answer) ?? {};
  return typeof code === 'number' && typeof message === 'string' ? { code: String(code), message } : undefined;
}

/** A SID of a message; undefined for anything else. */
export function messageSid(value: unknown): string | undefined {
  return typeof value === 'string' && /^[SM]M[\da-f]{32}$/i.test(value) ? value : undefined;
}

/** The outcome of one request to create a message. */
export function outcomeOf(answer: HttpAnswer | HttpFailure): Outcome {
  if ('isWritten' in answer) return outcomeOfFailure(provider, answer);
  if (answer.status >= 200 && answer.status < 300) {
    const { sid } = objectIn(answer) ?? {};
    const providerId = messageSid(sid);
    return providerId === undefined ? unreadable(provider, answer) : { kind: 'accepted', provider, providerId };
  }
  const error = errorIn(answer);
  const byStatus = kindOfStatus(answer.status, error !== undefined);
  // A status that leaves open what happened is never overruled by a code.
  const kind = byStatus === 'ambiguous' ? byStatus : (kinds.get(error?.code ?? '') ?? byStatus);
  const outcome = outcomeOfError(provider, kind, answer, error);
  return error?.code === optedOut && kind === 'rejected' ? { ...outcome, errorCode: 'opted_out' } : outcome;
}
