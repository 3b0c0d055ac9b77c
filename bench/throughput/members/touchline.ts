// A worker of ours in a process, as `touchline work` runs it, with a sender that accepts everything at once.
import { createPool } from '../../../src/db/client.ts';
import { dueHints } from '../../../src/db/engine/due-hints.ts';
import { engineStore } from '../../../src/db/engine/store.ts';
import { clockAt } from '../../../src/engine/clock.ts';
import type { Outcome } from '../../../src/engine/ports.ts';
import { work } from '../../../src/worker/loop.ts';
import { count, fail, serve, setting } from './member.ts';

const { url, slots, name } = setting<{ url: string; slots: number; name: string }>();
const pool = createPool(url, { applicationName: name, max: 4, idleTimeoutMs: 0 });
const accepted: Outcome = { kind: 'accepted', provider: 'null', providerId: 'null' };
const sender = {
  send: async (): Promise<Outcome> => {
    count(1);
    return accepted;
  },
};

let stop = new AbortController();
let working: Promise<void> | undefined;

serve({
  begin: async (moment) => {
    stop = new AbortController();
    const engine = {
      store: engineStore(pool),
      worker: name,
      senders: () => sender,
      links: { unsubscribe: ({ sendLogId }: { sendLogId: string }) => `https://example.com/u/${sendLogId}` },
      clock: clockAt(() => new Date(moment)),
    };
    working = work(engine, { signal: stop.signal, slots, hints: dueHints(pool), onError: fail });
    await working;
  },
  pause: async () => {
    stop.abort();
    await working;
  },
});
