// A worker: sends what is due until it is told to stop.
import type { Command } from 'commander';
import type { Cli, Perform } from '../perform.ts';
import { mailboxNotice, openWorker, slotsOf } from '../worker.ts';

interface WorkCommandOptions {
  slots?: string;
  sender?: string;
}

async function run(cli: Cli, { slots, sender }: WorkCommandOptions): Promise<null> {
  const options = { slots: slotsOf(slots), ...(sender === undefined ? {} : { sender }) };
  const ending = new AbortController();
  void cli.untilStopped().then(() => ending.abort());
  const database = await cli.open('current');
  const worker = await openWorker(cli.config, database, cli.say, options);
  try {
    cli.say(`Working as ${worker.engine.worker}. Ctrl-C stops it when what it is handing over has ended.`);
    if (worker.engine.mailboxOnly) cli.say(mailboxNotice);
    await worker.run(ending.signal);
    return null;
  } finally {
    await worker.close();
  }
}

export const slotsText = 'messages handed over at once, 1 to 1000 (default: 25)';

export function addWork(parent: Command, perform: Perform): void {
  parent
    .command('work')
    .description(
      'send what is due (email by SMTP_URL), until it is told to stop; any number of workers may run at once',
    )
    .option('--slots <messages>', slotsText)
    .option(
      '--sender <name>',
      'mailbox: keep messages in the database; memory: drop them; only where the clock is virtual',
    )
    .action(perform(run));
}
