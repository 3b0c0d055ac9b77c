// `campaign publish`: the draft becomes what people get. Its texts are checked here, because SQL does not read templates.
import type { Command } from 'commander';
import type { ClientBase } from 'pg';
import { publishCampaign } from '../../db/call/campaigns.ts';
import { type CampaignDetail, readCampaign } from '../../db/read/campaigns.ts';
import { readTemplate } from '../../db/read/templates.ts';
import { checkTemplate } from '../../domain/template/check.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness, chooseCampaign } from '../choose.ts';
import { describeCampaign } from '../describe-campaign.ts';
import type { Perform } from '../perform.ts';
import { CommandProblem, exit } from '../problem.ts';

interface PublishOptions {
  business?: string;
}

function unsendable(touch: number, name: string, problem: { what: string; why: string; fix: string }): CommandProblem {
  return new CommandProblem({
    code: 'template_invalid',
    what: `The text "${name}" of touch ${touch} cannot be published: ${problem.what}`,
    why: problem.why,
    fix: `${problem.fix} touchline template check shows all.`,
    exitCode: exit.refused,
  });
}

async function refuseBadTexts(client: ClientBase, { business_id, versions }: CampaignDetail): Promise<void> {
  const draft = versions.find(({ state }) => state === 'draft');
  for (const { touch_number, template_id } of draft?.touches ?? []) {
    const template = template_id === null ? undefined : await readTemplate(client, business_id, template_id);
    if (template === undefined) continue;
    const wrong = checkTemplate(template).problems.find(({ severity }) => severity === 'error');
    if (wrong !== undefined) throw unsendable(touch_number, template.name, wrong);
  }
}

/**
 * Makes the draft of a campaign live, when all of its texts can be sent; gives the number of the version.
 * @throws CommandProblem `template_invalid`
 */
export async function publishChecked(client: ClientBase, businessId: string, campaignId: string): Promise<number> {
  const before = await readCampaign(client, businessId, campaignId);
  if (before !== undefined) await refuseBadTexts(client, before);
  return publishCampaign(client, businessId, campaignId);
}

export function addCampaignPublish(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('publish'))
    .description('make the draft version live: jobs completed from now on get it, people inside keep theirs')
    .argument('<campaign>', 'its id or name')
    .action(
      perform(async ({ open }, wanted: string, { business }: PublishOptions) => {
        const { run } = await open('current');
        const { campaign, live_version } = await run(async (client) => {
          const { id } = await chooseBusiness(client, business);
          const chosen = await chooseCampaign(client, id, wanted);
          const live = await publishChecked(client, id, chosen.id);
          return { campaign: await readCampaign(client, id, chosen.id), live_version: live };
        });
        const text = campaign === undefined ? '' : `Version ${live_version} is live: ${describeCampaign(campaign)}`;
        return { text, document: { campaign, live_version } };
      }),
    );
}
