// What workers of this machine remember of an installation, in a file beside its database and not in it.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { homeStore } from '../db/engine/home-store.ts';
import type { Memory } from '../engine/at-home.ts';
import type { Database } from './database.ts';

async function read(path: string): Promise<number | null> {
  try {
    const generation = Number(await readFile(path, 'utf8'));
    return Number.isSafeInteger(generation) ? generation : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** @param folder made when it is not there */
function fileMemory(folder: string): Memory {
  const pathOf = (installationId: string): string => join(folder, `generation-${installationId}`);
  return {
    recall: (installationId) => read(pathOf(installationId)),
    async remember(installationId, generation) {
      const path = pathOf(installationId);
      // Another worker of this machine may have seen more.
      if (((await read(path)) ?? -1) >= generation) return;
      await mkdir(folder, { recursive: true });
      const draft = `${path}.${process.pid}`;
      await writeFile(draft, String(generation));
      await rename(draft, path);
    },
  };
}

/** What this machine remembers of the installations it works for; undefined: it has no folder for that. */
export function memoryOf({ stateDir }: Config, { dataDir }: Database): Memory | undefined {
  const folder = stateDir ?? dataDir;
  return folder === undefined ? undefined : fileMemory(folder);
}

/** The highest generation that this machine has seen of the database's installation. */
export async function generationSeen(config: Config, database: Database): Promise<number | null> {
  const memory = memoryOf(config, database);
  if (memory === undefined) return null;
  return memory.recall(await homeStore(database.pool).installationId());
}
