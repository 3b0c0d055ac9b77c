// A fault to plant in the small world, with the invariant that must find it.

export interface Fault {
  /** File of sql/invariants, without `.sql`. */
  breaks: string;
  what: string;
  /**
   * `:waiting.enrollment` and `:A.business` stand for ids of the world, `:now` for its moment. Where a constraint makes the fault
   * impossible it is dropped first.
   */
  sql: string;
}

/** One fault as a row of a list. */
export const fault = (breaks: string, what: string, sql: string): Fault => ({ breaks, what, sql });
