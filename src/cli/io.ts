// The outside of a command: where it reads and writes. Tests hand in their own.
import type { Environment } from '../config.ts';

interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  /** Width of the terminal. */
  columns?: number;
}

interface Input extends AsyncIterable<string | Uint8Array> {
  isTTY?: boolean;
}

export interface Io {
  /** Data. */
  stdout: Output;
  /** Talk. */
  stderr: Output;
  stdin: Input;
  /** Absent: the environment of this process. */
  env?: Environment;
  /** Ends `start` as a signal would. Present: signals of the process are left alone. */
  stop?: AbortSignal;
}

// A reader who has seen enough (`| head`), and a terminal that was closed.
const readerIsGone = new Set(['EPIPE', 'EIO']);

/** The streams of this process. That nobody reads any more is no error. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!readerIsGone.has(error.code ?? '')) throw error;
    });
  }
  return { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin };
}

/** Everything that comes in, as text. */
export async function readAll(input: Input): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parts: string[] = [];
  for await (const chunk of input)
    parts.push(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
  parts.push(decoder.decode());
  return parts.join('');
}
