// Being told to stop: by a signal, by an error nobody caught, or by `io.stop`. Heard from the first moment on, so that a
// Ctrl-C while the database still starts does not leave it behind.
import closeWithGrace from 'close-with-grace';
import type { Io } from './io.ts';
import { describe, inOneLine } from './problem.ts';

// A message may be on its way for two minutes, and the embedded Postgres may take as long to write everything down.
const patienceMs = 150_000;
// npm passes Ctrl-C on to a program that the terminal has told already: the second signal of one key press.
const sameKeyPressMs = 1_000;

export interface StopRequest {
  /** Resolves when the program shall stop. */
  asked: Promise<void>;
  /** To be called when everything is closed, whatever happened: the process ends then if it was told to. */
  done(): void;
}

/** Calls `stop` at the first signal; a later second one ends the process at once. Returns how to stop hearing. */
function onInterrupt(stop: () => void, say: (line: string) => void): () => void {
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
  return () => void process.off('SIGINT', hear).off('SIGTERM', hear);
}

function hearProcess(say: (line: string) => void): StopRequest {
  let ask = (): void => undefined;
  let finish = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const options: closeWithGrace.Options = { delay: patienceMs, logger: { error: say }, skip: ['SIGINT', 'SIGTERM'] };
  const grace = closeWithGrace(options, async ({ err }) => {
    if (err !== undefined) say(`touchline: ${inOneLine(describe(err))}`);
    say('Stopping …');
    ask();
    await finished;
    say('Stopped.');
    // The exit code is on its way from the command to the process.
    await new Promise((resolve) => setImmediate(resolve));
    if (err === undefined) process.exit();
  });
  const deafen = onInterrupt(() => grace.close(), say);
  return {
    asked,
    done: () => {
      deafen();
      grace.uninstall();
      finish();
    },
  };
}

/** Begins to hear. Where `io.stop` is present, the signals of the process are left alone. */
export function hearStop({ stop }: Io, say: (line: string) => void): StopRequest {
  if (stop === undefined) return hearProcess(say);
  const asked = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  return { asked, done: () => undefined };
}
