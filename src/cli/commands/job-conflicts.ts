// `job conflicts` and `job resolve`: completed jobs whose customer is in a sequence already, where the business wants to be asked.
import { Argument, type Command } from 'commander';
import { type ConflictChoice, conflictChoices, resolveConflict } from '../../db/call/jobs.ts';
import { type JobConflict, listConflicts } from '../../db/read/conflicts.ts';
import { uuidOf } from '../../domain/provider-event.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness } from '../choose.ts';
import { describeJob } from '../describe-job.ts';
import { momentOf } from '../engine.ts';
import { addPageOptions, moreLine, type PageOptions } from '../page-options.ts';
import type { Perform } from '../perform.ts';
import { usage } from '../problem.ts';
import { type Column, table } from '../table.ts';

const columns: readonly Column<JobConflict>[] = [
  { title: 'JOB', value: ({ job_id }) => job_id },
  { title: 'YOURS', value: ({ external_id }) => external_id },
  { title: 'WORK', value: ({ title }) => title },
  { title: 'COMPLETED', value: ({ completed_at }) => `${completed_at.toISOString().slice(0, 19)}Z` },
  { title: 'CUSTOMER', value: ({ first_name, last_name }) => [first_name, last_name].filter(Boolean).join(' ') },
  { title: 'IS IN', value: ({ campaign }) => campaign },
];

export function addConflicts(job: Command, perform: Perform): void {
  addPageOptions(addBusinessOption(job.command('conflicts')), 50)
    .description('jobs that wait for you: their customer is in a sequence already, and the policy is to ask')
    .action(
      perform(async ({ open, paint }, { business, limit, cursor }: PageOptions & { business?: string }) => {
        const { run } = await open('current');
        const { rows: conflicts, nextCursor } = await run(async (client) =>
          listConflicts(client, (await chooseBusiness(client, business)).id, { cursor: cursor ?? null, limit }),
        );
        const text = table(conflicts, columns, (title) => paint('bold', title), 'No job waits for a decision.');
        return { text: text + moreLine(nextCursor), document: { conflicts, next_cursor: nextCursor } };
      }),
    );
}

export function addResolve(job: Command, perform: Perform): void {
  addBusinessOption(job.command('resolve'))
    .description('decide about such a job: replace the running sequence, wait for its end, or skip the job')
    .argument('<job>', 'its id')
    .addArgument(new Argument('<choice>', 'what shall happen').choices(conflictChoices))
    .option('--now <moment>', 'act as at this moment; only where the clock is virtual')
    .action(
      perform(
        async ({ open, paint }, id: string, choice: ConflictChoice, options: { business?: string; now?: string }) => {
          const job = uuidOf(id);
          if (job === undefined)
            throw usage(`"${id}" is not the id of a job.`, 'touchline job conflicts shows the ids.');
          const now = momentOf(options.now);
          const { run } = await open('current');
          const answer = await run(async (client) => {
            const { id: businessId } = await chooseBusiness(client, options.business);
            return resolveConflict(client, businessId, job, choice, now);
          });
          return { text: describeJob(answer, (text) => paint('bold', text)), document: answer };
        },
      ),
    );
}
