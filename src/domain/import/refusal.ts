// Why a row of a file is not imported: as an error inside the reading of one row, as a value outside of it.

/** What is wrong with a row, where, and what to do about it. */
export interface RowProblem {
  /** Line of the file the row begins on, from 1. */
  line: number;
  /** Title of the column in the file; empty when it is about the whole row. */
  column: string;
  what: string;
  fix: string;
}

/** Thrown by the readers of single values. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly fix: string;

  constructor(what: string, fix: string) {
    super(what);
    this.fix = fix;
  }
}

/** A value as it may be shown: short, in quotes. */
export function shown(text: string): string {
  const most = 60;
  return `"${text.length > most ? `${text.slice(0, most)}…` : text}"`;
}
