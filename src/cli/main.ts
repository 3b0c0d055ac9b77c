// The front door of the command line: arguments in, exit code out. Data goes to stdout, talk to stderr.
import { type Command, CommanderError } from 'commander';
import { type Io, processIo } from './io.ts';
import { report } from './perform.ts';
import { exit, usage } from './problem.ts';
import { buildProgram } from './program.ts';

/** The deepest command that the arguments name, as people write it. */
function commandPath(program: Command, args: readonly string[]): string {
  let command = program;
  const path = [program.name()];
  for (const arg of args) {
    const next = command.commands.find((candidate) => candidate.name() === arg);
    if (next === undefined) continue;
    command = next;
    path.push(arg);
  }
  return path.join(' ');
}

/** Commander's `error: unknown option '--jsn'\n(Did you mean --json?)` as one sentence in our form, with what to do. */
function writtenWrongly({ code, message }: CommanderError, path: string): Error {
  const help = `See ${path} --help.`;
  if (code === 'commander.help') return usage('No command was given.', help);
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
    const problem = error instanceof CommanderError ? writtenWrongly(error, commandPath(program, args)) : error;
    return report(io, args.includes('--json'), problem);
  }
}
