// `touchline campaign`: what is sent after a job, to whom, and when.
import type { Command } from 'commander';
import type { Perform } from '../perform.ts';
import { addCampaignCopy } from './campaign-copy.ts';
import { addCampaignCreate, addCampaignEdit } from './campaign-create.ts';
import { addCampaignList, addCampaignShow } from './campaign-list.ts';
import { addCampaignPublish } from './campaign-publish.ts';
import { addCampaignArchive, addCampaignPause, addCampaignResume } from './campaign-state.ts';

export function addCampaign(parent: Command, perform: Perform): void {
  const campaign = parent.command('campaign').description('make, look at, publish, pause and end campaigns');
  for (const add of [
    addCampaignList,
    addCampaignShow,
    addCampaignCreate,
    addCampaignCopy,
    addCampaignEdit,
    addCampaignPublish,
    addCampaignPause,
    addCampaignResume,
    addCampaignArchive,
  ]) {
    add(campaign, perform);
  }
}
