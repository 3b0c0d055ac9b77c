// A worker process of the campaign: the product's own loop and senders, with the crash points wrapped around connections, senders
// and sockets.
import { createPool } from '../../src/db/client.ts';
import { workerLimits } from '../../src/db/engine/limits.ts';
import { engineStore } from '../../src/db/engine/store.ts';
import { callbackMarks, callbackUrl } from '../../src/domain/callback-mark.ts';
import type { EngineStore, Sender } from '../../src/engine/ports.ts';
import type { Engine } from '../../src/engine/process-batch.ts';
import { resendSender } from '../../src/senders/resend.ts';
import { smtpSender } from '../../src/senders/smtp.ts';
import { twilioSender } from '../../src/senders/twilio.ts';
import { work } from '../../src/worker/loop.ts';
import { accounts } from './accounts.ts';
import { Armed } from './arm.ts';
import { armedPool } from './armed-pool.ts';
import { armSockets } from './armed-sockets.ts';
import type { FromWorker, ToWorker, WorkerOrders } from './messages.ts';
import { type Provider, providers } from './points.ts';
import { enterVirtualTime, Jumps, virtualClock } from './virtual-time.ts';

/** Twice the usual: the more a worker has under way, the more is in doubt when it dies. */
const slots = 50;

const orders = JSON.parse(process.argv[2] ?? '{}') as WorkerOrders;
const skewBy = enterVirtualTime(orders.time, orders.offsetFile);
const jumps = new Jumps();
const tell = (message: FromWorker): void => void process.send?.(message, undefined, undefined, () => undefined);

/** Points that wait for the parent, in their order. */
const waiting: (() => void)[] = [];
const armed = new Armed(() => new Promise((resolve) => waiting.push(resolve)));

/** Messages that are submitted once more as a question, by their keys. */
const replays = new Set<string>();

/** A sender whose every message passes the points around it. */
function armedSender(provider: Provider, sender: Sender): Sender {
  const { lookUp, replay } = sender;
  const shown: Sender = {
    send: async (message, signal, mayBegin) => {
      await armed.pass('before_first_byte', provider);
      const outcome = await sender.send(message, signal, mayBegin);
      const isReplay = replays.delete(message.idempotencyKey);
      await armed.pass(isReplay ? 'before_evidence_written' : 'before_settle', provider);
      return outcome;
    },
  };
  if (replay !== undefined) shown.replay = replay;
  if (lookUp !== undefined) {
    shown.lookUp = async (...asked) => {
      const found = await lookUp.apply(sender, asked);
      await armed.pass('before_evidence_written', provider);
      return found;
    };
  }
  return shown;
}

let isDraining = false;

/** A store whose claims and settles pass the points after them. */
function armedStore(store: EngineStore): EngineStore {
  return {
    ...store,
    claim: async (request) => {
      if (isDraining) return [];
      const intents = await store.claim(request);
      if (intents.length > 0) await armed.pass('before_fence');
      return intents;
    },
    beginReplays: async (request) => {
      const begun = await store.beginReplays(request);
      for (const { sendLogId } of begun) replays.add(sendLogId);
      return begun;
    },
    settle: async (...args) => {
      const settled = await store.settle(...args);
      await armed.pass('after_settle');
      return settled;
    },
    settleAndClaim: async (claimId, outcomes, next) => {
      if (isDraining) return { settled: await store.settle(claimId, outcomes, next.now), intents: [] };
      const both = await store.settleAndClaim(claimId, outcomes, next);
      await armed.pass('after_settle');
      if (both.intents.length > 0) await armed.pass('before_fence');
      return both;
    },
  };
}

const { smtpPort, resendUrl, twilioUrl } = orders.providers;
const portOf = (url: string): number => Number(new URL(url).port);
armSockets(
  new Map<number, Provider>([
    [smtpPort, 'smtp'],
    [portOf(resendUrl), 'resend'],
    [portOf(twilioUrl), 'twilio'],
  ]),
  armed,
);

const marks = callbackMarks(accounts.callbackSecret);
const plain: Record<Provider, Sender> = {
  smtp: smtpSender({ server: { host: '127.0.0.1', port: smtpPort, secure: false, plain: true }, from: null }),
  resend: resendSender({ apiKey: accounts.resendKey, from: null, url: resendUrl, connections: 10 }),
  twilio: twilioSender({
    sid: accounts.twilioSid,
    authToken: accounts.twilioToken,
    from: null,
    url: twilioUrl,
    callbackUrl: ({ businessId, idempotencyKey, sender }) =>
      callbackUrl(
        orders.callbackBase,
        'twilio',
        { businessId, senderAccountId: sender.senderAccountId, sendLogId: idempotencyKey },
        marks,
      ),
  }),
};
const senders = new Map(providers.map((provider) => [provider as string, armedSender(provider, plain[provider])]));

const shorter = (ms: number): number => ms / orders.time.speed;
const limits = {
  statementTimeoutMs: shorter(workerLimits.statementTimeoutMs),
  idleTimeoutMs: shorter(workerLimits.idleTimeoutMs),
};
const pool = armedPool(
  createPool(orders.databaseUrl, {
    max: 2,
    applicationName: 'crash-worker',
    connectTimeoutMs: shorter(workerLimits.connectTimeoutMs),
    answerTimeoutMs: shorter(workerLimits.answerTimeoutMs),
  }),
  armed,
);
const engine: Engine = {
  store: armedStore(engineStore(pool, limits)),
  clock: virtualClock(orders.time, orders.offsetFile, jumps),
  senders: ({ kind }) => senders.get(kind),
  links: { unsubscribe: ({ sendLogId }) => `https://touchline.test/u/${sendLogId}` },
  worker: orders.name,
};

// Ctrl-C reaches every process of the terminal; the campaign tells its own when to end, and none outlives it.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.exit(1));

const ending = new AbortController();
process.on('message', (message: ToWorker) => {
  if (message.kind === 'end') ending.abort();
  else if (message.kind === 'drain') isDraining = true;
  else if (message.kind === 'go_on') waiting.shift()?.();
  else if (message.kind === 'arm') armed.arm(message.armings);
  else {
    skewBy(message.kind === 'skew' ? message.byMs : 0);
    jumps.happen();
  }
});

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

tell({ kind: 'ready' });
await work(engine, {
  signal: ending.signal,
  slots,
  hints: { listen: (onHint, signal) => jumps.each(onHint, signal) },
  onError: (error) => tell({ kind: 'error', words: wordsOf(error) }),
});
await pool.end().catch(() => undefined);
process.exit(0);
