// `campaign copy`: a preset with its texts, or a campaign of one's own, as a new draft.
import { type Command, Option } from 'commander';
import type { ClientBase } from 'pg';
import { copyCampaign, copyPreset } from '../../db/call/campaigns.ts';
import { type CampaignDetail, readCampaign } from '../../db/read/campaigns.ts';
import { type ServiceType, serviceTypes } from '../../generated/rows.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness, chooseCampaignOrPreset } from '../choose.ts';
import { describeCampaign } from '../describe-campaign.ts';
import type { Perform } from '../perform.ts';
import { usage } from '../problem.ts';
import { publishChecked } from './campaign-publish.ts';

interface CopyOptions {
  business?: string;
  name?: string;
  serviceType?: ServiceType;
  publish?: boolean;
}

const nextAfterDraft =
  'It is a draft: read its texts (touchline template check), then publish it (touchline campaign publish).';

async function copy(
  client: ClientBase,
  businessId: string,
  source: CampaignDetail,
  { name, serviceType }: CopyOptions,
): Promise<string> {
  if (source.preset_key !== null) {
    return copyPreset(client, businessId, source.preset_key, { serviceType: serviceType ?? null, name: name ?? null });
  }
  if (serviceType !== undefined) {
    throw usage('A copy of your own campaign keeps its service type.', 'Leave --service-type out; it is for presets.');
  }
  return copyCampaign(client, businessId, source.id, name ?? null);
}

export function addCampaignCopy(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('copy'))
    .description('copy a preset with its texts, or one of your campaigns, as a draft')
    .argument('<source>', 'the key of a preset, or the id or name of a campaign')
    .option('--name <text>', 'what the copy is called')
    .addOption(
      new Option(
        '--service-type <type>',
        'the kind of jobs the copy of a preset answers to, with a first message for it; default: all',
      ).choices(serviceTypes),
    )
    .option('--publish', 'make the copy live at once, with its texts as they are')
    .action(
      perform(async ({ open, say }, wanted: string, options: CopyOptions) => {
        const { run } = await open('current');
        const campaign = await run(async (client) => {
          const { id } = await chooseBusiness(client, options.business);
          const source = await chooseCampaignOrPreset(client, id, wanted);
          const made = await copy(client, id, source, options);
          if (options.publish === true) await publishChecked(client, id, made);
          return readCampaign(client, id, made);
        });
        if (options.publish !== true) say(nextAfterDraft);
        return { text: campaign === undefined ? '' : `Created ${describeCampaign(campaign)}`, document: { campaign } };
      }),
    );
}
