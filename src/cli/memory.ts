// What workers of this machine remember of an installation, in a file beside its database and not in it.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Memory } from '../engine/at-home.ts';

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
export function fileMemory(folder: string): Memory {
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
