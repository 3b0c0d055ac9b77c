// A process that runs commands of the program as its parent says them, one after the other.
import { Readable } from 'node:stream';
import { main } from '../../src/cli/main.ts';
import type { Answer } from './program.ts';

process.on('message', (message) => {
  const { args } = message as { args: string[] };
  const answer: Answer = { code: 0, out: '', talk: '' };
  const into = (key: 'out' | 'talk') => ({
    isTTY: false,
    write: (part: string): void => {
      answer[key] += part;
    },
  });
  const streams = { stdout: into('out'), stderr: into('talk'), stdin: Readable.from([]), env: process.env };
  void main(args, streams).then((code) => process.send?.({ ...answer, code }));
});
