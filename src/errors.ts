// What can go wrong, in one table: code, name, HTTP status, exit code, and what, why and fix in general words. SQL raises
// these codes with words for the case at hand; docs/errors.md is written from here. What can be wrong with a request before SQL
// sees it is in errors/request.ts.
import { isConnectionLoss } from './errors/connection.ts';
import { unprovedErrors } from './errors/unproved.ts';

/** Exit code of a command that ends with this error: 1 failed, 2 written wrongly, 3 refused by a guard. */
type ExitCode = 1 | 2 | 3;

/** One row of the table. */
export interface ErrorRow {
  /** Stable name, for programs: `code` of problem+json and of `--json`. */
  name: string;
  /** HTTP status. */
  status: number;
  exitCode: ExitCode;
  what: string;
  why: string;
  fix: string;
}

/** Errors of Touchline's own, by SQLSTATE. 1xx who calls and when, 2xx who may, 3xx state, 4xx input. */
export const errorTable = {
  TL100: {
    name: 'called_as_owner',
    status: 500,
    exitCode: 3,
    what: 'This function is not for the role that called it.',
    why: 'Nothing of Touchline runs as the owner of its tables: row level security would not hold.',
    fix: 'Begin the transaction with: set local role touchline_worker, or authenticated with the claims of a user.',
  },
  TL101: {
    name: 'isolation_level',
    status: 500,
    exitCode: 3,
    what: 'The isolation level of the transaction is not supported.',
    why: 'What is decided after waiting for a lock must see what was committed meanwhile.',
    fix: 'Begin the transaction with: begin isolation level read committed.',
  },
  TL102: {
    name: 'clock_refused',
    status: 409,
    exitCode: 3,
    what: 'This database keeps its own time.',
    why: 'A moment was given, and only a database made for tests, demo or simulation takes one. Nothing was done.',
    fix: 'Leave the moment out; or make an empty database with touchline migrate --virtual-clock.',
  },
  TL201: {
    name: 'not_found',
    status: 404,
    exitCode: 1,
    what: 'There is no such thing in this business.',
    why: 'It does not exist, or belongs to a business you do not act for; the answer is the same for both.',
    fix: 'Check the ids.',
  },
  TL202: {
    name: 'not_allowed',
    status: 403,
    exitCode: 3,
    what: 'Your role in this business does not allow that.',
    why: 'Owners do everything, managers everything but members, viewers read.',
    fix: 'Ask an owner of the business to do it, or to change your role.',
  },
  TL301: {
    name: 'campaign_conflict',
    status: 409,
    exitCode: 3,
    what: 'Another campaign for this service type is active or paused.',
    why: 'One campaign answers to the jobs of a service type, so that the choice is never ambiguous.',
    fix: 'Archive the other one first.',
  },
  TL302: {
    name: 'campaign_state',
    status: 409,
    exitCode: 3,
    what: 'The state of the campaign does not allow that.',
    why: 'A campaign is a draft, active, paused or archived, and each state allows other things.',
    fix: 'Look at its state (touchline campaign show), and copy an archived campaign to go on with it.',
  },
  TL303: {
    name: 'version_not_draft',
    status: 409,
    exitCode: 3,
    what: 'This version of the campaign is published.',
    why: 'Touches of a published version never change: people inside it keep what they were promised.',
    fix: 'Edit the campaign, which makes a draft version, and publish that.',
  },
  TL304: {
    name: 'version_incomplete',
    status: 409,
    exitCode: 3,
    what: 'The version cannot be published yet.',
    why: 'It needs one to four touches without a gap, each with a text.',
    fix: 'Complete its touches, then publish.',
  },
  TL305: {
    name: 'template_in_use',
    status: 409,
    exitCode: 3,
    what: 'The template is in use.',
    why: 'A live version of a campaign sends it.',
    fix: 'Publish those campaigns with another template, or archive them, then delete it.',
  },
  TL306: {
    name: 'job_state',
    status: 409,
    exitCode: 3,
    what: 'The state of the job does not allow that.',
    why: 'Only a completed job is enrolled, and a conflict is resolved once.',
    fix: 'Look at the job and its decision.',
  },
  TL307: {
    name: 'last_owner',
    status: 409,
    exitCode: 3,
    what: 'This is the last owner of the business.',
    why: 'Without an owner nobody could change its members again.',
    fix: 'Make somebody else an owner first.',
  },
  TL308: {
    name: 'append_only',
    status: 409,
    exitCode: 3,
    what: 'A recorded row would have been changed.',
    why: 'Evidence is never rewritten.',
    fix: 'Write a further row that says what changed.',
  },
  TL309: {
    name: 'business_suspended',
    status: 409,
    exitCode: 3,
    what: 'The business is suspended.',
    why: 'Nothing of a suspended business is started or resumed.',
    fix: 'Have the operator reinstate the business first.',
  },
  TL311: {
    name: 'customer_state',
    status: 409,
    exitCode: 3,
    what: 'The state of the customer does not allow that.',
    why: 'An erasure is final: nothing that was wiped comes back.',
    fix: 'Add the person as a new customer.',
  },
  TL312: {
    name: 'request_in_progress',
    status: 409,
    exitCode: 1,
    what: 'A request with this Idempotency-Key is being worked on.',
    why: 'Its answer is not there yet.',
    fix: 'Send the same request again in a second.',
  },
  ...unprovedErrors,
  TL316: {
    name: 'kept_on_purpose',
    status: 409,
    exitCode: 3,
    what: 'Rows of this table are not pruned.',
    why: 'They are evidence or settings, or go only with the row they belong to.',
    fix: 'See what goes, and when, with touchline prune --dry-run.',
  },
  TL401: {
    name: 'template_channel',
    status: 422,
    exitCode: 2,
    what: 'The template is of the other channel.',
    why: 'A template belongs to one channel and keeps it.',
    fix: "Choose a template of the touch's channel, or make a new one.",
  },
  TL402: {
    name: 'invalid_argument',
    status: 422,
    exitCode: 2,
    what: 'A value is not allowed.',
    why: 'The answer names the value and what is allowed. Nothing was changed.',
    fix: 'Correct the value.',
  },
  TL403: {
    name: 'idempotency_mismatch',
    status: 422,
    exitCode: 2,
    what: 'This Idempotency-Key was used with another body.',
    why: 'A key stands for one request. Nothing was changed.',
    fix: 'Take a new key for a new request.',
  },
} as const satisfies Record<string, ErrorRow>;

/** SQLSTATE of an error of ours. */
export type ErrorCode = keyof typeof errorTable;

// What Postgres itself can say, in words that are safe to show: its own message, detail and hint may hold a person's data.
const unavailable: ErrorRow = {
  name: 'database_unavailable',
  status: 503,
  exitCode: 1,
  what: 'The database cannot serve this now.',
  why: 'It is starting, stopping, out of connections or room, or the connection was lost.',
  fix: 'Try again; if it goes on, look at the server of the database.',
};
const tryAgain: ErrorRow = {
  name: 'try_again',
  status: 503,
  exitCode: 1,
  what: 'Another transaction was in the way.',
  why: 'Two transactions wanted the same rows. Nothing was changed.',
  fix: 'Try again.',
};
const timedOut: ErrorRow = {
  name: 'timed_out',
  status: 503,
  exitCode: 1,
  what: 'The database took too long.',
  why: 'A statement, or the wait for a lock, reached its time limit. Nothing was changed.',
  fix: 'Try again; if it goes on, ask for less at once.',
};
const invalidValue: ErrorRow = {
  name: 'invalid_value',
  status: 422,
  exitCode: 2,
  what: 'A value is not allowed.',
  why: 'It has the wrong form, is missing, or breaks a rule of the schema.',
  fix: 'Correct the value; the limits are in docs/DATA_MODEL.md.',
};
const notCurrent: ErrorRow = {
  name: 'schema_not_current',
  status: 503,
  exitCode: 3,
  what: 'The schema of this database is not that of this version of Touchline.',
  why: 'A table or function is missing.',
  fix: 'Run touchline migrate.',
};
const readOnly: ErrorRow = {
  name: 'database_read_only',
  status: 503,
  exitCode: 1,
  what: 'The database is read-only.',
  why: 'The connection is to a replica, or the server is recovering.',
  fix: 'Connect to the primary.',
};

/** Errors of Postgres, by SQLSTATE or by its first two characters (the class); the longer key wins. */
export const postgresTable: Readonly<Record<string, ErrorRow>> = {
  '08': unavailable,
  '22': invalidValue,
  '23502': invalidValue,
  '23503': {
    name: 'reference_invalid',
    status: 409,
    exitCode: 3,
    what: 'A row refers to one that does not exist, or is still referred to.',
    why: 'Rows refer only to rows of the same business.',
    fix: 'Check the ids.',
  },
  '23505': {
    name: 'already_exists',
    status: 409,
    exitCode: 3,
    what: 'There is one like this already.',
    why: 'A value must be unique in the business.',
    fix: 'Choose another value, or change the one that exists.',
  },
  '23514': invalidValue,
  '25006': readOnly,
  '3F000': notCurrent,
  '40001': tryAgain,
  '40P01': tryAgain,
  '42501': {
    name: 'not_permitted',
    status: 403,
    exitCode: 3,
    what: 'The role may not do that.',
    why: 'A grant or a policy of the database stands in the way.',
    fix: 'docs/data-model/access.md says who may do what.',
  },
  '42703': notCurrent,
  '42883': notCurrent,
  '42P01': notCurrent,
  '53': unavailable,
  '55P03': timedOut,
  '57014': timedOut,
  '57P01': unavailable,
  '57P02': unavailable,
  '57P03': unavailable,
};

/** An error as people and programs are told it. */
export interface Problem {
  /** Name of the error, like `not_found`. */
  code: string;
  what: string;
  why: string;
  fix: string;
  status: number;
  exitCode: ExitCode;
}

/** Words for the case at hand, in place of the general ones of the table. */
export interface ErrorWords {
  what?: string;
  why?: string;
  fix?: string;
  cause?: unknown;
}

/** An error of the table, raised by TypeScript or read from Postgres. */
export class TouchlineError extends Error {
  override readonly name = 'TouchlineError';
  /** SQLSTATE. */
  readonly code: ErrorCode;
  readonly problem: Problem;

  constructor(code: ErrorCode, words: ErrorWords = {}) {
    const { name, status, exitCode, ...general } = errorTable[code];
    const { cause, ...own } = words;
    const problem = { code: name, ...general, ...own, status, exitCode };
    super(problem.what, { cause });
    this.code = code;
    this.problem = problem;
  }
}

interface DatabaseError extends Error {
  code: string;
  severity: string;
  detail?: string | undefined;
  hint?: string | undefined;
  constraint?: string | undefined;
  column?: string | undefined;
}

// Told by its form, not by its class: an application may bring its own copy of pg.
function isDatabaseError(error: unknown): error is DatabaseError {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return false;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) && typeof error.severity === 'string';
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}

function sentence(text: string | undefined): string {
  return text === undefined || text === '' || /[.!?]$/.test(text) ? (text ?? '') : `${text}.`;
}

/** The words of our own functions and triggers, which never hold more than the caller gave or may see. */
function ownProblem({ code, message, detail, hint }: DatabaseError): Problem {
  const row: ErrorRow | undefined = isErrorCode(code) ? errorTable[code] : undefined;
  return {
    code: row?.name ?? code.toLowerCase(),
    what: sentence(message),
    why: sentence(detail),
    fix: sentence(hint),
    status: row?.status ?? 500,
    exitCode: row?.exitCode ?? 1,
  };
}

/** Our words for an error of Postgres. Of its own it gives only the names of a rule or column, which are the schema's. */
function postgresProblem({ code, constraint, column }: DatabaseError): Problem {
  const row = postgresTable[code] ?? postgresTable[code.slice(0, 2)];
  if (row === undefined) {
    return {
      code: 'database_error',
      what: `The database reported an error (SQLSTATE ${code}).`,
      why: '',
      fix: 'Its log has the details, which are not shown because they may hold personal data.',
      status: 500,
      exitCode: 1,
    };
  }
  const { name, ...words } = row;
  const rule = [constraint, column].find((found) => found !== undefined && /^[a-z]\w*$/.test(found));
  return { code: name, ...words, why: rule === undefined ? words.why : `${words.why} The rule: ${rule}.` };
}

/**
 * Says what an error of any kind means, without a person's data in it where it came from the database. `what` of an error
 * that is not known here is its message: something for the operator's terminal, not for the answer to a request.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof TouchlineError) return error.problem;
  if (isDatabaseError(error)) return error.code.startsWith('TL') ? ownProblem(error) : postgresProblem(error);
  if (isConnectionLoss(error)) {
    const { name: code, ...words } = unavailable;
    return { code, ...words };
  }
  const what = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', what, why: '', fix: '', status: 500, exitCode: 1 };
}
