// `campaign create` and `campaign edit`: both write the draft version, which nobody is in until it is published.
import { type Command, Option } from 'commander';
import { createCampaign, editCampaign } from '../../db/call/campaigns.ts';
import { readCampaign } from '../../db/read/campaigns.ts';
import { type ServiceType, serviceTypes } from '../../generated/rows.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness, chooseCampaign } from '../choose.ts';
import { describeCampaign } from '../describe-campaign.ts';
import type { Perform } from '../perform.ts';
import { usage } from '../problem.ts';
import { addTouchOptions, readTouches, resolveTouches, type TouchOptions } from '../touch-options.ts';

interface BusinessOption {
  business?: string;
}

interface CreateOptions extends BusinessOption, TouchOptions {
  name: string;
  serviceType?: ServiceType;
  description?: string;
}

export function addCampaignCreate(parent: Command, perform: Perform): void {
  addTouchOptions(addBusinessOption(parent.command('create')))
    .description('make a draft campaign of your own')
    .requiredOption('--name <text>', 'what it is called')
    .addOption(
      new Option('--service-type <type>', 'the kind of jobs it answers to; default: all').choices(serviceTypes),
    )
    .option('--description <text>', 'a sentence for whoever looks at it later')
    .action(
      perform(async ({ io, open, say }, options: CreateOptions) => {
        const { name, serviceType = null, description = null } = options;
        const inputs = await readTouches(io, options);
        if (inputs === undefined)
          throw usage('A campaign has one to four touches.', 'Add --touch email:24h, or --touches FILE.');
        const { run } = await open('current');
        const campaign = await run(async (client) => {
          const { id } = await chooseBusiness(client, options.business);
          const touches = await resolveTouches(client, id, inputs);
          const made = await createCampaign(client, id, { name, serviceType, description, touches });
          return readCampaign(client, id, made);
        });
        say('It is a draft: nobody is enrolled until you publish it (touchline campaign publish).');
        return { text: campaign === undefined ? '' : `Created ${describeCampaign(campaign)}`, document: { campaign } };
      }),
    );
}

export function addCampaignEdit(parent: Command, perform: Perform): void {
  addTouchOptions(addBusinessOption(parent.command('edit')))
    .description('write the touches of the draft version; without touches, begin a draft from the live version')
    .argument('<campaign>', 'its id or name')
    .action(
      perform(async ({ io, open, say }, wanted: string, options: BusinessOption & TouchOptions) => {
        const inputs = await readTouches(io, options);
        const { run } = await open('current');
        const { campaign, draft_version } = await run(async (client) => {
          const { id } = await chooseBusiness(client, options.business);
          const chosen = await chooseCampaign(client, id, wanted);
          const touches = inputs === undefined ? null : await resolveTouches(client, id, inputs);
          const draft = await editCampaign(client, id, chosen.id, touches);
          return { campaign: await readCampaign(client, id, chosen.id), draft_version: draft };
        });
        say(
          'People inside keep their version. New ones get the draft once you publish it (touchline campaign publish).',
        );
        const text = campaign === undefined ? '' : `Draft version ${draft_version} of ${describeCampaign(campaign)}`;
        return { text, document: { campaign, draft_version } };
      }),
    );
}
