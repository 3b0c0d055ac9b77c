// The program as it is installed: built, in a folder of its own, without the sources beside it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const foreign = /^(?:DATABASE_URL|HOST|PORT|PUBLIC_URL|SMTP_URL|TOUCHLINE_.*|RESEND_.*|TWILIO_.*)$/;

/** A server of the program that runs. */
export interface Running {
  url: string;
  /** Asks it to end, and waits for that. */
  stop(): Promise<void>;
}

export interface Installed {
  /** Where its data may be kept. */
  folder: string;
  /** A process of it, with its settings taken from `env` alone. */
  spawn(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
  /** Starts one that serves; answers when it says that it is running. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Running>;
  remove(): void;
}

/** When something in a folder changed last; folders count, because a deleted file shows only there. */
function newestChange(path: string): number {
  const below = readdirSync(path, { withFileTypes: true }).map((entry) =>
    entry.isDirectory() ? newestChange(join(path, entry.name)) : statSync(join(path, entry.name)).mtimeMs,
  );
  return Math.max(statSync(path).mtimeMs, ...below);
}

/** Takes the build of the package where it is current, as bin/launch.js does, and else makes one. */
function build(folder: string): void {
  const built = join(root, 'dist/cli/main.js');
  if (existsSync(built) && statSync(built).mtimeMs >= newestChange(join(root, 'src'))) {
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    return;
  }
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const args = [compiler, '-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist')];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('The program cannot be built.');
}

async function running(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  child.stderr?.on('data', (text: Buffer) => said.push(String(text)));
  let document = '';
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    document += line;
    if (line === '}') return (JSON.parse(document) as { url: string }).url;
  }
  throw new Error(`The program ended before it was running: ${said.join('')}`);
}

/** Asks a process of the program to end, and waits for that. */
export async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  if (child.exitCode === null && child.kill('SIGTERM')) await gone;
}

/** Installs it in a temporary folder. */
export function install(): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'touchline-bench-'));
  // mkdtemp makes a folder for its owner alone; the account of the embedded server must pass through it.
  chmodSync(folder, 0o711);
  for (const part of ['bin', 'sql', 'supabase/migrations', 'package.json']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    build(folder);
  } catch (error) {
    remove();
    throw error;
  }
  const rest = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  const begin: Installed['spawn'] = (args, env = {}) =>
    // By its own first line, as a shell runs what npm installed.
    spawn(join(folder, 'bin/touchline.js'), args, {
      cwd: folder,
      env: { ...rest, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    folder,
    spawn: begin,
    start: async (args, env) => {
      const child = begin([...args, '--json'], env);
      try {
        const url = await running(child);
        child.stdout?.resume();
        return { url, stop: () => ended(child) };
      } catch (error) {
        await ended(child);
        throw error;
      }
    },
    remove,
  };
}
