// `enroll`, `stop`, `opt-out` and `explain`: one person's way through a campaign.
import type { Command } from 'commander';
import { type ExplainedGuard, explainTouch, recordOptOut, stopEnrollment } from '../../db/call/enrollments.ts';
import { enrollJob } from '../../db/call/jobs.ts';
import { channels } from '../../generated/rows.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness } from '../choose.ts';
import { describeJob } from '../describe-job.ts';
import { momentOf } from '../engine.ts';
import type { Perform } from '../perform.ts';
import { usage } from '../problem.ts';
import { type Column, table } from '../table.ts';

interface BusinessOption {
  business?: string;
  now?: string;
}

const atMoment = 'act as at this moment; only where the clock is virtual';

function checkId(id: string, noun: string): string {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id;
  throw usage(`"${id}" is not the id of ${noun}.`, 'Ids look like 01a2119b-e55a-762f-8de6-772051a6ef38.');
}

export function addEnroll(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('enroll'))
    .description('decide a completed job now, also one that was refused before')
    .argument('<job>', 'id of the job')
    .option('--now <moment>', atMoment)
    .action(
      perform(async ({ open, paint }, job: string, { business, now }: BusinessOption) => {
        const jobId = checkId(job, 'a job');
        const moment = momentOf(now);
        const { run } = await open('current');
        const answer = await run(async (client) =>
          enrollJob(client, (await chooseBusiness(client, business)).id, jobId, moment),
        );
        return { text: describeJob(answer, (text) => paint('bold', text)), document: answer };
      }),
    );
}

export function addStop(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('stop'))
    .description('end the messages to one person')
    .argument('<enrollment>', 'id of the enrollment')
    .option('--reason <reason>', 'owner_stopped, replied, booked_again, …', 'owner_stopped')
    .option('--now <moment>', atMoment)
    .action(
      perform(async ({ open }, enrollment: string, { business, reason, now }: BusinessOption & { reason: string }) => {
        const id = checkId(enrollment, 'an enrollment');
        const moment = momentOf(now);
        const { run } = await open('current');
        const stopped = await run(async (client) =>
          stopEnrollment(client, (await chooseBusiness(client, business)).id, id, reason, moment),
        );
        return { text: stopped ? 'Stopped.' : 'It was over already.', document: { enrollment_id: id, stopped } };
      }),
    );
}

export function addOptOut(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('opt-out'))
    .description('never write to an address again')
    .argument('<channel>', channels.join(' or '))
    .argument('<address>', 'email address, or phone in E.164 form')
    .option('--notes <text>', 'how the wish was made known')
    .action(
      perform(
        async (
          { open },
          channel: string,
          address: string,
          { business, notes }: BusinessOption & { notes?: string },
        ) => {
          const known = channels.find((name) => name === channel);
          if (known === undefined) throw usage(`There is no channel "${channel}".`, `Use ${channels.join(' or ')}.`);
          const { run } = await open('current');
          const answer = await run(async (client) => {
            const { id } = await chooseBusiness(client, business);
            return recordOptOut(client, id, known, address, {
              source: 'cli',
              ...(notes === undefined ? {} : { notes }),
            });
          });
          return { text: `${address} is not written to by ${known} any more.`, document: answer };
        },
      ),
    );
}

const guardColumns: readonly Column<ExplainedGuard>[] = [
  { title: 'GUARD', value: ({ guard }) => guard },
  { title: 'PASSES', value: ({ passes }) => (passes ? 'yes' : 'no') },
  {
    title: 'ELSE',
    value: ({ passes, verdict, reason }) => (passes ? null : [verdict, reason].filter(Boolean).join(' ')),
  },
  { title: 'PASSES AT', value: ({ passes_at: at }) => at?.toISOString() ?? null },
  { title: 'INPUTS', value: ({ inputs }) => JSON.stringify(inputs) },
];

export function addExplain(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('explain'))
    .description('why a touch goes, waits or does not go: every guard, its inputs and its verdict')
    .argument('<enrollment>', 'id of the enrollment')
    .option('--touch <number>', 'touch 1 to 4 (default: the current one)')
    .option('--now <moment>', atMoment)
    .action(
      perform(
        async ({ open, paint }, enrollment: string, { business, touch, now }: BusinessOption & { touch?: string }) => {
          const id = checkId(enrollment, 'an enrollment');
          if (touch !== undefined && !/^[1-4]$/.test(touch))
            throw usage(`There is no touch "${touch}".`, 'Use 1 to 4.');
          const moment = momentOf(now);
          const { run } = await open('current');
          const guards = await run(async (client) => {
            const { id: businessId } = await chooseBusiness(client, business);
            return explainTouch(client, businessId, id, touch === undefined ? null : Number(touch), moment);
          });
          const first = guards[0];
          const title =
            first === undefined ? '' : `Touch ${first.touch_number} by ${first.channel} is ${first.status}.\n`;
          return {
            text: `${title}${table(guards, guardColumns, (text) => paint('bold', text), 'No guards.')}`,
            document: guards,
          };
        },
      ),
    );
}
