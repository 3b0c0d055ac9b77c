// `campaign list` and `campaign show`: looking changes nothing.
import type { Command } from 'commander';
import { hasBusiness } from '../../db/read/businesses.ts';
import { type CampaignSummary, listCampaigns, listPresets, type PresetSummary } from '../../db/read/campaigns.ts';
import { mostCounted } from '../../engine/home.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness, chooseCampaignOrPreset } from '../choose.ts';
import { describeCampaign } from '../describe-campaign.ts';
import type { Cli, Perform } from '../perform.ts';
import { table } from '../table.ts';
import { describePlan } from '../touches.ts';

interface ListOptions {
  business?: string;
}

function versionOf({ live_version, draft_version }: CampaignSummary): string {
  const live = live_version === null ? 'none live' : String(live_version);
  return draft_version === null || draft_version === live_version ? live : `${live}, draft ${draft_version}`;
}

function campaignTable(campaigns: readonly CampaignSummary[], { paint }: Cli): string {
  return table(
    campaigns,
    [
      { title: 'campaign', value: ({ name }) => name },
      { title: 'id', value: ({ id }) => id },
      { title: 'service type', value: ({ service_type }) => service_type ?? 'all' },
      { title: 'status', value: ({ status }) => status },
      { title: 'version', value: versionOf },
      {
        title: 'people',
        value: ({ active_enrollments: people }) => (people > mostCounted ? `${mostCounted}+` : people),
        align: 'right',
      },
      { title: 'touches', value: ({ touches }) => describePlan(touches) || 'none' },
    ],
    (titles) => paint('bold', titles),
    'No campaigns yet. Copy a preset: touchline campaign copy gentle',
  );
}

function presetTable(presets: readonly PresetSummary[], { paint }: Cli): string {
  return table(
    presets,
    [
      { title: 'preset', value: ({ preset_key }) => preset_key },
      { title: 'touches', value: ({ touches }) => describePlan(touches) },
      { title: 'description', value: ({ description }) => description },
    ],
    (titles) => paint('bold', titles),
    'This database has no presets; touchline migrate brings them.',
  );
}

export function addCampaignList(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('list'))
    .description('list the campaigns of a business, and the presets to copy')
    .action(
      perform(async (cli, { business: wanted }: ListOptions) => {
        const { run } = await cli.open('current');
        const found = await run(async (client) => {
          const presets = await listPresets(client);
          // Before the first business there is nothing to choose, and the presets are worth a look.
          if (wanted === undefined && !(await hasBusiness(client))) return { presets, campaigns: [] };
          const business = await chooseBusiness(client, wanted);
          return { presets, business, campaigns: await listCampaigns(client, business.id) };
        });
        const { business, campaigns, presets } = found;
        return {
          text: `${campaignTable(campaigns, cli)}\n\n${presetTable(presets, cli)}`,
          document: { business_id: business?.id ?? null, campaigns, presets },
        };
      }),
    );
}

export function addCampaignShow(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('show'))
    .description('show a campaign or a preset with its touches')
    .argument('<campaign>', 'its id or name, or the key of a preset')
    .action(
      perform(async ({ open }, wanted: string, { business }: ListOptions) => {
        const { run } = await open('current');
        const campaign = await run((client) => chooseCampaignOrPreset(client, business, wanted));
        return { text: describeCampaign(campaign), document: { campaign } };
      }),
    );
}
