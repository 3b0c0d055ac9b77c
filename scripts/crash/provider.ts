// A provider of the campaign as a process of its own, in the campaign's virtual time. It outlives every worker and the database.
import { FakeResend } from '../../test/support/fakes/resend.ts';
import { FakeTwilio } from '../../test/support/fakes/twilio.ts';
import { accounts } from './accounts.ts';
import type { FromProvider, ProviderOrders, ToProvider } from './messages.ts';
import { randomFrom } from './random.ts';
import { startSmtp } from './smtp-provider.ts';
import { enterVirtualTime } from './virtual-time.ts';

const orders = JSON.parse(process.argv[2] ?? '{}') as ProviderOrders;
enterVirtualTime(orders.time, orders.offsetFile);
const random = randomFrom(orders.seed);

/** A fault for some of the submissions, so that every kind of answer is met. */
function chooseFault<T>(rates: readonly (readonly [T, number])[]): T | undefined {
  let rest = random();
  for (const [fault, rate] of rates) {
    rest -= rate;
    if (rest < 0) return fault;
  }
  return undefined;
}

const httpFaults = [
  ['drop', 0.01],
  ['error', 0.01],
  ['rate_limited', 0.0002],
  ['accept_then_drop', 0.02],
  ['error_after_accepting', 0.01],
  ['slow', 0.01],
  ['html', 0.003],
  ['truncated', 0.003],
  ['wrong_id', 0.003],
] as const;

const statuses = ['sent', 'delivered'];
/** The share of texts of which every report comes twice, and the last news first. Four for each would be most of the work. */
const strangeReports = 0.2;

interface Started {
  url: string;
  /** Messages that have begun to arrive and have no answer yet. */
  readonly inHand: number;
}

async function start(): Promise<Started> {
  const log = orders.log;
  const options = {
    log,
    slowMs: orders.slowMs,
    requestTimeoutMs: orders.requestTimeoutMs,
    chooseFault: () => chooseFault(httpFaults),
  };
  switch (orders.provider) {
    case 'resend':
      return FakeResend.start({ ...options, apiKey: accounts.resendKey });
    case 'twilio':
      return FakeTwilio.start({
        ...options,
        sid: accounts.twilioSid,
        authToken: accounts.twilioToken,
        callbacks: () =>
          random() < strangeReports ? { statuses, times: 2, reversed: true } : { statuses: ['delivered'] },
      });
    case 'smtp': {
      const smtp = { chooseFault: () => chooseFault(smtpFaults), patienceMs: orders.requestTimeoutMs };
      const started = await startSmtp(log, smtp);
      return Object.assign(started, { url: `smtp://127.0.0.1:${started.port}` });
    }
  }
}

const smtpFaults = [
  ['cut_before_end', 0.01],
  ['cut_after_end', 0.005],
  ['later', 0.01],
  ['refused', 0.002],
] as const;

process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.exit(0));
const tell = (message: FromProvider): void => void process.send?.(message);
const started = await start();

/** What has reached this process: a connection is taken in one turn of the loop, and read in the next. */
async function whatCameIsRead(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

process.on('message', ({ kind }: ToProvider) => {
  if (kind === 'in_hand') void whatCameIsRead().then(() => tell({ kind, requests: started.inHand }));
});
tell({ kind: 'ready', url: started.url });
