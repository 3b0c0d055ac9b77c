// What became of a completed job, as text.
import type { JobAnswer } from '../db/call/jobs.ts';
import { type Column, table } from './table.ts';

type Touch = JobAnswer['touches'][number];

const columns: readonly Column<Touch>[] = [
  { title: 'TOUCH', value: ({ touch_number }) => touch_number, align: 'right' },
  { title: 'BY', value: ({ channel }) => channel },
  { title: 'PLANNED', value: ({ scheduled_at }) => scheduled_at },
  { title: 'NOT BEFORE', value: ({ due_at }) => due_at ?? null },
  { title: 'WOULD BE SKIPPED', value: ({ skip_reason }) => skip_reason ?? null },
];

/** The decision and, where somebody is enrolled, the plan. */
export function describeJob(answer: JobAnswer, paint: (text: string) => string): string {
  const { decision, reason, enrollment_id: enrollment, touches } = answer;
  const because = reason === null ? '' : `: ${reason}`;
  if (enrollment === null) {
    const what = `Job ${answer.job_id} is ${decision ?? 'not decided yet'}${because}.`;
    return decision === 'conflict' ? `${what} Decide: touchline job resolve ${answer.job_id} replace|wait|skip` : what;
  }
  return `Enrolled as ${enrollment}.\n${table(touches, columns, paint, 'No touches.')}`;
}
