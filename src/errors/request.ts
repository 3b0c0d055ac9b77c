// What can be wrong with an HTTP request before SQL sees it, by name: the part of the table of errors that has no SQLSTATE.
import { type ErrorRow, type ErrorWords, type Problem, TouchlineError } from '../errors.ts';

export const requestTable = {
  malformed_body: {
    name: 'malformed_body',
    status: 400,
    exitCode: 2,
    what: 'The body cannot be read.',
    why: 'It must be one JSON document in UTF-8, without a name twice in one object.',
    fix: 'Let a library write the JSON.',
  },
  malformed_header: {
    name: 'malformed_header',
    status: 400,
    exitCode: 2,
    what: 'A header cannot be read.',
    why: 'An Idempotency-Key has 1 to 255 visible characters, with or without quotes around them.',
    fix: 'Send a uuid as Idempotency-Key.',
  },
  unauthorized: {
    name: 'unauthorized',
    status: 401,
    exitCode: 3,
    what: 'This needs a key, and none that is valid was sent.',
    why: 'The header Authorization is missing, or its key is unknown or revoked.',
    fix: 'Send Authorization: Bearer tl_live_…; touchline keys create makes a key.',
  },
  scope_missing: {
    name: 'scope_missing',
    status: 403,
    exitCode: 3,
    what: 'The key may not do that.',
    why: 'It was made without the scope that this needs.',
    fix: 'Make a key with that scope: touchline keys create --scopes read,write.',
  },
  route_not_found: {
    name: 'route_not_found',
    status: 404,
    exitCode: 1,
    what: 'There is nothing at this address.',
    why: 'The API has no such path.',
    fix: 'Look at docs/api.md, which lists all of them.',
  },
  method_not_allowed: {
    name: 'method_not_allowed',
    status: 405,
    exitCode: 2,
    what: 'This address does not take that method.',
    why: 'The header Allow says which ones it takes.',
    fix: 'Use one of those.',
  },
  body_too_large: {
    name: 'body_too_large',
    status: 413,
    exitCode: 2,
    what: 'The body is too large.',
    why: 'A request has at most 64 kB.',
    fix: 'Send one job per request; touchline import jobs takes many at once.',
  },
  unsupported_media_type: {
    name: 'unsupported_media_type',
    status: 415,
    exitCode: 2,
    what: 'The body is not declared as JSON.',
    why: 'Only application/json in UTF-8 is read.',
    fix: 'Send Content-Type: application/json.',
  },
  invalid_request: {
    name: 'invalid_request',
    status: 422,
    exitCode: 2,
    what: 'Something in the request is not allowed.',
    why: 'The list errors names each place. Nothing was changed.',
    fix: 'Correct each of them.',
  },
} as const satisfies Record<string, ErrorRow>;

/** A place in a request, and what is wrong there. */
export interface RequestFault {
  /** JSON pointer into the body (RFC 6901). */
  pointer?: string;
  /** Name of a parameter of the query. */
  parameter?: string;
  message: string;
}

/** A request that is refused by its form, before anything is done. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly problem: Problem;
  readonly faults: readonly RequestFault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    name: keyof typeof requestTable,
    words: ErrorWords = {},
    more: { faults?: readonly RequestFault[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    const { name: code, ...general } = requestTable[name];
    const { cause, ...own } = words;
    const problem = { code, ...general, ...own };
    super(problem.what, { cause });
    this.problem = problem;
    this.faults = more.faults ?? [];
    this.headers = more.headers ?? {};
  }
}

/** Part of docs/errors.md that explains an error. */
export function anchorOf(error: unknown, code: string): string {
  if (error instanceof TouchlineError) return `${error.code.toLowerCase()}-${code}`;
  const state = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^TL\d{3}$/.test(state)) return `${state.toLowerCase()}-${code}`;
  return Object.hasOwn(requestTable, code) ? code : 'errors-of-postgres-itself';
}
