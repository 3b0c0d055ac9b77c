// The engine of a command: who sends, and what time it is.
import { hostname } from 'node:os';
import { engineStore } from '../db/engine/store.ts';
import { clockAt, systemClock } from '../engine/clock.ts';
import type { Engine } from '../engine/process-batch.ts';
import { type MemorySender, memorySender } from '../senders/memory.ts';
import type { Database } from './database.ts';
import { CommandProblem, exit, usage } from './problem.ts';

export interface EngineOptions {
  /** A moment in RFC 3339, for databases with a virtual clock. */
  now?: string;
  /** `memory`: messages are accepted and go nowhere. */
  sender?: string;
}

/** @throws CommandProblem `usage` */
export function momentOf(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime()) || !/T.*(?:Z|[+-]\d\d:?\d\d)$/.test(text)) {
    throw usage(`"${text}" is not a moment.`, 'Write it like 2026-03-02T15:00:00Z.');
  }
  return moment;
}

async function isVirtual({ run }: Database): Promise<boolean> {
  return run(async (client) => {
    const { rows } = await client.query<{ virtual: boolean }>('select touchline.has_virtual_clock() as virtual');
    return rows[0]?.virtual === true;
  });
}

async function memoryOf(database: Database, name: string | undefined): Promise<MemorySender | undefined> {
  if (name === undefined) return undefined;
  if (name !== 'memory') throw usage(`There is no sender "${name}".`, 'The only one to choose here is memory.');
  if (await isVirtual(database)) return memorySender();
  throw new CommandProblem({
    code: 'sender_refused',
    what: 'The memory sender accepts messages that go nowhere.',
    why: 'On a database that keeps its own time they would be marked as sent to real people. Nothing was sent.',
    fix: 'Leave --sender out; or use a database made with touchline migrate --virtual-clock.',
    exitCode: exit.refused,
  });
}

/**
 * The engine on a command's database. Without a sender nothing leaves: accounts pause and say that nobody here can send.
 * @throws CommandProblem `usage`, `sender_refused`
 */
export async function openEngine(database: Database, options: EngineOptions): Promise<Engine> {
  const now = momentOf(options.now);
  const memory = await memoryOf(database, options.sender);
  return {
    store: engineStore(database.pool),
    clock: now === null ? systemClock : clockAt(() => now),
    senders: () => memory,
    links: { unsubscribe: ({ sendLogId }) => `urn:uuid:${sendLogId}` },
    worker: `${hostname()}:${process.pid}`,
  };
}
