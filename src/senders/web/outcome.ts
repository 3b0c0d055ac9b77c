// What is common to providers spoken to by HTTP: what no answer means, and what a status alone says (delivery.md, outcome classes;
// rules.md 20). A provider's own error codes say more and go first.
import type { Outcome, OutcomeKind } from '../../engine/ports.ts';
import { deadlinePassed, type HttpAnswer, type HttpFailure } from './exchange.ts';
import { retryAfterSeconds } from './retry-after.ts';

/** A provider's own words about a failure. */
export interface ProviderError {
  code: string;
  message: string;
}

/** The object in an answer; undefined for anything that is none. */
export function objectIn({ body }: HttpAnswer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing written: the way to the provider is broken, for every message. Something written: nobody knows. */
export function outcomeOfFailure(provider: string, { isWritten, errorCode, errorMessage }: HttpFailure): Outcome {
  if (errorCode === deadlinePassed) return { kind: 'not_started', provider, errorCode };
  return { kind: isWritten ? 'ambiguous' : 'account_error', provider, errorCode, errorMessage };
}

// A request timed out or was cut off somewhere on the way, or another one with the same key runs: it may have been handed on.
const nobodyKnows = new Set([408, 409, 425, 499]);
const aboutMessage = new Set([400, 404, 413, 422]);

/**
 * What a status other than 2xx says.
 * @param isOurs whether the answer is in the provider's own form. What is not comes from something between us and the provider,
 *   and says nothing about the message
 */
export function kindOfStatus(status: number, isOurs: boolean): OutcomeKind {
  if (status >= 500 || nobodyKnows.has(status)) return 'ambiguous';
  if (status === 429) return 'rate_limited';
  return isOurs && aboutMessage.has(status) ? 'rejected' : 'account_error';
}

/** The outcome of an answer that is no acceptance. */
export function outcomeOfError(
  provider: string,
  kind: OutcomeKind,
  answer: HttpAnswer,
  error: ProviderError | undefined,
): Outcome {
  const retryAfter = kind === 'rate_limited' ? retryAfterSeconds(answer) : undefined;
  return {
    kind,
    provider,
    errorCode: error?.code ?? `http_${answer.status}`,
    errorMessage: error?.message ?? `HTTP ${answer.status} without words that can be read.`,
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter }),
  };
}

/** A 2xx from which the provider's id cannot be read: it may be an acceptance, and it may be a page of somebody between. */
export function unreadable(provider: string, { status }: HttpAnswer): Outcome {
  const errorMessage = `HTTP ${status} without the id of a message.`;
  return { kind: 'ambiguous', provider, errorCode: 'unreadable_answer', errorMessage };
}
