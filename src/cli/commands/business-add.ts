import type { Command } from 'commander';
import { addBusiness } from '../../db/call/businesses.ts';
import { ensureUser } from '../../db/call/sessions.ts';
import { readBusiness } from '../../db/read/businesses.ts';
import { addProfileOptions, profileFrom } from '../business-options.ts';
import { describeBusiness } from '../describe-business.ts';
import type { Perform } from '../perform.ts';
import { checkTimeZone } from '../time-zone.ts';
import { readUserId } from '../user-id.ts';
import { addWindowOptions, applyWindows, windowsFrom } from '../window-options.ts';

type AddOptions = Readonly<Record<string, unknown>> & { owner?: string };

export function addBusinessAdd(parent: Command, perform: Perform): void {
  const command = parent
    .command('add')
    .description('add a business, with the usual sending policy and windows')
    .option(
      '--owner <user>',
      'id of the user who owns it, in Supabase that of auth.users; default: the local user, whom touchline login signs in',
      readUserId,
    );
  addProfileOptions(command, ['name', 'time_zone']);
  addWindowOptions(command).action(
    perform(async ({ open, say }, options: AddOptions) => {
      const [profile, windows] = [profileFrom(options), windowsFrom(options)];
      const { run } = await open('current');
      const business = await run(async (client) => {
        await checkTimeZone(client, profile.time_zone);
        const id = await addBusiness(client, options.owner ?? (await ensureUser(client)), profile);
        await applyWindows(client, id, windows);
        return readBusiness(client, id);
      });
      say('Next: touchline campaign copy gentle (touchline campaign list shows the presets).');
      const text = business === undefined ? '' : `Added ${describeBusiness(business)}`;
      return { text, document: { business } };
    }),
  );
}
