// The provider processes.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { FromProvider, ProviderOrders, ToProvider, WorkerOrders } from './messages.ts';
import { type Provider, providers } from './points.ts';
import { asCompiled } from './programs.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface ProviderProcesses {
  addresses: WorkerOrders['providers'];
  /** Their files of acceptances. */
  logs: string[];
  jumpTo(offsetMs: number): void;
  end(): void;
}

function startOne(program: string, orders: ProviderOrders): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(program, [JSON.stringify(orders)], asCompiled);
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve({ child, url: (message as FromProvider).url }));
    child.once('exit', (code) => reject(new Error(`The provider ${orders.provider} ended with ${code}.`)));
  });
}

/** A request that is not whole by then is none, in virtual milliseconds: within the grace that every horizon leaves a provider. */
const requestTimeoutMs = 60_000;

/** @param slowMs what a slow answer takes */
export async function startProviders(
  folder: string,
  { program, seed, time, slowMs }: { program: string; seed: number; time: VirtualTime; slowMs: number },
): Promise<ProviderProcesses> {
  const logOf = (provider: Provider): string => join(folder, `${provider}.jsonl`);
  const started = await Promise.all(
    providers.map((provider, place) =>
      startOne(program, {
        ...{ provider, log: logOf(provider), seed: seed * 31 + place, time, slowMs },
        requestTimeoutMs: requestTimeoutMs / time.speed,
      }),
    ),
  );
  const [smtp, resend, twilio] = started.map(({ url }) => url);
  return {
    addresses: { smtpPort: Number(new URL(smtp ?? '').port), resendUrl: resend ?? '', twilioUrl: twilio ?? '' },
    logs: providers.map(logOf),
    jumpTo: (offsetMs) => {
      const message: ToProvider = { offsetMs };
      for (const { child } of started) child.send(message);
    },
    end: () => {
      for (const { child } of started) if (child.connected) child.disconnect();
    },
  };
}
