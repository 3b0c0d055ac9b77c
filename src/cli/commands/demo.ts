// `touchline demo`: three made-up businesses and their last thirty days, beside the kept database, with a recount at the end.
import { type Command, InvalidArgumentError } from 'commander';
import { type Database, openDatabase } from '../database.ts';
import { type DemoProgress, type DemoReport, fillDemo, reportDemo } from '../demo/index.ts';
import { describeDemo, isSound } from '../demo/report.ts';
import type { Io } from '../io.ts';
import { linksOf, tokensOf } from '../links.ts';
import type { Answer, Cli, GlobalOptions, Perform } from '../perform.ts';
import { exit } from '../problem.ts';

interface DemoCommandOptions {
  seed?: number;
  fresh?: boolean;
}

const largestSeed = 2 ** 31 - 1;

function readSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= largestSeed) return seed;
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${largestSeed}.`);
}

// Elsewhere than on a terminal a line every few days is enough to see that it goes on.
const plainEveryDays = 10;

function progressOn({ stderr }: Io): (progress: DemoProgress) => void {
  let told = 0;
  return ({ day, days, sent }) => {
    const line = `day ${day} of ${days}: ${sent} messages`;
    if (stderr.isTTY === true) stderr.write(day < days ? `\r\u001b[K${line}` : '\r\u001b[K');
    else if (day === days || day >= told + plainEveryDays) {
      told = day;
      stderr.write(`${line}\n`);
    }
  };
}

interface Making extends DemoCommandOptions {
  json: boolean;
  signal: AbortSignal;
}

async function make({ config, io }: Cli, kept: Database, { seed, json, signal }: Making): Promise<DemoReport> {
  const tokens = tokensOf(config, kept);
  return fillDemo(kept, {
    ...(seed === undefined ? {} : { seed }),
    ...(tokens === undefined ? {} : { links: linksOf(tokens, `http://localhost:${config.port}/demo`) }),
    ...(json ? {} : { onProgress: progressOn(io) }),
    signal,
  });
}

function answerWith(report: DemoReport, { paint }: Cli): Answer {
  return {
    text: describeDemo(report, (titles) => paint('bold', titles)),
    document: report,
    exitCode: isSound(report) ? exit.ok : exit.failed,
  };
}

async function demo(cli: Cli, options: DemoCommandOptions, json: boolean): Promise<Answer> {
  const { config, say, untilStopped } = cli;
  const stopping = new AbortController();
  void untilStopped().then(() => stopping.abort());
  if (config.databaseUrl !== undefined) {
    say('The demo stays on the embedded Postgres: DATABASE_URL is left alone.');
  }
  const making = { ...options, json, signal: stopping.signal };
  const kept = await openDatabase({ databaseUrl: undefined, dataDir: config.dataDir }, 'any', say);
  try {
    const before = options.fresh === true ? undefined : await reportDemo(kept);
    if (before === undefined) return answerWith(await make(cli, kept, making), cli);
    if (options.seed !== undefined && options.seed !== before.seed) {
      say(`The demo of seed ${before.seed} is there already; --fresh replaces it by one of seed ${options.seed}.`);
    }
    return answerWith(before, cli);
  } finally {
    await kept.close();
  }
}

export function addDemo(parent: Command, perform: Perform): void {
  parent
    .command('demo')
    .description('play thirty days of three made-up businesses through the real engine, and recount what came of it')
    .option('--seed <number>', 'who does what; the same number makes the same month (default: 1)', readSeed)
    .option('--fresh', 'make it anew where one is there')
    .addHelpText(
      'after',
      '\nIt is a database of its own on the embedded Postgres: your data is left alone, and nothing leaves the machine.',
    )
    .action(
      perform((cli, options: DemoCommandOptions, command: Command) =>
        demo(cli, options, command.optsWithGlobals<GlobalOptions>().json === true),
      ),
    );
}
