// Waits for the end of a program that runs until it is told to stop.
import closeWithGrace from 'close-with-grace';
import type { Cli } from './perform.ts';
import { describe, inOneLine } from './problem.ts';

// The embedded Postgres may take a minute to write everything down.
const patienceMs = 90_000;
// npm passes Ctrl-C on to a program that the terminal has told already: the second signal of one key press.
const sameKeyPressMs = 1_000;

/** Calls `stop` at the first signal; a later second one ends the process at once. */
function onInterrupt(stop: () => void, say: (line: string) => void): void {
  let stopping = false;
  let impatient = false;
  const hear = (signal: NodeJS.Signals): void => {
    if (impatient) {
      say(`Second ${signal}: ending at once. What was running is put in order at the next start.`);
      process.exit(1);
    }
    if (stopping) return;
    stopping = true;
    setTimeout(() => {
      impatient = true;
    }, sameKeyPressMs).unref();
    stop();
  };
  process.on('SIGINT', hear).on('SIGTERM', hear);
}

/**
 * Resolves when the program was told to stop, by a signal or by `io.stop`, and `close` is done.
 * @param close ends everything; called once
 */
export async function untilStopped({ io, say }: Cli, close: () => Promise<void>): Promise<void> {
  const { stop } = io;
  if (stop !== undefined) {
    if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
    await close();
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const options: closeWithGrace.Options = { delay: patienceMs, logger: { error: say }, skip: ['SIGINT', 'SIGTERM'] };
    const grace = closeWithGrace(options, async ({ err }) => {
      if (err !== undefined) say(`touchline: ${inOneLine(describe(err))}`);
      say('Stopping …');
      const closed = close();
      closed.then(resolve, reject);
      await closed;
      say('Stopped.');
    });
    onInterrupt(() => grace.close(), say);
  });
}
