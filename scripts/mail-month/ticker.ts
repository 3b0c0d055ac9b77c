// A process that runs `touchline tick --now …` whenever its parent says a moment.
import { Readable } from 'node:stream';
import { main } from '../../src/cli/main.ts';
import type { TickAnswer } from './program.ts';

process.on('message', (message) => {
  const { now } = message as { now: string };
  let text = '';
  const written = {
    isTTY: false,
    write: (part: string): void => {
      text += part;
    },
  };
  const streams = { stdout: written, stderr: written, stdin: Readable.from([]), env: process.env };
  void main(['tick', '--now', now], streams).then((code) => {
    const answer: TickAnswer = { code, text };
    process.send?.(answer);
  });
});
