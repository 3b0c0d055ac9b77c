// Which program wrote a file, told by the titles of its columns, and which column says what.
import { type Field, type Format, type FormatName, formats } from './formats.ts';

/** Positions of the columns that tell a field, the preferred first. */
type Places = Partial<Record<Field, readonly number[]>>;

/** A file's header, understood. */
export interface Header {
  format: Format;
  titles: readonly string[];
  places: Places;
  /** Titles of columns that are read. */
  used: string[];
  /** Titles of columns that are not. */
  ignored: string[];
}

/** A header that cannot be understood. */
export interface HeaderProblem {
  what: string;
  why: string;
  fix: string;
}

/** `Job #`, `job_number` and `Job Number` are the same. */
function keyOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll('#', 'number')
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

function place(titles: readonly string[], format: Format): Places {
  const keys = titles.map(keyOf);
  const found = Object.entries(format.columns).map(([field, names]) => {
    const positions = names.map((name) => keys.indexOf(keyOf(name))).filter((position) => position >= 0);
    return [field, positions] as const;
  });
  return Object.fromEntries(found.filter(([, positions]) => positions.length > 0));
}

/** What every export must tell, with a name for people and the fields that tell it. */
const needs: readonly (readonly [string, readonly Field[]])[] = [
  ['an id of the job', ['job_id']],
  ['an email address or a phone number', ['email', 'phone']],
  ['when the job was completed', ['completed_at']],
];

function missing(format: Format, places: Places): string[] {
  return needs
    .filter(([, fields]) => !fields.some((field) => places[field] !== undefined))
    .map(([name, fields]) => `${name} (${fields.flatMap((field) => format.columns[field] ?? []).join(', ')})`);
}

function understood(titles: readonly string[], format: Format, places: Places): Header {
  const read = new Set(Object.values(places).flat());
  return {
    format,
    titles,
    places,
    used: titles.filter((_, position) => read.has(position)),
    ignored: titles.filter((_, position) => !read.has(position)),
  };
}

const readAs = 'Name the program with --format, or rename the columns; docs/import.md lists the titles.';

function problemOf(titles: readonly string[], format: Format, lacks: readonly string[]): HeaderProblem {
  return {
    what: `The file has no column for ${lacks.join(', nor for ')}.`,
    why: `It was read as ${format.title}; its columns are: ${titles.map((title) => title || '(no title)').join(', ')}.`,
    fix: readAs,
  };
}

/** Understands the first row of a file. `wanted` is the format somebody named. */
export function readHeader(titles: readonly string[], wanted?: FormatName): Header | HeaderProblem {
  const candidates = formats
    .filter(({ name }) => wanted === undefined || name === wanted)
    .map((format) => {
      const places = place(titles, format);
      return { format, places, lacks: missing(format, places), matches: Object.keys(places).length };
    })
    .toSorted((a, b) => a.lacks.length - b.lacks.length || b.matches - a.matches);
  const [best, second] = candidates;
  if (best === undefined) throw new Error(`There is no format ${wanted}.`);
  if (best.lacks.length > 0) return problemOf(titles, best.format, best.lacks);
  if (second !== undefined && second.lacks.length === 0 && second.matches === best.matches) {
    return {
      what: 'The columns of the file could be of several programs.',
      why: `They fit ${best.format.title} as well as ${second.format.title}.`,
      fix: readAs,
    };
  }
  return understood(titles, best.format, best.places);
}
