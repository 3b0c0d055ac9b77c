// What went wrong, as one line for people and as a value for programs, with the exit code that goes with it.
import { ConfigInvalid } from '../config.ts';
import { MigrateFailed, MigrateRefused } from '../db/migrate/index.ts';
import { EmbeddedPostgresError } from '../embedded/index.ts';
import { type Problem as AnyProblem, problemOf } from '../errors.ts';
import { plain } from './table.ts';

/** Exit codes of every command. */
export const exit = { ok: 0, failed: 1, usage: 2, refused: 3 } as const;

export interface Problem extends Omit<AnyProblem, 'status' | 'exitCode'> {
  exitCode: number;
  /** More for programs, beside the sentence. */
  details?: unknown;
}

/** A problem the command line itself found. */
export class CommandProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, cause?: unknown) {
    super(problem.what, { cause });
    this.name = 'CommandProblem';
    this.problem = problem;
  }
}

/** The command was written wrongly. */
export function usage(what: string, fix: string): CommandProblem {
  return new CommandProblem({ code: 'usage', what, why: '', fix, exitCode: exit.usage });
}

/** What the command names is not there. */
export function notFound(what: string, fix: string): CommandProblem {
  return new CommandProblem({ code: 'not_found', what, why: '', fix, exitCode: exit.failed });
}

/** Says what an error of any kind means. */
export function describe(error: unknown): Problem {
  if (error instanceof CommandProblem) return error.problem;
  const whole = (code: string, exitCode: number): Problem => ({
    code,
    what: error instanceof Error ? error.message : String(error),
    why: '',
    fix: '',
    exitCode,
  });
  if (error instanceof ConfigInvalid) return whole('config_invalid', exit.usage);
  if (error instanceof MigrateRefused) return whole(error.code, exit.refused);
  if (error instanceof MigrateFailed) return whole('migrate_failed', exit.failed);
  if (error instanceof EmbeddedPostgresError) return whole(error.code, exit.failed);
  const { code, what, why, fix, exitCode } = problemOf(error);
  return { code, what, why, fix, exitCode };
}

/** One line: what, why and what to do. Values of tenants in it cannot break or recolour it. */
export function inOneLine({ what, why, fix }: Problem): string {
  return plain([what, why, fix].filter((part) => part !== '').join(' '));
}
