// A style rule that a machine can hold: it names what is wrong, and says why that matters and how to mend it.
import type { SourceFile } from './source-file.ts';

/** A rule over the repository's files, with small examples that prove it can fail and does not cry wolf. */
export interface Rule {
  /** Reads as a sentence: what is always true. */
  name: string;
  why: string;
  fix: string;
  /** One line per violation, beginning with the path; empty when the rule holds. */
  check: (files: readonly SourceFile[]) => string[];
  /** Each set of files must be reported. */
  caught: SourceFile[][];
  /** Each set of files must pass. */
  allowed: SourceFile[][];
}

/** A planted file, for the examples of a rule. */
export function file(path: string, ...lines: string[]): SourceFile {
  return { path, text: `${lines.join('\n')}\n` };
}

/** A place where a rule does not hold, and why that is right. */
export interface Exception {
  /** Path, or folder with a trailing slash. */
  path: string;
  reason: string;
}

/** Whether a path is one of the exceptions or inside one. */
export function excepted(path: string, exceptions: readonly Exception[]): boolean {
  return exceptions.some((exception) =>
    exception.path.endsWith('/') ? path.startsWith(exception.path) : path === exception.path,
  );
}
