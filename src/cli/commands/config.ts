// Every setting, where it comes from, and no secret.
import type { Command } from 'commander';
import { redacted } from '../../config.ts';
import type { GlobalOptions, Perform } from '../perform.ts';
import { table } from '../table.ts';

export function addConfig(parent: Command, perform: Perform): void {
  parent
    .command('config')
    .description('show every setting, with secrets hidden')
    .action(
      perform(async ({ io, paint }, _options: GlobalOptions, command: Command) => {
        const settings = redacted(io.env, command.optsWithGlobals<GlobalOptions>().databaseUrl);
        const columns = [
          { title: 'setting', value: ({ name }: (typeof settings)[number]) => name },
          { title: 'value', value: ({ value }: (typeof settings)[number]) => value },
          { title: 'from', value: ({ source }: (typeof settings)[number]) => source },
          { title: 'meaning', value: ({ meaning }: (typeof settings)[number]) => meaning },
        ];
        const text = table(settings, columns, (titles) => paint('bold', titles), '');
        return { text, document: { settings } };
      }),
    );
}
