// The database of the campaign: a cluster of its own that can be stopped in immediate mode, which is how a crash looks.
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbedded } from '../../src/embedded/index.ts';
import { processIdentity } from '../../src/embedded/process-identity.ts';
import { giveWay } from './give-way.ts';

export interface CrashCluster {
  /** The same after every restart: the server takes its last port. */
  url: string;
  /** `pg_ctl stop -m immediate`, and a start that recovers from the log; resolves when it answers again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

async function gone(pid: number, identity: string | null): Promise<void> {
  while (identity !== null && processIdentity(pid) === identity) await sleep(5);
}

/** Starts it in `folder`, or what an earlier part of the campaign left there. */
export async function startCluster(folder: string): Promise<CrashCluster> {
  const dataDir = join(folder, 'database');
  if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true });
  // The server's own account must pass through a folder that was made for its owner alone.
  chmodSync(folder, 0o711);
  // Without fsync, commits survive the death of every process of the server, which is what is tried here, but not of the machine.
  const start = async (): Promise<EmbeddedPostgres> => {
    const started = await startEmbedded({ dataDir, durable: false });
    giveWay(started.pid);
    return started;
  };
  let server = await start();
  const { url } = server;
  return {
    url,
    crash: async () => {
      const identity = processIdentity(server.pid);
      process.kill(server.pid, 'SIGQUIT');
      await gone(server.pid, identity);
      const before = server;
      server = await start();
      await before.stop();
      if (server.url !== url) throw new Error('The database came back at another address.');
    },
    stop: () => server.stop(),
  };
}
