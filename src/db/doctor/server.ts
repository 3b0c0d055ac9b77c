// The Postgres server itself: new enough, and with the known holes closed.

import type { Pool } from 'pg';
import { readServer, type Server } from '../read/server.ts';
import type { Finding } from './finding.ts';

const oldestMajor = 15;

// The newest minor release per major version that was known when this was written. Later ones are fine.
const knownMinors = new Map([
  [15, 19],
  [16, 15],
  [17, 11],
  [18, 6],
]);

/** @param embedded the bundled server answers this machine only, and its version is not the user's to choose */
export function judgeServer({ version, major, minor }: Server, embedded: boolean): Finding {
  const check = 'postgres';
  if (major < oldestMajor) {
    const detail = `PostgreSQL ${version} is too old.`;
    return { check, state: 'problem', detail, fix: `Use PostgreSQL ${oldestMajor} or newer.` };
  }
  if (embedded)
    return { check, state: 'ok', detail: `PostgreSQL ${version}, embedded: for trying and small installs.`, fix: '' };
  const known = knownMinors.get(major);
  if (known !== undefined && minor < known) {
    const detail = `PostgreSQL ${version} lacks the security fixes of ${major}.${known}.`;
    return {
      check,
      state: 'warning',
      detail,
      fix: `Update the server to ${major}.${known} or newer; no dump is needed.`,
    };
  }
  return { check, state: 'ok', detail: `PostgreSQL ${version}.`, fix: '' };
}

export async function checkServer(pool: Pool, embedded: boolean): Promise<Finding> {
  return judgeServer(await readServer(pool), embedded);
}
