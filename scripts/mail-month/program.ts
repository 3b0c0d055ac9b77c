// The program as people run it: processes of its own that trust the mail server's certificate and nothing else of ours.
import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const bin = fileURLToPath(new URL('../../bin/touchline.js', import.meta.url));
const tickerFile = fileURLToPath(new URL('ticker.ts', import.meta.url));

/** `touchline ARGS --json`. */
export async function touchline<T>(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<T> {
  const all = [bin, ...args, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, all, { env, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as T;
}

/** What a process that ticks is told and answers. */
export interface TickAnswer {
  code: number;
  text: string;
}

export interface Ticker {
  /** `touchline tick --now AT`. */
  tick(at: number): Promise<void>;
  close(): void;
}

/** One process that runs the tick command many times: a new process for each would take minutes. */
export function openTicker(env: NodeJS.ProcessEnv): Ticker {
  const child: ChildProcess = fork(tickerFile, { env });
  const answer = (): Promise<TickAnswer> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`The ticking process ended with ${code}.`));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message as TickAnswer);
      });
    });
  return {
    tick: async (at) => {
      const answered = answer();
      child.send({ now: new Date(at).toISOString() });
      const { code, text } = await answered;
      if (code !== 0) throw new Error(`touchline tick ended with ${code}: ${text}`);
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
