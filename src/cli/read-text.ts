// A text that a command takes from a file, or from standard input when the file is called -.
import { readFile } from 'node:fs/promises';
import { type Io, readAll } from './io.ts';
import { usage } from './problem.ts';

const reasons: Record<string, string> = {
  ENOENT: 'There is no such file.',
  EISDIR: 'It is a folder.',
  EACCES: 'This account may not read it.',
};

async function readBytes(io: Io, path: string): Promise<string> {
  if (path !== '-') return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  if (io.stdin.isTTY === true)
    io.stderr.write('Type the text; an empty line with Ctrl-D (Windows: Ctrl-Z, Enter) ends it.\n');
  return readAll(io.stdin);
}

/**
 * The text without a byte order mark and without the line break that editors put at the end of a file.
 * @throws CommandProblem `usage`
 */
export async function readText(io: Io, path: string): Promise<string> {
  const source = path === '-' ? 'Standard input' : path;
  try {
    const text = await readBytes(io, path);
    return text
      .replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n')
      .replace(/\n$/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why =
      error instanceof TypeError ? 'It is not text in UTF-8.' : (reasons[code] ?? `It cannot be read (${code}).`);
    throw usage(`${source}: ${why}`, 'Give the path of a text file, or - for standard input.');
  }
}
