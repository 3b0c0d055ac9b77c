// Many worker processes on one database, and nobody gets anything twice.
//
//   npm run stress -- --workers 8 --touches 20000 --json
//
// Real processes, the embedded Postgres (or TEST_DATABASE_URL: a superuser's, for a scratch database), a memory sender that
// writes its acceptances to a file per worker. Exit 1 when something was claimed twice, doubled, lost or broke an invariant.
import { type ChildProcess, fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { migrate } from '../src/db/migrate/index.ts';
import { startEmbedded } from '../src/embedded/index.ts';
import { createAcceptanceLog } from '../test/support/acceptance-log.ts';
import { temporaryFolder } from '../test/support/test-server.ts';
import { judge } from './stress/judge.ts';
import { fill, moments, touchesPerPerson } from './stress/world.ts';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '8' },
    touches: { type: 'string', default: '20000' },
    json: { type: 'boolean', default: false },
  },
});
const workers = Number(values.workers);
const businesses = 20;
const peopleEach = Math.ceil(Number(values.touches) / touchesPerPerson / businesses);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

function hear(child: ChildProcess): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`A worker ended with ${code}.`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as Record<string, unknown>);
    });
  });
}

async function workUntilDone(children: readonly ChildProcess[], moment: Date): Promise<void> {
  // A worker is done when it finds nothing; another may then still return something. Twice nothing from all is the end.
  for (let quiet = 0; quiet < 2; ) {
    const answers = children.map(hear);
    for (const child of children) child.send({ moment: moment.toISOString() });
    const reports = await Promise.all(answers);
    const failed = reports.find(({ error }) => error !== undefined);
    if (failed !== undefined) throw new Error(String(failed.error));
    quiet = reports.every(({ claimed }) => claimed === 0) ? quiet + 1 : 0;
  }
}

async function run(folder: string, url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(client, { virtualClock: true });
  const people = await fill(client, businesses, peopleEach);
  await createAcceptanceLog(client);
  say(`${people} people in ${businesses} businesses, ${people * touchesPerPerson} touches, ${workers} workers`);
  const logs = Array.from({ length: workers }, (_, index) => join(folder, `worker-${index}.jsonl`));
  const children = logs.map((log, index) =>
    fork(fileURLToPath(new URL('stress/worker.ts', import.meta.url)), [url, log, `worker-${index}`]),
  );
  try {
    await Promise.all(children.map(hear));
    for (const moment of moments) {
      await workUntilDone(children, moment);
      say(`done at ${moment.toISOString()}`);
    }
  } finally {
    for (const child of children) child.send({ end: true });
  }
  // Time went on while they worked.
  const last = new Date((moments.at(-1) ?? new Date()).getTime() + 3_600_000);
  const { broken, ...verdict } = await judge(client, logs, people * touchesPerPerson, businesses, last);
  await client.end();
  for (const line of broken) say(line);
  const { claimed_twice: twice, duplicates, lost, invariant_violations: violated } = verdict;
  console.log(values.json ? JSON.stringify(verdict) : verdict);
  return twice + duplicates + lost + violated === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const folder = mkdtempSync(join(temporaryFolder(), 'touchline-stress-'));
  // mkdtemp makes a folder for its owner alone; the server's account must pass through it.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, 'data'), durable: false });
  try {
    return await run(folder, server.url);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
