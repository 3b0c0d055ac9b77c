// `campaign pause`, `resume` and `archive`: whether a campaign goes on.
import type { Command } from 'commander';
import type { ClientBase } from 'pg';
import { archiveCampaign, pauseCampaign, resumeCampaign } from '../../db/call/campaigns.ts';
import { type CampaignDetail, type CampaignSummary, readCampaign } from '../../db/read/campaigns.ts';
import { mostCounted } from '../../engine/home.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness, chooseCampaign } from '../choose.ts';
import type { Cli, Perform } from '../perform.ts';
import { CommandProblem, exit } from '../problem.ts';
import { plain } from '../table.ts';
import { counted } from '../words.ts';

interface StateOptions {
  business?: string;
  reason?: string;
  yes?: boolean;
}

interface Change {
  campaign: CampaignDetail | undefined;
  name: string;
  /** Whether it was in that state before, so that nothing was done. */
  already: boolean;
  count: number;
}

/** Chooses the campaign, changes it and reads it anew, in one transaction. */
async function change(
  { open }: Cli,
  wanted: string,
  { business, goal }: { business: string | undefined; goal: CampaignSummary['status'] },
  work: (client: ClientBase, businessId: string, campaign: CampaignSummary) => Promise<number>,
): Promise<Change> {
  const { run } = await open('current');
  return run(async (client) => {
    const { id } = await chooseBusiness(client, business);
    const chosen = await chooseCampaign(client, id, wanted);
    const count = await work(client, id, chosen);
    return {
      campaign: await readCampaign(client, id, chosen.id),
      name: plain(chosen.name),
      already: chosen.status === goal,
      count,
    };
  });
}

const people = (count: number): string => counted(count, 'person', 'people');
const waiting = (count: number): string => `${people(count)} ${count === 1 ? 'waits' : 'wait'}`;

export function addCampaignPause(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('pause'))
    .description('send nothing of this campaign until it is resumed')
    .argument('<campaign>', 'its id or name')
    .option('--reason <text>', 'shown to whoever looks at it')
    .action(
      perform(async (cli, wanted: string, { business, reason }: StateOptions) => {
        const goal = { business, goal: 'paused' } as const;
        const { campaign, name, already, count } = await change(cli, wanted, goal, (client, businessId, { id }) =>
          pauseCampaign(client, businessId, id, reason ?? null),
        );
        const text = already ? `${name} is paused already.` : `Paused ${name}: ${waiting(count)} in it.`;
        return { text, document: { campaign, parked: count } };
      }),
    );
}

export function addCampaignResume(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('resume'))
    .description('let a paused campaign go on; what is left comes later by the length of the pause')
    .argument('<campaign>', 'its id or name')
    .action(
      perform(async (cli, wanted: string, { business }: StateOptions) => {
        const goal = { business, goal: 'active' } as const;
        const { campaign, name, already, count } = await change(cli, wanted, goal, (client, businessId, { id }) =>
          resumeCampaign(client, businessId, id),
        );
        const text = already ? `${name} is active already.` : `Resumed ${name}: it goes on for ${people(count)}.`;
        return { text, document: { campaign, resumed: count } };
      }),
    );
}

function askFirst(name: string, count: number): CommandProblem {
  return new CommandProblem({
    code: 'confirmation_needed',
    what: `${count > mostCounted ? 'At least ' : ''}${people(count)} ${count === 1 ? 'is' : 'are'} in "${name}", and archiving it ends the messages to them for good.`,
    why: 'Nothing was changed.',
    fix: 'Add --yes to do it; touchline campaign pause keeps everybody inside.',
    exitCode: exit.refused,
  });
}

export function addCampaignArchive(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('archive'))
    .description('end a campaign for good; what was sent stays on record')
    .argument('<campaign>', 'its id or name')
    .option('--yes', 'also when people are in it, who then get no more of it')
    .action(
      perform(async (cli, wanted: string, { business, yes }: StateOptions) => {
        const goal = { business, goal: 'archived' } as const;
        const { campaign, name, already, count } = await change(cli, wanted, goal, (client, businessId, chosen) => {
          if (chosen.active_enrollments > 0 && yes !== true) throw askFirst(chosen.name, chosen.active_enrollments);
          return archiveCampaign(client, businessId, chosen.id);
        });
        const text = already ? `${name} is archived already.` : `Archived ${name}: it ended for ${people(count)}.`;
        return { text, document: { campaign, stopped: count } };
      }),
    );
}
