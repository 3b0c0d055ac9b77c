// What became of the rows of a file, counted while they pass, so that a long file needs no more memory than a short one.
import type { ImportedRow } from '../../db/call/import.ts';
import type { RowProblem } from '../../domain/import/refusal.ts';

/** Problems that are kept for the document; beyond that they are counted. */
const mostKept = 1000;

export class Tally {
  readonly rows = { total: 0, imported: 0, updated: 0, unchanged: 0, left_out: 0, rejected: 0 };
  readonly reasons: Record<string, number> = {};
  readonly problems: RowProblem[] = [];
  /** Jobs to be enrolled when that is asked for: what was only imported, and what an interrupted call had enrolled already. */
  readonly jobIds: string[] = [];
  /** Completed jobs by kind whose customer has a phone and is not known to consent. */
  readonly withoutConsent = new Map<string, number>();

  leaveOut(reason: string): void {
    this.rows.left_out += 1;
    this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
  }

  reject(problem: RowProblem): void {
    this.rows.rejected += 1;
    if (this.problems.length < mostKept) this.problems.push(problem);
  }

  /** @param keepIds whether the ids of jobs are needed later */
  take(answer: Exclude<ImportedRow, { outcome: 'left_out' | 'rejected' }>, keepIds: boolean): void {
    this.rows[answer.outcome] += 1;
    if (answer.status !== 'completed') return;
    if (answer.sms === 'unknown') {
      this.withoutConsent.set(answer.service_type, (this.withoutConsent.get(answer.service_type) ?? 0) + 1);
    }
    if (keepIds && (answer.decision === 'imported' || answer.decision === 'enrolled')) this.jobIds.push(answer.job_id);
  }
}
