// Runs the program in this process and keeps what it wrote.
import { Readable } from 'node:stream';
import { main } from '../../src/cli/main.ts';

export interface Ran {
  code: number;
  /** Data. */
  out: string;
  /** Talk. */
  err: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** What comes in through standard input. */
  input?: string;
  /** Whether stdout is a terminal. */
  terminal?: boolean;
  stop?: AbortSignal;
  /** Hears every piece that is written, as it is written. */
  hear?: (text: string) => void;
}

function sink(
  terminal: boolean,
  hear: (text: string) => void,
): { parts: string[]; isTTY: boolean; write(text: string): void } {
  const parts: string[] = [];
  return {
    parts,
    isTTY: terminal,
    write: (text) => {
      parts.push(text);
      hear(text);
    },
  };
}

/** Runs `touchline ARGS`. The environment is empty unless given. */
export async function run(args: string[], options: RunOptions = {}): Promise<Ran> {
  const { env = {}, input = '', terminal = false, stop, hear = () => undefined } = options;
  const [stdout, stderr] = [sink(terminal, hear), sink(terminal, hear)];
  const stdin = Readable.from(input === '' ? [] : [Buffer.from(input)]);
  const code = await main(args, { stdout, stderr, stdin, env, ...(stop === undefined ? {} : { stop }) });
  return { code, out: stdout.parts.join(''), err: stderr.parts.join('') };
}

/** A program on one database: `touchline ARGS --database-url URL`. */
export interface Program {
  run(args: string[], options?: RunOptions): Promise<Ran>;
  /** With --json; fails when the exit code is not 0. */
  json<T>(args: string[], options?: RunOptions): Promise<T>;
}

/** The one JSON document on stdout. */
export function document<T>({ out }: Ran): T {
  return JSON.parse(out) as T;
}

export function programOn(url: string): Program {
  const call: Program['run'] = (args, options) => run([...args, '--database-url', url], options);
  return {
    run: call,
    json: async <T>(args: string[], options?: RunOptions) => {
      const ran = await call([...args, '--json'], options);
      if (ran.code !== 0) throw new Error(`touchline ${args.join(' ')} ended with ${ran.code}: ${ran.err}`);
      return document<T>(ran);
    },
  };
}

/** What a failure looks like with --json. */
export interface Failure {
  error: { code: string; what: string; why: string; fix: string; details?: unknown };
}
