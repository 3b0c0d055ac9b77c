// The command line as commander sees it. A new command is a file in commands/ that exports a function of this form, and a
// line in the list below.
import { Command } from 'commander';
import { addBusiness } from './commands/business.ts';
import { addCampaign } from './commands/campaign.ts';
import { addConfig } from './commands/config.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEnroll, addExplain, addOptOut, addStop } from './commands/enrollment.ts';
import { addImport } from './commands/import.ts';
import { addJob } from './commands/job.ts';
import { addKeys } from './commands/keys.ts';
import { addLogin } from './commands/login.ts';
import { addMailbox } from './commands/mailbox.ts';
import { addMigrate } from './commands/migrate.ts';
import { addPrune } from './commands/prune.ts';
import { addReconcile } from './commands/reconcile.ts';
import { addSender } from './commands/sender.ts';
import { addServe, addStart } from './commands/start.ts';
import { addTemplate } from './commands/template.ts';
import { addTick } from './commands/tick.ts';
import { addUnknown } from './commands/unknown.ts';
import { addWork } from './commands/work.ts';
import type { Io } from './io.ts';
import { type Perform, performer } from './perform.ts';
import { packageVersion } from './version.ts';

/** Adds a command to `parent`; its work is wrapped by `perform`. */
type AddCommand = (parent: Command, perform: Perform) => void;

/** In the order of --help. */
const commands: readonly AddCommand[] = [
  addStart,
  addServe,
  addDemo,
  addLogin,
  addMigrate,
  addBusiness,
  addCampaign,
  addTemplate,
  addSender,
  addJob,
  addImport,
  addEnroll,
  addStop,
  addOptOut,
  addExplain,
  addUnknown,
  addReconcile,
  addMailbox,
  addKeys,
  addTick,
  addWork,
  addPrune,
  addDoctor,
  addConfig,
];

const widthOfPipes = 100;

/** @param done hears the exit code of the command that ran */
export function buildProgram(io: Io, done: (exitCode: number) => void): Command {
  const program = new Command('touchline')
    .description('Multi-touch follow-up campaigns on Postgres: never twice, never at night, never after a stop.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .option('--json', 'print one JSON document instead of text')
    .option('--database-url <url>', 'the Postgres to use, before DATABASE_URL; without either, the embedded one')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // Errors are told by main, in one line.
      outputError: () => undefined,
      getOutHelpWidth: () => io.stdout.columns ?? widthOfPipes,
      getErrHelpWidth: () => io.stderr.columns ?? widthOfPipes,
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 failed, 2 usage, 3 refused by a guard. touchline COMMAND --help says more.',
    );
  const perform = performer(io, done);
  for (const add of commands) add(program, perform);
  return program;
}
