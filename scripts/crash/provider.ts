// A provider of the campaign as a process of its own, in the campaign's virtual time. It outlives every worker and the database.
import { FakeResend } from '../../test/support/fakes/resend.ts';
import { FakeTwilio } from '../../test/support/fakes/twilio.ts';
import { accounts } from './accounts.ts';
import type { FromProvider, ProviderOrders } from './messages.ts';
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

async function start(): Promise<string> {
  const log = orders.log;
  const options = {
    log,
    slowMs: orders.slowMs,
    requestTimeoutMs: orders.requestTimeoutMs,
    chooseFault: () => chooseFault(httpFaults),
  };
  switch (orders.provider) {
    case 'resend':
      return (await FakeResend.start({ ...options, apiKey: accounts.resendKey })).url;
    case 'twilio':
      return (
        await FakeTwilio.start({
          ...options,
          sid: accounts.twilioSid,
          authToken: accounts.twilioToken,
          callbacks: () =>
            random() < strangeReports ? { statuses, times: 2, reversed: true } : { statuses: ['delivered'] },
        })
      ).url;
    case 'smtp': {
      const smtp = { chooseFault: () => chooseFault(smtpFaults), patienceMs: orders.requestTimeoutMs };
      return `smtp://127.0.0.1:${await startSmtp(log, smtp)}`;
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
const answer: FromProvider = { url: await start() };
process.send?.(answer);
