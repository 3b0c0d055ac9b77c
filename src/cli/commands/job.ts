// `job complete`: what a business's own program would report, by hand; and the jobs that wait for a person.
import type { Command } from 'commander';
import { type CustomerFields, completeJob, type JobFields } from '../../db/call/jobs.ts';
import { serviceTypes } from '../../generated/rows.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness } from '../choose.ts';
import { describeJob } from '../describe-job.ts';
import { momentOf } from '../engine.ts';
import type { Perform } from '../perform.ts';
import { addConflicts, addResolve } from './job-conflicts.ts';

interface CompleteOptions {
  business?: string;
  customer: string;
  firstName?: string;
  lastName?: string;
  email?: string;
  phone?: string;
  smsConsent?: boolean;
  serviceType?: string;
  title?: string;
  completedAt?: string;
  now?: string;
}

function given(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}

function customerOf(options: CompleteOptions): CustomerFields {
  const { customer, firstName, lastName, email, phone, smsConsent } = options;
  return {
    ...given({ external_id: customer, first_name: firstName, last_name: lastName, email, phone }),
    ...(smsConsent === true ? { sms_consent: { status: 'opted_in', source: 'cli' } } : {}),
  };
}

function jobOf(externalId: string, { serviceType, title, completedAt }: CompleteOptions): JobFields {
  return given({ external_id: externalId, service_type: serviceType, title, completed_at: completedAt, source: 'cli' });
}

export function addJob(parent: Command, perform: Perform): void {
  const job = parent.command('job').description('completed work, which campaigns answer to');
  addBusinessOption(job.command('complete'))
    .description('report that a job is done; who qualifies is enrolled at once')
    .argument('<external-id>', 'your own id of the job')
    .requiredOption('--customer <external-id>', 'your own id of the customer')
    .option('--first-name <text>')
    .option('--last-name <text>')
    .option('--email <address>')
    .option('--phone <number>', 'in E.164 form, like +12125550101')
    .option('--sms-consent', 'the customer agreed to get texts')
    .option('--service-type <type>', `one of ${serviceTypes.join(', ')}`)
    .option('--title <text>', 'what was done')
    .option('--completed-at <moment>', 'when it was done (default: now)')
    .option('--now <moment>', 'act as at this moment; only where the clock is virtual')
    .action(
      perform(async ({ open, paint }, externalId: string, options: CompleteOptions) => {
        const now = momentOf(options.now);
        const { run } = await open('current');
        const answer = await run(async (client) => {
          const { id } = await chooseBusiness(client, options.business);
          return completeJob(client, id, jobOf(externalId, options), customerOf(options), now);
        });
        return { text: describeJob(answer, (text) => paint('bold', text)), document: answer };
      }),
    );
  addConflicts(job, perform);
  addResolve(job, perform);
}
