/** What one check found. */
export interface Finding {
  check: string;
  /** `problem`: something does not work, or is not safe. `warning`: it works, and somebody should know. */
  state: 'ok' | 'warning' | 'problem';
  detail: string;
  /** Further findings of the check with the same cure. */
  more?: string[];
  /** What to do; empty where there is nothing to do. */
  fix: string;
}

/** `ok` with `detail`, or a problem with everything that is `wrong`. */
export function judge(check: string, detail: string, wrong: readonly string[], fix: string): Finding {
  const [first, ...more] = wrong;
  if (first === undefined) return { check, state: 'ok', detail, fix: '' };
  return { check, state: 'problem', detail: first, ...(more.length > 0 ? { more } : {}), fix };
}

/** Findings that each have a cure of their own; `ok` with `detail` where there is none. */
export function orOk(check: string, detail: string, findings: readonly Finding[]): Finding[] {
  return findings.length > 0 ? [...findings] : [{ check, state: 'ok', detail, fix: '' }];
}
