// Resolves outcomes that nobody knows by asking the provider: by a look-up, or by submitting the same bytes under the same key
// again. A crash anywhere leaves the message unknown, and somebody looks again: what is written down here is only ever proof.
import { randomUUID } from 'node:crypto';
import { compose } from './compose.ts';
import type { Finding, UnknownIntent } from './evidence.ts';
import { handOver } from './hand-over.ts';
import type { AttemptOutcome, Evidence, Message, Sender } from './ports.ts';
import type { Engine } from './process-batch.ts';

export interface EvidenceReport {
  /** Messages that were looked for. */
  looked: number;
  /** Of them: how many were resolved. */
  proved: number;
}

// At once: look-ups are slow, and providers allow few.
const concurrency = 8;

const named = ({
  businessId,
  sendLogId,
  attempt,
}: UnknownIntent): Pick<Finding, 'businessId' | 'sendLogId' | 'attempt'> => ({
  businessId,
  sendLogId,
  attempt,
});

async function lookUp(engine: Engine, sender: Sender, unknown: UnknownIntent, message: Message): Promise<Evidence> {
  const giveUp = new AbortController();
  const over = new AbortController();
  const timeOut = engine.clock.sleep(unknown.ioTimeoutMs, over.signal).then((): Evidence => {
    giveUp.abort();
    return { kind: 'unknown', errorCode: 'timeout', errorMessage: `No answer within ${unknown.ioTimeoutMs} ms.` };
  });
  const { firstAttemptAt: from, attemptsOverAt: to, isOver } = unknown;
  try {
    const asked = sender.lookUp?.(message, { from, to, isOver }, giveUp.signal);
    return asked === undefined ? timeOut : await Promise.race([asked, timeOut]);
  } catch (error) {
    const errorMessage = error instanceof Error ? error.message : String(error);
    return { kind: 'unknown', errorCode: 'look_up_failed', errorMessage };
  } finally {
    over.abort();
  }
}

/** An acceptance is proof. Any other answer says nothing of the attempts before, which is why it is never taken for a refusal. */
function replayFinding(unknown: UnknownIntent, outcome: AttemptOutcome): Finding {
  const { kind: replay, attempt, ...words } = outcome;
  if (replay === 'accepted') return { ...named(unknown), ...words, attempt, replay, kind: 'accepted' };
  // The key is known with other bytes: no replay will ever tell.
  const kind = outcome.errorCode === 'invalid_idempotent_request' ? 'none' : 'unknown';
  return { ...named(unknown), ...words, attempt, replay, kind };
}

async function replay(engine: Engine, unknown: UnknownIntent, withinHours: number): Promise<Finding> {
  const { businessId, sendLogId } = unknown;
  const startedAtMs = engine.clock.monotonicMs();
  const [begun] = await engine.store.beginReplays({
    worker: engine.worker,
    claimId: randomUUID(),
    messages: [{ businessId, sendLogId }],
    withinHours,
    now: engine.clock.now(),
  });
  if (begun === undefined) {
    const errorMessage = 'A guard of sending forbids a replay now: if the first attempt never arrived, it would send.';
    return { ...named(unknown), kind: 'unknown', errorCode: 'replay_forbidden', errorMessage };
  }
  const intent = { ...unknown, attempt: begun.attempt };
  return replayFinding(unknown, await handOver(intent, startedAtMs + unknown.deadlineMs, engine));
}

async function seek(engine: Engine, unknown: UnknownIntent): Promise<Finding> {
  const sender = engine.senders(unknown.sender, unknown.channel);
  if (sender?.lookUp === undefined && sender?.replay === undefined) {
    return { ...named(unknown), kind: 'none', errorCode: 'no_evidence', errorMessage: 'This sender cannot be asked.' };
  }
  let message: Message;
  try {
    message = compose(unknown, engine.links);
  } catch {
    // It was rendered once; whatever has changed, these are not its bytes.
    return {
      ...named(unknown),
      kind: 'none',
      errorCode: 'render_failed',
      errorMessage: 'It cannot be rendered any more.',
    };
  }
  if (sender.lookUp !== undefined) {
    const found = await lookUp(engine, sender, unknown, message);
    if (found.kind !== 'unknown' || sender.replay === undefined) return { ...named(unknown), ...found };
  }
  return replay(engine, unknown, sender.replay?.withinHours ?? 0);
}

/**
 * Looks for evidence of at most `limit` messages, several at once, and settles each as soon as something is known.
 * @param signal no further message is looked for once it is aborted
 * @throws what the database says, after the running look-ups; what was not written down is looked for again
 */
export async function reconcileByEvidence(
  engine: Engine,
  limit: number,
  signal?: AbortSignal,
): Promise<EvidenceReport> {
  const unknowns = await engine.store.claimUnknowns(limit, engine.clock.now());
  const report: EvidenceReport = { looked: 0, proved: 0 };
  const waiting = unknowns.values();
  const lane = async (): Promise<void> => {
    for (const unknown of waiting) {
      if (signal?.aborted === true) return;
      const finding = await seek(engine, unknown);
      const settled = await engine.store.settleEvidence([finding], engine.clock.now());
      report.looked += 1;
      report.proved += settled.length;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: concurrency }, lane));
  const failed = lanes.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return report;
}
