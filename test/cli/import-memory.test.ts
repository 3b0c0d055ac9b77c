// A long file needs no more memory than a short one: measured in processes of their own, as the difference between the two.
// IMPORT_ROWS=100000 npx vitest run test/cli/import-memory.test.ts takes a really long one.
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { programOn } from './run.ts';

const program = join(import.meta.dirname, '../../bin/touchline.js');
const few = 1000;
const many = Number(process.env.IMPORT_ROWS ?? 20_000);
const mostGrowthKiB = 96 * 1024;

const tellPeak = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS} KiB\\n`));",
)}`;

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-memory-'));
  database = await testDatabase('import_memory');
  await programOn(database.url).json(['business', 'add', '--name', 'Long Co', '--time-zone', 'America/New_York']);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

function* rowsOf(name: string, count: number): Generator<string> {
  yield 'job_id,customer_id,first_name,last_name,email,phone,service_type,title,completed_at,sms_consent\n';
  for (let n = 0; n < count; n += 1) {
    const phone = `(212) 555-${String(n % 10_000).padStart(4, '0')}`;
    yield `${name}-${n},c-${n % 5000},Zoe,Row${n},zoe${n}@example.test,${n % 2 === 0 ? '' : phone},plumbing,"A job, ${n}",2026-01-15 10:00,\n`;
  }
}

/** Imports so many rows in a process of its own; its highest memory in KiB, and what it counted. */
async function peak(name: string, count: number): Promise<{ kib: number; imported: number }> {
  const path = join(folder, `${name}.csv`);
  await pipeline(Readable.from(rowsOf(name, count)), createWriteStream(path));
  const args = ['--import', tellPeak, program, 'import', 'jobs', path, '--json', '--database-url', database.url];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  const { rows } = JSON.parse(stdout) as { rows: { imported: number } };
  return { kib: Number(/peak (\d+) KiB/.exec(stderr)?.[1]), imported: rows.imported };
}

test(`${many} rows need little more memory than ${few}`, { timeout: 600_000 }, async () => {
  const short = await peak('short', few);
  const long = await peak('long', many);
  expect([short.imported, long.imported]).toEqual([few, many]);
  expect(short.kib).toBeGreaterThan(0);
  expect(long.kib - short.kib).toBeLessThan(mostGrowthKiB);
});
