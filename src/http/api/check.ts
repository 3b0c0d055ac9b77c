// A value against its contract: what is wrong with it, each place by its JSON pointer, in our words.
import type { z } from 'zod';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { type RequestFault, RequestRefused } from '../../errors/request.ts';
import { requestFields } from './contract.ts';

const mostFaults = 20;
const longestName = 80;

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** RFC 6901. */
function pointerOf(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);

/** Words where the contract gives none of its own. */
function wordsOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? 'It is missing.' : `It must be ${article(issue.expected)}.`;
  }
  if (issue.code !== 'invalid_value') return undefined;
  return issue.input === undefined ? 'It is missing.' : `It must be one of ${issue.values.join(', ')}.`;
}

function unknownField(pointer: string, name: string): RequestFault {
  const shown = name.slice(0, longestName);
  const advice = didYouMean(shown, requestFields[pointer] ?? []);
  return {
    pointer: `${pointer}${pointerOf([shown])}`,
    message: `There is no field ${JSON.stringify(shown)}.${advice}`,
  };
}

function faultsOf(issue: Issue): RequestFault[] {
  const pointer = pointerOf(issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((name) => unknownField(pointer, name));
  return [{ pointer, message: issue.message }];
}

function refused(faults: readonly RequestFault[]): RequestRefused {
  const [first] = faults;
  const place = first?.pointer ?? first?.parameter ?? '';
  const why = `${place === '' ? 'The body' : place}: ${first?.message ?? ''}`;
  return new RequestRefused('invalid_request', { why }, { faults: faults.slice(0, mostFaults) });
}

/** @throws RequestRefused `invalid_request` */
export function checkBody<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const found = schema.safeParse(value, { error: wordsOf });
  if (found.success) return found.data;
  throw refused(found.error.issues.flatMap(faultsOf));
}

/** @throws RequestRefused `invalid_request` */
export function checkQuery<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const found = schema.safeParse(value, { error: wordsOf });
  if (found.success) return found.data;
  throw refused(
    found.error.issues
      .flatMap(faultsOf)
      .map(({ pointer, message }) => ({ parameter: (pointer ?? '').slice(1), message })),
  );
}
