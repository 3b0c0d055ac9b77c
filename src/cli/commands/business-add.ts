import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { addBusiness } from '../../db/call/businesses.ts';
import { readBusiness } from '../../db/read/businesses.ts';
import { addProfileOptions, profileFrom } from '../business-options.ts';
import { describeBusiness } from '../describe-business.ts';
import type { Perform } from '../perform.ts';
import { checkTimeZone } from '../time-zone.ts';

type AddOptions = Readonly<Record<string, unknown>> & { owner?: string };

function readUserId(text: string): string {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('It must be the id (uuid) of a user.');
}

export function addBusinessAdd(parent: Command, perform: Perform): void {
  const command = parent
    .command('add')
    .description('add a business, with the usual sending policy and windows')
    .option(
      '--owner <user>',
      'id of the user who owns it, in Supabase that of auth.users; default: a made-up one',
      readUserId,
    );
  addProfileOptions(command, ['name', 'time_zone']);
  command.action(
    perform(async ({ open, say }, options: AddOptions) => {
      const { run } = await open('current');
      const profile = profileFrom(options);
      const business = await run(async (client) => {
        await checkTimeZone(client, profile.time_zone);
        const id = await addBusiness(client, options.owner ?? randomUUID(), profile);
        return readBusiness(client, id);
      });
      say('Next: touchline campaign copy gentle (touchline campaign list shows the presets).');
      const text = business === undefined ? '' : `Added ${describeBusiness(business)}`;
      return { text, document: { business } };
    }),
  );
}
