// `touchline business`: the businesses of this database.
import type { Command } from 'commander';
import { pageOfBusinesses, readBusiness } from '../../db/read/businesses.ts';
import { chooseBusiness } from '../choose.ts';
import { describeBusiness, missingSettings } from '../describe-business.ts';
import { addPageOptions, moreLine, type PageOptions } from '../page-options.ts';
import type { Perform } from '../perform.ts';
import { table } from '../table.ts';
import { addBusinessAdd } from './business-add.ts';
import { addBusinessSet } from './business-set.ts';

function addList(parent: Command, perform: Perform): void {
  addPageOptions(parent.command('list'), 100)
    .description('list the businesses, by name')
    .action(
      perform(async ({ open, paint }, { limit, cursor }: PageOptions) => {
        const { run } = await open('current');
        const { rows: businesses, nextCursor } = await run((client) =>
          pageOfBusinesses(client, { cursor: cursor ?? null, limit }),
        );
        const text = table(
          businesses,
          [
            { title: 'name', value: ({ name }) => name },
            { title: 'id', value: ({ id }) => id },
            { title: 'time zone', value: ({ time_zone }) => time_zone },
            { title: 'status', value: ({ status }) => status },
            {
              title: 'missing',
              value: (row) =>
                missingSettings(row)
                  .map(({ setting }) => setting)
                  .join(', ') || '-',
            },
          ],
          (titles) => paint('bold', titles),
          'There is no business yet. Add one: touchline business add --name "Ann\'s Plumbing" --time-zone America/New_York',
        );
        return { text: text + moreLine(nextCursor), document: { businesses, next_cursor: nextCursor } };
      }),
    );
}

function addShow(parent: Command, perform: Perform): void {
  parent
    .command('show')
    .description('show one business with its sending policy and windows')
    .argument('[business]', 'its id or name; not needed when there is only one')
    .action(
      perform(async ({ open }, wanted: string | undefined) => {
        const { run } = await open('current');
        const business = await run(async (client) => readBusiness(client, (await chooseBusiness(client, wanted)).id));
        return { text: business === undefined ? '' : describeBusiness(business), document: { business } };
      }),
    );
}

export function addBusiness(parent: Command, perform: Perform): void {
  const business = parent.command('business').description('add, list, show and change businesses');
  addBusinessAdd(business, perform);
  addList(business, perform);
  addShow(business, perform);
  addBusinessSet(business, perform);
}
