import type { Command } from 'commander';
import type { ClientBase } from 'pg';
import {
  type PolicyChanges,
  type Profile,
  setBusiness,
  setSendingPolicy,
  setSendingWindows,
} from '../../db/call/businesses.ts';
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
import { parseWindows } from '../windows.ts';

interface WindowOptions {
  emailWindows?: string;
  smsWindows?: string;
}

type SetOptions = Readonly<Record<string, unknown>> & WindowOptions & { business?: string };

type Windows = ReturnType<typeof parseWindows>;

interface Changes {
  profile: Profile;
  policy: PolicyChanges;
  windows: { channel: 'email' | 'sms'; windows: Windows }[];
}

function readChanges(options: SetOptions): Changes {
  const { emailWindows, smsWindows } = options;
  return {
    profile: profileFrom(options),
    policy: policyFrom(options),
    windows: [
      ...(emailWindows === undefined ? [] : [{ channel: 'email' as const, windows: parseWindows(emailWindows) }]),
      ...(smsWindows === undefined ? [] : [{ channel: 'sms' as const, windows: parseWindows(smsWindows) }]),
    ],
  };
}

function namesOf({ profile, policy, windows }: Changes): string[] {
  return [...Object.keys(profile), ...Object.keys(policy), ...windows.map(({ channel }) => `${channel}_windows`)];
}

async function apply(client: ClientBase, businessId: string, { profile, policy, windows }: Changes): Promise<void> {
  await checkTimeZone(client, profile.time_zone);
  if (Object.keys(profile).length > 0) await setBusiness(client, businessId, profile);
  if (Object.keys(policy).length > 0) await setSendingPolicy(client, businessId, policy);
  for (const change of windows) await setSendingWindows(client, businessId, change.channel, change.windows);
}

export function addBusinessSet(parent: Command, perform: Perform): void {
  const command = addBusinessOption(parent.command('set')).description(
    'change a business; what is not named stays, and an empty text ("") removes a setting',
  );
  addProfileOptions(command);
  addPolicyOptions(command);
  command
    .optionsGroup("Sending windows, in the customer's time:")
    .option('--email-windows <windows>', 'like "mon-fri 07:00-21:00, sat 09:00-17:00"; other days are closed')
    .option('--sms-windows <windows>', 'the same for SMS')
    .action(
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
