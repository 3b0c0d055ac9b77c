// Runs one command: gives it what it needs, prints its answer, closes what it opened, and finds the exit code.
import type { Command } from 'commander';
import { type Config, checkDatabaseUrl, loadConfig, settingNames, unknownSettings } from '../config.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { type Database, type Need, openDatabase } from './database.ts';
import type { Io } from './io.ts';
import { describe, exit, inOneLine } from './problem.ts';
import { hearStop, type StopRequest } from './stop.ts';

// Written here because styleText of node:util looks at the streams of the process in some versions and not in others.
const styles = { bold: [1, 22], dim: [2, 22], red: [31, 39], yellow: [33, 39], green: [32, 39] } as const;

/** What a command found: for people, and the same for programs. */
export interface Answer {
  text: string;
  document: unknown;
  /** Default 0. */
  exitCode?: number;
}

/** What a command works with. */
export interface Cli {
  io: Io;
  config: Config;
  /** Talk: one line on stderr. */
  say(line: string): void;
  /** Data on stdout: the text, or with --json the document. */
  print(answer: Answer): void;
  /** Decorates text for a terminal; elsewhere it stays as it is. */
  paint(style: keyof typeof styles, text: string): string;
  /** Opens the database of this command; it is closed when the command ends. */
  open(need: Need): Promise<Database>;
  /**
   * For commands that run until they are told to stop: resolves then. To be called before anything is opened, so that what is
   * open is closed in order whenever the signal comes.
   */
  untilStopped(): Promise<void>;
}

/** Turns the work of a command into an action for commander; the work gets what commander gives: arguments, options, command. */
export type Perform = <Args extends unknown[]>(
  work: (cli: Cli, ...args: Args) => Promise<Answer | null>,
) => (this: Command, ...args: Args) => Promise<void>;

/** Options that every command has. */
export interface GlobalOptions {
  json?: boolean;
  databaseUrl?: string;
}

/** Tells of a failure: a line on stderr, and with --json the one document on stdout. */
export function report(io: Io, json: boolean, error: unknown): number {
  const problem = describe(error);
  const { exitCode, ...shown } = problem;
  io.stderr.write(`touchline: ${inOneLine(problem)}\n`);
  if (json) io.stdout.write(`${JSON.stringify({ error: shown }, null, 2)}\n`);
  return exitCode;
}

function readConfig(io: Io, options: GlobalOptions): Config {
  const config = loadConfig(io.env);
  if (options.databaseUrl === undefined) return config;
  return { ...config, databaseUrl: checkDatabaseUrl(options.databaseUrl, '--database-url') };
}

/** What a command holds, to be closed when it ends. */
interface Held {
  databases: Database[];
  stops: StopRequest[];
}

function makeCli(io: Io, options: GlobalOptions, held: Held): Cli {
  const config = readConfig(io, options);
  const json = options.json === true;
  const colour = config.colour && io.stdout.isTTY === true && !json;
  const say = (line: string): void => void io.stderr.write(`${line}\n`);
  return {
    io,
    config,
    say,
    print: ({ text, document }) => void io.stdout.write(`${json ? JSON.stringify(document, null, 2) : text}\n`),
    paint: (style, text) => (colour ? `\u001b[${styles[style][0]}m${text}\u001b[${styles[style][1]}m` : text),
    open: async (need) => {
      const database = await openDatabase(config, need, say);
      held.databases.push(database);
      return database;
    },
    untilStopped: () => {
      const stop = hearStop(io, say);
      held.stops.push(stop);
      return stop.asked;
    },
  };
}

async function run(
  io: Io,
  options: GlobalOptions,
  held: Held,
  work: (cli: Cli) => Promise<Answer | null>,
): Promise<number> {
  const cli = makeCli(io, options, held);
  for (const name of unknownSettings(io.env)) {
    cli.say(`${name} is not a setting of Touchline.${didYouMean(name, settingNames)}`);
  }
  const answer = await work(cli);
  if (answer !== null) cli.print(answer);
  return answer?.exitCode ?? exit.ok;
}

/**
 * @param io where the commands read and write
 * @param done hears the exit code when everything is closed
 */
export function performer(io: Io, done: (exitCode: number) => void): Perform {
  return (work) =>
    async function (...args) {
      const options = this.optsWithGlobals<GlobalOptions>();
      const tell = (error: unknown): number => report(io, options.json === true, error);
      const held: Held = { databases: [], stops: [] };
      let exitCode = await run(io, options, held, (cli) => work(cli, ...args)).catch(tell);
      for (const database of held.databases) {
        await database.close().catch((error: unknown) => {
          exitCode = tell(error);
        });
      }
      for (const stop of held.stops) stop.done();
      done(exitCode);
    };
}
