// A worker: sends what is due until it is told to stop.
import type { Command } from 'commander';
import { work } from '../../worker/loop.ts';
import { type EngineOptions, openEngine } from '../engine.ts';
import type { Cli, Perform } from '../perform.ts';
import { describe, inOneLine, usage } from '../problem.ts';
import { describeOutcomes } from './tick.ts';

interface WorkCommandOptions extends EngineOptions {
  batch?: string;
}

function batchOf(text: string | undefined): number {
  const batch = Number(text ?? '100');
  if (Number.isInteger(batch) && batch >= 1 && batch <= 1000) return batch;
  throw usage(`--batch must be a whole number from 1 to 1000, got "${text}".`, 'Leave it out for 100.');
}

async function run(cli: Cli, options: WorkCommandOptions): Promise<null> {
  const batch = batchOf(options.batch);
  const ending = new AbortController();
  void cli.untilStopped().then(() => ending.abort());
  const database = await cli.open('current');
  const engine = await openEngine(cli.config, database, options);
  cli.say(`Working as ${engine.worker}. Ctrl-C stops it after the running batch.`);
  await work(engine, {
    signal: ending.signal,
    batch,
    onPass: (report) => {
      if (report.claimed > 0) cli.say(`Handed over ${describeOutcomes(report)}.`);
    },
    onError: (error) => cli.say(`${inOneLine(describe(error))} Going on.`),
  });
  engine.close();
  return null;
}

export function addWork(parent: Command, perform: Perform): void {
  parent
    .command('work')
    .description(
      'send what is due (email by SMTP_URL), until it is told to stop; any number of workers may run at once',
    )
    .option('--batch <touches>', 'touches per claim, 1 to 1000 (default: 100)')
    .option(
      '--sender <name>',
      'mailbox: keep messages in the database; memory: drop them; only where the clock is virtual',
    )
    .action(perform(run));
}
