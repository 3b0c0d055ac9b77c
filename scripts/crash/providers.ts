// The provider processes.
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { FromProvider, ProviderOrders, ToProvider, WorkerOrders } from './messages.ts';
import { type Provider, providers } from './points.ts';
import { asCompiled } from './programs.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface ProviderProcesses {
  addresses: WorkerOrders['providers'];
  /** Their files of acceptances. */
  logs: string[];
  /** How many messages they accepted, in all parts of the campaign. */
  accepted(): number;
  /** Whether none of them has a message in hand, nor a part of one. */
  areIdle(): Promise<boolean>;
  end(): void;
}

function startOne(program: string, orders: ProviderOrders): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(program, [JSON.stringify(orders)], asCompiled);
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromProvider) => {
      if (message.kind === 'ready') resolve({ child, url: message.url });
    });
    child.once('exit', (code) => reject(new Error(`The provider ${orders.provider} ended with ${code}.`)));
  });
}

/** How many requests it has in hand. */
function inHand(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    const hear = (message: FromProvider): void => {
      if (message.kind !== 'in_hand') return;
      child.off('message', hear);
      resolve(message.requests);
    };
    child.on('message', hear);
    const question: ToProvider = { kind: 'in_hand' };
    child.send(question, () => undefined);
  });
}

/** Counts the lines of files that grow; each call reads on from where the last one ended. */
function lineCounter(paths: readonly string[]): () => number {
  const read = new Map<string, number>();
  const buffer = Buffer.alloc(65_536);
  let lines = 0;
  return () => {
    for (const path of paths.filter((each) => existsSync(each))) {
      const file = openSync(path, 'r');
      for (let size = -1; size !== 0; ) {
        const from = read.get(path) ?? 0;
        size = readSync(file, buffer, 0, buffer.length, from);
        for (let at = 0; at < size; at += 1) if (buffer[at] === 10) lines += 1;
        read.set(path, from + size);
      }
      closeSync(file);
    }
    return lines;
  };
}

/**
 * A request that is not whole by then is none, in virtual milliseconds: within the grace that every horizon leaves a provider. It is
 * this machine's time that tells, which no jump moves: until then a part of one is in its hands.
 */
const requestTimeoutMs = 60_000;

export interface ProvidersOptions {
  program: string;
  seed: number;
  time: VirtualTime;
  offsetFile: string;
  /** What a slow answer takes, in milliseconds. */
  slowMs: number;
}

export async function startProviders(
  folder: string,
  { program, seed, time, offsetFile, slowMs }: ProvidersOptions,
): Promise<ProviderProcesses> {
  const logOf = (provider: Provider): string => join(folder, `${provider}.jsonl`);
  const started = await Promise.all(
    providers.map((provider, place) =>
      startOne(program, {
        ...{ provider, log: logOf(provider), seed: seed * 31 + place, time, offsetFile, slowMs },
        requestTimeoutMs: requestTimeoutMs / time.speed,
      }),
    ),
  );
  const [smtp, resend, twilio] = started.map(({ url }) => url);
  return {
    addresses: { smtpPort: Number(new URL(smtp ?? '').port), resendUrl: resend ?? '', twilioUrl: twilio ?? '' },
    logs: providers.map(logOf),
    accepted: lineCounter(providers.map(logOf)),
    areIdle: async () => {
      const requests = await Promise.all(started.map(({ child }) => inHand(child)));
      return requests.every((count) => count === 0);
    },
    end: () => {
      for (const { child } of started) if (child.connected) child.disconnect();
    },
  };
}
