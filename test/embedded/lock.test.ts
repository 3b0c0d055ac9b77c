// The lock itself, under fire: processes that count in a file, some of them killed in the middle.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from '../../src/embedded/lock.ts';
import { EmbeddedPostgresError } from '../../src/embedded/problem.ts';
import { processIdentity } from '../../src/embedded/process-identity.ts';

const counter = fileURLToPath(new URL('lock-counter.ts', import.meta.url));
let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'touchline-lock-'));
  children = [];
  writeFileSync(join(folder, 'journal'), '');
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function count(times: number): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', counter, folder, String(times)], { stdio: 'inherit' });
  children.push(child);
  return child;
}

it('is held by one process at a time, also while holders are being killed', { timeout: 90_000 }, async () => {
  const steady = [count(150), count(150), count(150)];
  const ended = steady.map((child) => once(child, 'exit'));
  for (let round = 0; round < 8; round += 1) {
    const victim = count(1_000_000);
    const dead = once(victim, 'exit');
    await sleep(450 + 37 * round);
    victim.kill('SIGKILL');
    await dead;
  }
  expect((await Promise.all(ended)).map(([code]) => code)).toEqual([0, 0, 0]);
  const journal = readFileSync(join(folder, 'journal'), 'utf8').trim().split('\n').map(Number);
  // Had two held the lock at once, both would have read the same last number.
  const outOfOrder = journal.filter((number, index) => number !== index + 1);
  expect(outOfOrder.slice(0, 5)).toEqual([]);
  expect(journal.length).toBeGreaterThanOrEqual(450);
  await withLock(join(folder, 'lock'), 1_000, async () => undefined);
  expect(readdirSync(folder).sort()).toEqual(['journal']);
});

it('names a living holder when the wait is over', async () => {
  const path = join(folder, 'lock');
  const failure = withLock(path, 1_000, () => withLock(path, 60, async () => undefined));
  await expect(failure).rejects.toThrow(EmbeddedPostgresError);
  await expect(failure).rejects.toThrow(`Another process (${process.pid})`);
});

it('leaves a dead holder to the one who is taking over from it', async () => {
  const path = join(folder, 'lock');
  symlinkSync('999999999 dead~aaaa', path);
  symlinkSync(`${processIdentity(process.pid)}~bbbb`, `${path}.aaaa`);
  await expect(withLock(path, 150, async () => undefined)).rejects.toThrow('Another process');
  expect(readlinkSync(path)).toBe('999999999 dead~aaaa');
});

it('looks again before it takes over: the slower of two must not remove what the faster has made', async () => {
  const path = join(folder, 'lock');
  const living = `${processIdentity(process.pid)}~cccc`;
  symlinkSync('999999999 dead~aaaa', path);
  symlinkSync(`${processIdentity(process.pid)}~bbbb`, `${path}.aaaa`);
  const slower = withLock(path, 600, async () => 'entered').catch(() => 'waited');
  await sleep(100);
  unlinkSync(path);
  symlinkSync(living, path);
  unlinkSync(`${path}.aaaa`);
  expect(await slower).toBe('waited');
  expect(readlinkSync(path)).toBe(living);
});
