// Options of commands that show a list page by page.
import { type Command, InvalidArgumentError } from 'commander';

export interface PageOptions {
  limit: number;
  cursor?: string;
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (/^\d{1,3}$/.test(text) && limit >= 1 && limit <= 100) return limit;
  throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
}

/** Adds `--limit` and `--cursor`. */
export function addPageOptions(command: Command, usual: number): Command {
  return command
    .option('--limit <count>', 'how many, 1 to 100', readLimit, usual)
    .option('--cursor <cursor>', 'go on where an earlier page ended: its next cursor');
}

/** The last line of a page that is not the last one. */
export function moreLine(nextCursor: string | null): string {
  return nextCursor === null ? '' : `\n\nThere are more: --cursor ${nextCursor}`;
}
