import type { Command } from 'commander';
import type { ClientBase } from 'pg';
import { type PolicyChanges, type Profile, setBusiness, setSendingPolicy } from '../../db/call/businesses.ts';
import { readBusiness } from '../../db/read/businesses.ts';
import {
  addBusinessOption,
  addPolicyOptions,
  addProfileOptions,
  policyFrom,
  profileFrom,
} from '../business-options.ts';
import { chooseBusiness } from '../choose.ts';
import { describeBusiness } from '../describe-business.ts';
import type { Perform } from '../perform.ts';
import { usage } from '../problem.ts';
import { checkTimeZone } from '../time-zone.ts';
import { addWindowOptions, applyWindows, windowsFrom } from '../window-options.ts';

type SetOptions = Readonly<Record<string, unknown>> & { business?: string };

interface Changes {
  profile: Profile;
  policy: PolicyChanges;
  windows: ReturnType<typeof windowsFrom>;
}

function readChanges(options: SetOptions): Changes {
  return { profile: profileFrom(options), policy: policyFrom(options), windows: windowsFrom(options) };
}

function namesOf({ profile, policy, windows }: Changes): string[] {
  return [...Object.keys(profile), ...Object.keys(policy), ...windows.map(({ channel }) => `${channel}_windows`)];
}

async function apply(client: ClientBase, businessId: string, { profile, policy, windows }: Changes): Promise<void> {
  await checkTimeZone(client, profile.time_zone);
  if (Object.keys(profile).length > 0) await setBusiness(client, businessId, profile);
  if (Object.keys(policy).length > 0) await setSendingPolicy(client, businessId, policy);
  await applyWindows(client, businessId, windows);
}

export function addBusinessSet(parent: Command, perform: Perform): void {
  const command = addBusinessOption(parent.command('set')).description(
    'change a business; what is not named stays, and an empty text ("") removes a setting',
  );
  addProfileOptions(command);
  addPolicyOptions(command);
  addWindowOptions(command).action(
    perform(async ({ open }, options: SetOptions) => {
      const changes = readChanges(options);
      const names = namesOf(changes);
      if (names.length === 0) {
        throw usage('There is nothing to change.', 'Name a setting, like --review-url https://…; --help lists all.');
      }
      const { run } = await open('current');
      const business = await run(async (client) => {
        const { id } = await chooseBusiness(client, options.business);
        await apply(client, id, changes);
        return readBusiness(client, id);
      });
      const text = business === undefined ? '' : `Changed ${names.join(', ')} of ${describeBusiness(business)}`;
      return { text, document: { business, changed: names } };
    }),
  );
}
