// Many processes, one server: whoever comes first starts it, all others use it, the last one out stops it.
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clusterIn } from '../../src/embedded/cluster.ts';
import { postmasterFile } from '../../src/embedded/postmaster.ts';
import { processIdentity } from '../../src/embedded/process-identity.ts';
import { killHard, type Program, runStarter, scratchFolder, serverPid } from './program.ts';

let scratch: ReturnType<typeof scratchFolder>;
let dataDir: string;
let programs: Program[];

beforeAll(() => {
  scratch = scratchFolder();
});
afterAll(() => scratch.remove());

beforeEach(() => {
  programs = [];
  // Shared by the stories that do not care how the cluster came about: making one takes most of a second.
  dataDir = join(scratch.folder, 'shared');
});
afterEach(() => {
  for (const program of programs) program.process.kill('SIGKILL');
});

function run(options: { durable?: boolean } = {}): Program {
  const program = runStarter({ dataDir, ...options });
  programs.push(program);
  return program;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

async function gone(pid: number): Promise<void> {
  while (processIdentity(pid) !== null) await sleep(10);
}

describe('ten processes that start at once on an empty folder', () => {
  it('get ten answers from one server, and leave none behind', { timeout: 90_000 }, async () => {
    dataDir = join(scratch.folder, 'empty-for-ten');
    const answers = await Promise.all(Array.from({ length: 10 }, () => run().answer()));
    expect(new Set(answers.map((answer) => `${answer.pid} ${answer.url} ${answer.since}`)).size).toBe(1);
    expect(answers.filter((answer) => answer.started)).toHaveLength(1);

    await Promise.all(programs.map((program) => program.leave()));
    expect(processIdentity(answers[0]?.pid ?? 0)).toBeNull();
    expect(readdirSync(dataDir).sort()).toEqual(['.gitignore', 'cluster', 'server.log', 'users']);
    expect(readdirSync(join(dataDir, 'users'))).toEqual([]);
    expect(readFileSync(join(dataDir, 'server.log'), 'utf8').match(/ready to accept connections/g)).toHaveLength(1);
  });
});

describe('the one who started the server', () => {
  it('may leave before the others: they keep it, and the last of them stops it', async () => {
    const starter = run();
    const { pid } = await starter.answer();
    const other = run();
    expect(await other.answer()).toMatchObject({ pid, started: false });
    await starter.leave();
    expect(serverPid(dataDir)).toBe(pid);
    await other.leave();
    expect(processIdentity(pid)).toBeNull();
  });

  it('may be killed: the server lives on, the next start attaches to it, and stops it when done', async () => {
    const starter = run();
    const first = await starter.answer();
    await killHard(starter);
    expect(serverPid(dataDir)).toBe(first.pid);
    const next = run();
    expect(await next.answer()).toEqual({ ...first, started: false });
    await next.leave();
    expect(processIdentity(first.pid)).toBeNull();
  });

  it('may be killed half-way, at any moment: the next start ends well', { timeout: 90_000 }, async () => {
    dataDir = join(scratch.folder, 'empty-for-victims');
    for (const afterMs of [350, 500, 650, 800, 950, 1100]) {
      const starter = run();
      await sleep(afterMs);
      await killHard(starter);
    }
    const next = run();
    const { pid, url } = await next.answer();
    expect(await query(url, 'select 1')).toEqual([1]);
    await next.leave();
    expect(processIdentity(pid)).toBeNull();
    // An initdb that outlived its starter wrote on while this one started: a start after its end removes what it made.
    const tidied = async (): Promise<string[]> => {
      const later = run();
      await later.answer();
      await later.leave();
      return readdirSync(dataDir).sort();
    };
    await expect.poll(tidied, { timeout: 20_000 }).toEqual(['.gitignore', 'cluster', 'server.log', 'users']);
  });
});

describe('a postmaster.pid that misleads', () => {
  it('after the server was killed: a new one starts with the data', async () => {
    const first = run({ durable: true });
    const { url, pid } = await first.answer();
    await query(url, 'create table kept as select 42 as answer');
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    const second = run({ durable: true });
    const answer = await second.answer();
    expect(answer).toMatchObject({ started: true, url });
    expect(answer.pid).not.toBe(pid);
    expect(await query(answer.url, 'select answer from kept')).toEqual([42]);
    await second.leave();
    // The one whose server died still counts as a user until it ends; then the last one out stops the server.
    await first.leave();
    expect(serverPid(dataDir)).toBeNull();
  });

  it('naming a process that has nothing to do with it: a new one starts', async () => {
    const first = run();
    const { port } = await first.answer();
    await first.leave();
    const { pgData } = clusterIn(dataDir);
    writeFileSync(postmasterFile(pgData), `${process.pid}\n${pgData}\n1\n${port}\n\n127.0.0.1\n1 1\nready   \n`);
    const second = run();
    expect(await second.answer()).toMatchObject({ started: true });
    await second.leave();
  });

  it('left empty by a crash: a new one starts', async () => {
    const first = run();
    await first.answer();
    await first.leave();
    writeFileSync(postmasterFile(clusterIn(dataDir).pgData), '');
    const second = run();
    expect(await second.answer()).toMatchObject({ started: true });
    await second.leave();
  });
});

describe('a server that does not answer yet', () => {
  it('is waited for, not replaced', async () => {
    const first = run();
    const { pid } = await first.answer();
    process.kill(pid, 'SIGSTOP');
    const second = run();
    const answer = second.answer();
    const early = await Promise.race([answer, sleep(1_500).then(() => null)]);
    process.kill(pid, 'SIGCONT');
    expect(early).toBeNull();
    // On a busy machine the second may not have come so far before: the server must not stop between the two.
    expect(await answer).toMatchObject({ pid, started: false });
    await first.leave();
    await killHard(second);
    const third = run();
    expect(await third.answer()).toMatchObject({ pid, started: false });
    await third.leave();
  });
});

describe('a lock whose holder is dead', () => {
  it('is taken over, even when the one who took it over died too', async () => {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    symlinkSync('999999999 dead~aaaa', join(dataDir, 'lock'));
    symlinkSync('999999998 dead~bbbb', join(dataDir, 'lock.aaaa'));
    const program = run();
    expect(await program.answer()).toMatchObject({ started: true });
    await program.leave();
    expect(readdirSync(dataDir).filter((name) => name.startsWith('lock'))).toEqual([]);
  });
});
