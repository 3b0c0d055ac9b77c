// The front door of the command line: arguments in, exit code out. Data goes to stdout, talk to stderr.
import { type Command, CommanderError } from 'commander';
import { didYouMean } from '../domain/did-you-mean.ts';
import { type Io, processIo } from './io.ts';
import { report } from './perform.ts';
import { exit, usage } from './problem.ts';
import { buildProgram } from './program.ts';

/** The deepest command that the arguments name. */
function namedCommand(program: Command, args: readonly string[]): Command {
  let command = program;
  for (const arg of args) command = command.commands.find((candidate) => candidate.name() === arg) ?? command;
  return command;
}

/** A command as people write it. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** `touchline help campain`, or a group without a command of it. */
function noCommand(command: Command, args: readonly string[]): string {
  const wanted = args[args.indexOf('help') + 1];
  if (!args.includes('help') || wanted === undefined) return 'No command was given.';
  const known = command.commands.map((candidate) => candidate.name());
  return `Unknown command '${wanted}'.${didYouMean(wanted, known)}`;
}

/** Commander's `error: unknown option '--jsn'\n(Did you mean --json?)` as one sentence in our form, with what to do. */
function writtenWrongly({ code, message }: CommanderError, program: Command, args: readonly string[]): Error {
  const command = namedCommand(program, args);
  const help = `See ${pathOf(command)} --help.`;
  if (code === 'commander.help') return usage(noCommand(command, args), help);
  const text = message
    .replace(/^error: /, '')
    .replace(/\n\((.*)\)$/, '. $1')
    .replace(/([^.?!])$/, '$1.');
  return usage(text.charAt(0).toUpperCase() + text.slice(1), help);
}

/**
 * Runs one command.
 * @param args what follows the name of the program
 * @param io default: the streams of this process
 * @returns the exit code: 0 ok, 1 failed, 2 usage, 3 refused by a guard
 */
export async function main(args: string[], io: Io = processIo()): Promise<number> {
  let exitCode: number = exit.ok;
  const program = buildProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exit.ok;
    const problem = error instanceof CommanderError ? writtenWrongly(error, program, args) : error;
    return report(io, args.includes('--json'), problem);
  }
}
