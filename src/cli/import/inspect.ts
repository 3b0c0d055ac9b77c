// The first pass over a file: which program wrote it, how many rows it has, and in which order its dates are. Nothing is
// written before the whole file has been found readable.
import type { FormatName } from '../../domain/import/formats.ts';
import { type Header, readHeader } from '../../domain/import/header.ts';
import { type DateOrder, dateOrderOf } from '../../domain/import/moment.ts';
import { usage } from '../problem.ts';
import { plain } from '../table.ts';
import { counted, listed } from '../words.ts';
import { csvRows, findSeparator, type Separator, separatorWord } from './csv-file.ts';

export interface Inspected {
  path: string;
  separator: Separator;
  header: Header;
  /** Without the header. */
  rows: number;
  dateOrder: DateOrder | undefined;
  /** What was found, for people: one sentence each. */
  findings: string[];
}

export interface InspectOptions {
  format?: FormatName;
  dateOrder?: DateOrder;
}

/** Where dates prove their order: the first line of each kind. */
interface Evidence {
  mdy?: number;
  dmy?: number;
  ambiguous?: number;
}

function orderIn({ mdy, dmy }: Evidence): DateOrder | undefined {
  if (mdy !== undefined && dmy === undefined) return 'mdy';
  return dmy !== undefined && mdy === undefined ? 'dmy' : undefined;
}

const orderWords = { mdy: 'month/day/year', dmy: 'day/month/year' } as const;

function aboutDates(evidence: Evidence, wanted: DateOrder | undefined): string[] {
  if (evidence.ambiguous === undefined || wanted !== undefined) return [];
  const order = orderIn(evidence);
  if (order !== undefined) {
    return [`Dates are read as ${orderWords[order]}: line ${evidence[order]} can be read in no other way.`];
  }
  const why =
    evidence.mdy === undefined
      ? 'nothing in the file says which'
      : `line ${evidence.mdy} is month/day, line ${evidence.dmy} is day/month`;
  return [
    `Dates like that of line ${evidence.ambiguous} could be month/day or day/month, and ${why}: --date-order says.`,
  ];
}

const quoted = (titles: readonly string[]): string =>
  titles.length === 0
    ? 'none'
    : plain(
        listed(
          titles.map((title) => title.trim() || '(no title)'),
          40,
        ),
      );

/**
 * Looks through a file.
 * @throws CommandProblem `usage`
 */
export async function inspect(path: string, { format, dateOrder }: InspectOptions): Promise<Inspected> {
  const separator = await findSeparator(path);
  const evidence: Evidence = {};
  let header: Header | undefined;
  let dates: number[] = [];
  let rows = 0;
  for await (const { cells, line } of csvRows(path, separator)) {
    if (header === undefined) {
      const found = readHeader(cells, format);
      if ('what' in found) throw usage(plain(`${path}: ${found.what} ${found.why}`), found.fix);
      header = found;
      dates = (['completed_at', 'scheduled_for', 'sms_consent_at'] as const).flatMap((at) => found.places[at] ?? []);
      continue;
    }
    rows += 1;
    for (const place of dates) {
      const kind = dateOrderOf(cells[place] ?? '');
      if (kind !== null) evidence[kind] ??= line;
    }
  }
  if (header === undefined) throw usage(`${path}: No row of the file holds anything.`, 'Export the jobs again.');
  const findings = [
    `Read as ${header.format.title}, separated by ${separatorWord(separator)}: ${counted(rows, 'row')}.`,
    `Columns used: ${quoted(header.used)}.`,
    `Columns ignored: ${quoted(header.ignored)}.`,
    ...aboutDates(evidence, dateOrder),
  ];
  return { path, separator, header, rows, dateOrder: dateOrder ?? orderIn(evidence), findings };
}
