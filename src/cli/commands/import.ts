// `import jobs`: the export of another program, or a file of one's own. It never enrolls unless it is told to, twice.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ChannelCapacity, type EnrollSummary, sendingCapacity } from '../../db/call/import.ts';
import { countSmsTouches } from '../../db/read/campaigns.ts';
import { type FormatName, formatNames } from '../../domain/import/formats.ts';
import type { DateOrder } from '../../domain/import/moment.ts';
import type { RowProblem } from '../../domain/import/refusal.ts';
import { type Business, type ServiceType, serviceTypes } from '../../generated/rows.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness } from '../choose.ts';
import { momentOf } from '../engine.ts';
import { enrollImported } from '../import/enroll.ts';
import { type Inspected, inspect } from '../import/inspect.ts';
import { type Listener, load } from '../import/load.ts';
import { countSmsSkips, describeConsent, describeEnrolling, describeTally } from '../import/summary.ts';
import type { Tally } from '../import/tally.ts';
import type { Answer, Cli, GlobalOptions, Perform } from '../perform.ts';
import { exit, usage } from '../problem.ts';
import { plain } from '../table.ts';

interface ImportOptions {
  business?: string;
  format?: FormatName;
  dateOrder?: DateOrder;
  serviceType?: ServiceType;
  dryRun?: boolean;
  enroll?: boolean;
  yes?: boolean;
  perHour?: number;
  now?: string;
}

function readPerHour(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 999999.');
  return Number(text);
}

function checkOptions({ dryRun, enroll, yes, perHour }: ImportOptions): void {
  if (dryRun === true && enroll === true) {
    const fix = 'Leave --dry-run out: without --yes, --enroll imports the jobs and only shows who would be enrolled.';
    throw usage('A dry run enrolls nobody.', fix);
  }
  if (enroll !== true && (yes === true || perHour !== undefined)) {
    throw usage(`${yes === true ? '--yes' : '--per-hour'} is about enrolling.`, 'Add --enroll, or leave it out.');
  }
}

/** Rows of the document of a dry run. */
type Told = { line: number; outcome: string; detail: string };

/** A line that is written over, for whoever looks on. */
function progressOf({ io }: Cli, all: number, what: string): (done: number) => void {
  return (done) => {
    if (io.stderr.isTTY !== true) return;
    io.stderr.write(done < all ? `\r${done} of ${all} ${what}` : '\r\u001b[K');
  };
}

function listenerOf(cli: Cli, { rows }: Inspected, options: ImportOptions, json: boolean, told: Told[]): Listener {
  const { io } = cli;
  const out = (line: string): void => {
    if (!json) io.stdout.write(`${plain(line)}\n`);
  };
  return {
    row: (line, outcome, detail) => {
      if (options.dryRun !== true) return;
      if (json) told.push({ line, outcome, detail });
      out(`line ${line}: ${outcome.replace('_', ' ')} (${detail})`);
    },
    problem: ({ line, column, what, fix }: RowProblem) =>
      out(`line ${line}${column === '' ? '' : `, ${column}`}: rejected: ${what} ${fix}`),
    progress: progressOf(cli, rows, 'rows'),
  };
}

interface Enrolling {
  found: EnrollSummary;
  capacity: ChannelCapacity[];
}

/** @param waits whether somebody would be enrolled, and --yes is missing */
function exitCodeOf({ rows: { total, rejected } }: Tally, waits: boolean): number {
  if (waits) return exit.refused;
  return total > 0 && rejected === total ? exit.failed : exit.ok;
}

/** The words and the document about all that was done. */
function answerOf(
  tally: Tally,
  business: Business,
  options: ImportOptions,
  found: { inspected: Inspected; smsSkips: number; enrolling: Enrolling | null; told: Told[] },
): Answer {
  const { inspected, smsSkips, enrolling, told } = found;
  const { dryRun = false, yes = false, perHour = null } = options;
  const jobs = [...tally.withoutConsent.values()].reduce((sum, count) => sum + count, 0);
  const text = [
    describeTally(tally, dryRun),
    describeConsent(jobs, smsSkips),
    enrolling === null
      ? ''
      : describeEnrolling(enrolling.found, enrolling.capacity, { perHour, zone: business.time_zone, isDone: yes }),
  ];
  const waits = enrolling !== null && !yes && enrolling.found.enrolled > 0;
  return {
    text: text.filter(Boolean).join('\n'),
    document: {
      business_id: business.id,
      format: inspected.header.format.name,
      columns: { used: inspected.header.used, ignored: inspected.header.ignored },
      dry_run: dryRun,
      rows: tally.rows,
      left_out: tally.reasons,
      rejected: tally.problems,
      ...(dryRun ? { would: told } : {}),
      without_sms_consent: { jobs, sms_touches: smsSkips },
      enrollment: enrolling === null ? null : { done: yes, ...enrolling.found, capacity: enrolling.capacity },
    },
    exitCode: exitCodeOf(tally, waits),
  };
}

async function importFile(cli: Cli, path: string, options: ImportOptions, json: boolean): Promise<Answer> {
  checkOptions(options);
  const { dryRun = false, serviceType } = options;
  const now = momentOf(options.now);
  const inspected = await inspect(path, options);
  for (const finding of inspected.findings) cli.say(finding);
  const database = await cli.open('current');
  const { business, smsTouches } = await database.run(async (client) => {
    const chosen = await chooseBusiness(client, options.business);
    return { business: chosen, smsTouches: await countSmsTouches(client, chosen.id) };
  });
  cli.say(
    `Times without an offset are read in ${business.time_zone}, phones without a country as those of ${business.country}.`,
  );
  const [only, ...others] = business.service_types;
  const usual = serviceTypes.find((type) => type === only && others.length === 0);
  const context = {
    header: inspected.header,
    zone: business.time_zone,
    country: business.country,
    dateOrder: inspected.dateOrder,
    serviceType: serviceType ?? usual ?? 'other',
  };
  const told: Told[] = [];
  const loading = { businessId: business.id, context, now, dryRun, keepIds: options.enroll === true };
  const tally = await load(database.run, inspected, loading, listenerOf(cli, inspected, options, json, told));
  const enrolling =
    options.enroll === true
      ? {
          found: await enrollImported(database.run, {
            ...{ businessId: business.id, jobIds: tally.jobIds, perHour: options.perHour ?? null, now },
            ...{ yes: options.yes === true, onProgress: progressOf(cli, tally.jobIds.length, 'jobs decided') },
          }),
          capacity: await database.run((client) => sendingCapacity(client, business.id, now)),
        }
      : null;
  return answerOf(tally, business, options, { inspected, smsSkips: countSmsSkips(tally, smsTouches), enrolling, told });
}

export function addImport(parent: Command, perform: Perform): void {
  const command = parent.command('import').description('bring in what another program knows');
  addBusinessOption(command.command('jobs'))
    .description('import an export of Jobber, Housecall Pro or ServiceTitan, or a file of your own (docs/import.md)')
    .argument('<file>', 'a CSV file in UTF-8')
    .addOption(
      new Option('--format <name>', 'which program wrote it; default: told by its columns').choices(formatNames),
    )
    .addOption(
      new Option('--date-order <order>', 'of dates like 03/04/2026: month or day first').choices(['mdy', 'dmy']),
    )
    .addOption(new Option('--service-type <type>', 'of jobs whose kind the file does not tell').choices(serviceTypes))
    .option('--dry-run', 'write nothing, and say what would become of each row')
    .option('--enroll', 'then enroll the completed jobs; without --yes only show who would be')
    .option('--yes', 'really enroll them')
    .option('--per-hour <number>', 'let so many begin in an hour', readPerHour)
    .option('--now <moment>', 'act as at this moment; only where the clock is virtual')
    .action(
      perform(async (cli, path: string, options: ImportOptions, jobs: Command) =>
        importFile(cli, path, options, jobs.optsWithGlobals<GlobalOptions>().json === true),
      ),
    );
}
