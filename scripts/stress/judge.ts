// What the acceptance logs of all workers say, and what the invariants say of the database.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { logAcceptances } from '../../test/support/acceptance-log.ts';
import { violations } from '../../test/support/violations.ts';

interface Accepted {
  businessId: string;
  sendLogId: string;
  enrollmentId: string;
  touchNumber: number;
  attempt: number;
  recipient: string;
  text: string;
  senderAccountId: string;
  /** The moment whose touches were due. */
  moment: string;
  at: string;
  wall: number;
}

export interface Verdict {
  /** Attempts that two workers were given. */
  claimed_twice: number;
  accepted: number;
  /** Acceptances of a touch beyond the first. */
  duplicates: number;
  /** Touches that were due and never accepted. */
  lost: number;
  invariant_violations: number;
  /** When half of everything was accepted: the most served business minus the least, over the mean. Equal businesses. */
  per_business_spread: number;
}

function readLogs(files: readonly string[]): Accepted[] {
  return files
    .flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line) as Accepted)
    .toSorted((a, b) => a.wall - b.wall);
}

function surplus(keys: readonly string[]): number {
  return keys.length - new Set(keys).size;
}

// Over the first quarter of the log of each moment: later everybody is done.
function spread(accepted: readonly Accepted[], businesses: number): number {
  const first = accepted.filter(({ moment }) => moment === accepted[0]?.moment);
  const counts = new Map<string, number>();
  for (const { businessId } of first.slice(0, first.length / 2))
    counts.set(businessId, (counts.get(businessId) ?? 0) + 1);
  const served = [...counts.values(), ...Array.from({ length: businesses - counts.size }, () => 0)];
  const mean = served.reduce((sum, count) => sum + count, 0) / businesses;
  return mean === 0 ? 0 : Number(((Math.max(...served) - Math.min(...served)) / mean).toFixed(3));
}

async function writeLog(client: pg.ClientBase, accepted: readonly Accepted[]): Promise<void> {
  for (let from = 0; from < accepted.length; from += 2_000) {
    await logAcceptances(
      client,
      accepted.slice(from, from + 2_000).map(({ text, moment: _, at, ...rest }) => ({
        ...rest,
        channel: 'email' as const,
        idempotencyKey: rest.sendLogId,
        bodyHash: createHash('sha256').update(text).digest('hex'),
        acceptedAt: new Date(at),
      })),
    );
  }
}

/** @param expected touches that were due in all */
export async function judge(
  client: pg.ClientBase,
  files: readonly string[],
  expected: number,
  businesses: number,
  now: Date,
): Promise<Verdict & { broken: string[] }> {
  const accepted = readLogs(files);
  await writeLog(client, accepted);
  await client.query('analyze; begin');
  const broken = await violations(client, { now });
  await client.query('rollback');
  const touches = accepted.map(({ enrollmentId, touchNumber }) => `${enrollmentId} ${touchNumber}`);
  return {
    claimed_twice: surplus(accepted.map(({ sendLogId, attempt }) => `${sendLogId} ${attempt}`)),
    accepted: accepted.length,
    duplicates: surplus(touches),
    lost: expected - new Set(touches).size,
    invariant_violations: broken.length,
    per_business_spread: spread(accepted, businesses),
    broken: broken.slice(0, 20).map(({ invariant, detail }) => `${invariant} ${JSON.stringify(detail)}`),
  };
}
