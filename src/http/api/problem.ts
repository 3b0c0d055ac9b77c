// RFC 9457: every answer that is not what was asked for, from the one table of errors.
import type { Context } from 'hono';
import { anchorOf, type RequestFault, RequestRefused } from '../../errors/request.ts';
import { errorTable, type Problem, problemOf } from '../../errors.ts';

const titles = new Map<string, string>(Object.values(errorTable).map(({ name, what }) => [name, what]));
const unknown: Problem = {
  code: 'unexpected',
  what: 'Something went wrong here.',
  why: 'It is not the fault of the request, and nothing was changed.',
  fix: 'Try again; the terminal of the server says more.',
  status: 500,
  exitCode: 1,
};

/** A stranger is not told the words of an error that is not ours: they may name hosts, files or people. */
function shownProblem(error: unknown): Problem {
  if (error instanceof RequestRefused) return error.problem;
  const problem = problemOf(error);
  return problem.code === 'unexpected' ? unknown : problem;
}

// The words of SQL begin with the part of the request and the key they are about.
function faultsOf(error: unknown, { what, why }: Problem): readonly RequestFault[] {
  if (error instanceof RequestRefused) return error.faults;
  const [, part, key, wrong] = /^(Job|Customer): ([a-z_]+) ((?:cannot be|is missing|lies in).*)$/s.exec(what) ?? [];
  if (key === undefined) return [];
  const field = key === 'chosen_campaign_id' ? 'campaign_id' : key;
  return [{ pointer: part === 'Job' ? `/${field}` : `/customer/${field}`, message: `It ${wrong} ${why}` }];
}

function headersOf(error: unknown, { code, status }: Problem): Readonly<Record<string, string>> {
  if (error instanceof RequestRefused) return error.headers;
  return status === 503 || code === 'request_in_progress'
    ? { 'Retry-After': code === 'request_in_progress' ? '1' : '5' }
    : {};
}

/** The answer to a request that failed. */
export function problemAnswer(context: Context, error: unknown): Response {
  const problem = shownProblem(error);
  const { code, what, why, fix, status } = problem;
  const title = error instanceof RequestRefused ? what : (titles.get(code) ?? what);
  const body = {
    type: `/docs/errors.md#${anchorOf(error, code)}`,
    title,
    status,
    code,
    detail: [...(title === what ? [] : [what]), why].filter((part) => part !== '').join(' '),
    fix,
    errors: faultsOf(error, problem),
  };
  for (const [name, value] of Object.entries(headersOf(error, problem))) context.header(name, value);
  context.header('Content-Type', 'application/problem+json');
  return context.body(JSON.stringify(body), status as 500);
}
