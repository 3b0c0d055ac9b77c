// A worker: sends what is due until it is told to stop.
import type { Command } from 'commander';
import type { Database } from '../database.ts';
import { metricsPortOf, type OpenMetrics, openMetrics, showMetrics } from '../metrics.ts';
import type { Cli, Perform } from '../perform.ts';
import { mailboxNotice, type OpenWorker, openWorker, slotsOf } from '../worker.ts';

interface WorkCommandOptions {
  slots?: string;
  sender?: string;
  metricsPort?: string;
}

/** Metrics, and where they are shown. */
async function watched(
  cli: Cli,
  database: Database,
  port: number,
): Promise<{ metrics: OpenMetrics; close(): Promise<void> }> {
  const metrics = await openMetrics(cli.config, database, cli.say);
  const listening = await showMetrics(cli, metrics, port);
  cli.say(`Metrics: ${listening.url}/metrics`);
  const close = async (): Promise<void> => {
    await listening.close();
    await metrics.close();
  };
  return { metrics, close };
}

async function workUntil(signal: AbortSignal, cli: Cli, worker: OpenWorker): Promise<void> {
  try {
    cli.say(`Working as ${worker.engine.worker}. Ctrl-C stops it when what it is handing over has ended.`);
    if (worker.engine.mailboxOnly) cli.say(mailboxNotice);
    await worker.run(signal);
  } finally {
    await worker.close();
  }
}

async function run(cli: Cli, { slots, sender, metricsPort }: WorkCommandOptions): Promise<null> {
  const given = { slots: slotsOf(slots), ...(sender === undefined ? {} : { sender }) };
  const port = metricsPortOf(metricsPort, cli.config);
  const ending = new AbortController();
  void cli.untilStopped().then(() => ending.abort());
  const database = await cli.open('current');
  const shown = port === undefined ? undefined : await watched(cli, database, port);
  const options = shown === undefined ? given : { ...given, metrics: shown.metrics };
  try {
    await workUntil(ending.signal, cli, await openWorker(cli.config, database, cli.say, options));
    return null;
  } finally {
    await shown?.close();
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
    .option(
      '--metrics-port <port>',
      'show metrics there, on this machine (before TOUCHLINE_METRICS_PORT); 0 takes any free one',
    )
    .action(perform(run));
}
