// Commands of `touchline` as pages write them, held against the program: that the command exists, takes these options and so many words.
import { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';

/** What a page tells people to type, without comments. */
export function commandsIn(page: string): string[] {
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.replaceAll('\\\n', ' ').split('\n'),
  );
  const inline = [...page.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
    code.replaceAll(/\s+/g, ' '),
  );
  return [...blocks, ...inline]
    .flatMap((line) => line.replace(/(?:^|\s)#.*$/, '').split(/&&|\||;|\$\(|\)/))
    .map((line) =>
      line
        .trim()
        .replace(/^(?:[A-Z_]+=\S+ )*(?:npx )?(?=touchline )/, '')
        .replace(/\s+<\s*\S+$/, ''),
    )
    .filter((line) => line.startsWith('touchline '));
}

/** The words of a line, as a shell takes them apart. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}

function program(): Command {
  const nowhere = { isTTY: false, write: () => true };
  return buildProgram({ stdout: nowhere, stderr: nowhere, stdin: process.stdin, env: {} }, () => undefined);
}

/** What is wrong with it; undefined: the program would take it. */
export function wrongCommand(line: string): string | undefined {
  let command = program();
  const words = wordsOf(line).slice(1);
  for (;;) {
    const next = command.commands.find((candidate) => candidate.name() === words[0]);
    if (next === undefined) break;
    command = next;
    words.shift();
  }
  if (command.parent === null) return `there is no command ${words[0] ?? ''}`;
  // The global options belong to every command.
  const known = new Command().exitOverride().allowUnknownOption(false);
  for (const { flags } of [...command.options, ...program().options]) known.option(flags);
  const { operands, unknown } = known.parseOptions(words);
  if (unknown.length > 0) return `${command.name()} does not take ${unknown.join(' ')}`;
  // A page that only names a command says nothing of what follows it.
  const isName = words.length === 0;
  const needed = isName ? 0 : command.registeredArguments.filter(({ required }) => required).length;
  if (operands.length < needed || operands.length > command.registeredArguments.length) {
    return `${command.name()} takes ${command.registeredArguments.length} words, not "${operands.join(' ')}"`;
  }
  const wrong = command.registeredArguments.find(({ argChoices }, place) => {
    const word = operands[place];
    return argChoices !== undefined && word !== undefined && !argChoices.includes(word);
  });
  return wrong === undefined
    ? undefined
    : `${command.name()}: ${wrong.name()} is one of ${wrong.argChoices?.join(', ')}`;
}
