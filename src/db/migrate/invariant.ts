// A file of sql/invariants is one query that must return no rows. Its header says what it proves and where it can be judged:
// `-- Invariant 12, 13: <sentence>`, then `-- Scope: live` (in any database: installed as a function) or `-- Scope: harness`
// (only beside the acceptance log of a test's provider: not installed).
import pg from 'pg';
import { MigrateRefused } from './problem.ts';
import type { SourceText } from './source.ts';

export interface Invariant {
  /** Its numbers in the list of invariants. */
  numbers: number[];
  sentence: string;
  scope: 'live' | 'harness';
  query: string;
}

const headerPattern = /^-- Invariant (\d+(?:, \d+)*): (\S(?:.*\n-- (?!Scope: ))*.*)\n-- Scope: (live|harness)\n/;

/**
 * What a file of sql/invariants says.
 * @throws MigrateRefused `source_invalid` when its header is not complete
 */
export function readInvariant({ path, text }: SourceText): Invariant {
  const [, numbers, sentence, scope] = headerPattern.exec(text.replaceAll('\r\n', '\n')) ?? [];
  if (numbers === undefined || sentence === undefined) {
    throw new MigrateRefused(
      'source_invalid',
      `${path} does not begin with "-- Invariant <number>: <sentence>" and "-- Scope: live|harness".`,
    );
  }
  return {
    numbers: numbers.split(', ').map(Number),
    sentence: sentence.replaceAll('\n-- ', ' '),
    scope: scope === 'harness' ? 'harness' : 'live',
    query: text.trimEnd().replace(/;$/, ''),
  };
}

/** The function that stands for the file of this name (without `.sql`). */
export const invariantFunctionName = (fileName: string): string => `invariant_${fileName}`;

/** The statements that install the query as the function `name`. */
export function invariantFunction(name: string, file: SourceText): string {
  const { query, sentence } = readInvariant(file);
  const signature = `touchline.${name}(timestamptz, timestamptz)`;
  return `create or replace function touchline.${name}(p_since timestamptz, p_now timestamptz) returns setof jsonb
language sql stable
set search_path = ''
as $invariant$
select pg_catalog.to_jsonb(x) from (
${query}
) x
$invariant$;
comment on function ${signature} is ${pg.escapeLiteral(sentence)};
revoke all on function ${signature} from public;
`;
}
