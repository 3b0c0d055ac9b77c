// The program as people run it: processes of its own that trust the mail server's certificate and nothing else of ours.
import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const bin = fileURLToPath(new URL('../../bin/touchline.js', import.meta.url));
const runnerFile = fileURLToPath(new URL('runner.ts', import.meta.url));

/** `touchline ARGS --json`. */
export async function touchline<T>(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<T> {
  const all = [bin, ...args, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, all, { env, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as T;
}

/** What a command that ran in the runner did. */
export interface Answer {
  code: number;
  /** Data. */
  out: string;
  talk: string;
}

export interface Runner {
  /** `touchline ARGS --json`. */
  run<T>(args: readonly string[]): Promise<T>;
  close(): void;
}

/** One process that runs many commands: a new process for each would take minutes. */
export function openRunner(env: NodeJS.ProcessEnv): Runner {
  const child: ChildProcess = fork(runnerFile, { env });
  const answered = (): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`The process of commands ended with ${code}.`));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message as Answer);
      });
    });
  return {
    run: async <T>(args: readonly string[]) => {
      const answer = answered();
      child.send({ args: [...args, '--json'] });
      const { code, out, talk } = await answer;
      if (code !== 0) throw new Error(`touchline ${args.join(' ')} ended with ${code}: ${out} ${talk}`);
      return JSON.parse(out) as T;
    },
    close: () => child.disconnect(),
  };
}

/** Runs `work` while the pages that customers reach are served; `url` is where. */
export async function whileServing(env: NodeJS.ProcessEnv, work: (url: string) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, [bin, 'serve', '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<never>((_resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`touchline serve ended with ${code}.`)));
  });
  try {
    const started = (async () => {
      let text = '';
      for await (const line of createInterface({ input: child.stdout })) {
        text += line;
        if (text.includes('}')) break;
      }
      return (JSON.parse(text) as { url: string }).url;
    })();
    await work(await Promise.race([started, ended]));
  } finally {
    ended.catch(() => undefined);
    child.kill('SIGTERM');
  }
}
