// A CSV file as a stream of rows: text in UTF-8, with or without a byte order mark, separated by commas, semicolons or tabs.
// What is no such file is refused with a sentence, before anything is written.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { usage } from '../problem.ts';

/** A row and the line it begins on. */
export interface CsvRow {
  cells: string[];
  line: number;
}

const separators = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' } as const;
export type Separator = keyof typeof separators;

/** The separator in words: `commas`. */
export function separatorWord(separator: Separator): string {
  return separators[separator];
}

const saveAs = 'Save it as "CSV UTF-8", and give that file.';
const longestRow = 256 * 1024;

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  EISDIR: 'It is a folder.',
  EACCES: 'This account may not read it.',
};

function noFile(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = unreadable[code];
  return why === undefined ? error : usage(`${path}: ${why}`, 'Give the path of a CSV file.');
}

/** What a file is by its first bytes, when it is something else than text. */
function otherKind(head: Buffer): string | undefined {
  const starts = (...bytes: number[]): boolean => bytes.every((byte, index) => head[index] === byte);
  if (starts(0x50, 0x4b, 0x03, 0x04)) return 'It is an Excel workbook (or another zip file), not a CSV file.';
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) return 'It is an old Excel workbook, not a CSV file.';
  if (starts(0x25, 0x50, 0x44, 0x46)) return 'It is a PDF, not a CSV file.';
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) return 'It is text in UTF-16, not in UTF-8.';
  return undefined;
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path).catch((error: unknown) => {
    throw noFile(path, error);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0).catch((error: unknown) => {
      throw noFile(path, error);
    });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The text of the first row, as far as it is needed to count separators. */
function firstRow(head: Buffer): string {
  const text = head.toString('utf8').replace(/"[^"]*"/g, '');
  return /[^\r\n]+/.exec(text)?.[0] ?? '';
}

/**
 * The separator of a file, by its first row.
 * @throws CommandProblem `usage`
 */
export async function findSeparator(path: string): Promise<Separator> {
  const head = await headOf(path);
  const other = otherKind(head);
  if (other !== undefined) throw usage(`${path}: ${other}`, saveAs);
  const row = firstRow(head);
  if (row.replace(/\uFEFF/, '').trim() === '') {
    throw usage(`${path}: The file is empty.`, 'Export the jobs again; the first row has the titles of the columns.');
  }
  const count = (separator: string): number => row.split(separator).length - 1;
  const [best] = ([',', ';', '\t'] as const).toSorted((a, b) => count(b) - count(a));
  if (best === undefined || count(best) === 0) {
    const what = `${path}: It does not look like a CSV file: its first row has no comma, semicolon or tab.`;
    throw usage(what, 'Export the jobs as CSV; the first row has the titles of the columns.');
  }
  return best;
}

async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  const decode = (chunk?: Buffer): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw usage(`${path}: It is not text in UTF-8, after line ${line}.`, saveAs);
    }
  };
  for await (const chunk of createReadStream(path)) {
    const text = decode(chunk as Buffer);
    const hole = text.indexOf('\0');
    line += text.slice(0, hole < 0 ? undefined : hole).split('\n').length - 1;
    if (hole >= 0) throw usage(`${path}: It has a NUL byte on line ${line}, which no text has.`, saveAs);
    yield text;
  }
  yield decode();
}

function csvProblem(path: string, error: CsvError): Error {
  const line = typeof error.lines === 'number' ? ` near line ${error.lines}` : '';
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    const what = `${path}: A row${line} is longer than ${longestRow / 1024} KiB.`;
    return usage(what, 'Look for a quotation mark that is never closed.');
  }
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return usage(`${path}: A quotation mark${line} is never closed.`, 'Close it, or write it twice inside a cell.');
  }
  return usage(`${path}: It is no readable CSV${line} (${error.code}).`, saveAs);
}

/**
 * All rows with something in them, the header first.
 * @throws CommandProblem `usage`
 */
export async function* csvRows(path: string, separator: Separator): AsyncGenerator<CsvRow> {
  const parser = parse({
    delimiter: separator,
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  });
  pipeline(Readable.from(textOf(path)), parser, () => undefined);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (record.every((cell) => cell.trim() === '')) continue;
      const inside = record.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
      yield { cells: record, line: info.lines - inside };
    }
  } catch (error) {
    throw error instanceof CsvError ? csvProblem(path, error) : error;
  }
}
