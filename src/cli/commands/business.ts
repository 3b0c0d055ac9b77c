// `touchline business`: the businesses of this database.
import type { Command } from 'commander';
import { listBusinesses, readBusiness } from '../../db/read/businesses.ts';
import { chooseBusiness } from '../choose.ts';
import { describeBusiness, missingSettings } from '../describe-business.ts';
import type { Perform } from '../perform.ts';
import { table } from '../table.ts';
import { addBusinessAdd } from './business-add.ts';
import { addBusinessSet } from './business-set.ts';

function addList(parent: Command, perform: Perform): void {
  parent
    .command('list')
    .description('list all businesses')
    .action(
      perform(async ({ open, paint }) => {
        const businesses = await (await open('current')).run(listBusinesses);
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
        return { text, document: { businesses } };
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
