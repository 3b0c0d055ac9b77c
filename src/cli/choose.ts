// Which business, campaign or template somebody means: an id, or a name where it is clear.
import type { ClientBase } from 'pg';
import { listBusinesses } from '../db/read/businesses.ts';
import {
  type CampaignDetail,
  type CampaignSummary,
  listCampaigns,
  listPresets,
  readCampaign,
  readPreset,
} from '../db/read/campaigns.ts';
import { listSenderAccounts, type SenderAccountShown } from '../db/read/senders.ts';
import { listTemplates } from '../db/read/templates.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import type { Business, Channel, MessageTemplate } from '../generated/rows.ts';
import { notFound, usage } from './problem.ts';
import { listed } from './words.ts';

interface Named {
  id: string;
  name: string;
}

interface Place {
  /** `campaign` */
  noun: string;
  /** Where to look for all of them, as advice. */
  look: string;
  /** Further names that may have been meant. */
  alsoKnown?: readonly string[];
}

const sameName = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();
const inQuotes = ({ name, id }: Named): string => `"${name}" (${id})`;

/** All that `wanted` names: the one of that id, else those of that name, in either case of letters. */
function matching<T extends Named>(things: readonly T[], wanted: string): T[] {
  const byId = things.filter(({ id }) => id === wanted.trim().toLowerCase());
  return byId.length > 0 ? byId : things.filter(({ name }) => sameName(name, wanted));
}

/**
 * The one thing that `wanted` names.
 * @throws CommandProblem `not_found`, or `usage` when several have the name
 */
function find<T extends Named>(things: readonly T[], wanted: string, { noun, look, alsoKnown = [] }: Place): T {
  const [first, ...others] = matching(things, wanted);
  if (first === undefined) {
    const names = [...things.map(({ name }) => name), ...alsoKnown];
    throw notFound(`There is no ${noun} "${wanted}".${didYouMean(wanted, names)}`, look);
  }
  if (others.length > 0) {
    throw usage(
      `Several have the name "${wanted}": ${listed([first, ...others].map(({ id }) => id))}.`,
      'Give the id.',
    );
  }
  return first;
}

/**
 * The business a command is for: the one it names, or the only one there is.
 * @throws CommandProblem `not_found`, `usage`
 */
export async function chooseBusiness(client: ClientBase, wanted: string | undefined): Promise<Business> {
  const businesses = await listBusinesses(client);
  const look = 'touchline business list shows all.';
  if (wanted !== undefined) return find(businesses, wanted, { noun: 'business', look });
  const [only, ...others] = businesses;
  if (only === undefined) {
    const fix = 'Add one: touchline business add --name "Ann\'s Plumbing" --time-zone America/New_York.';
    throw notFound('There is no business yet.', fix);
  }
  if (others.length > 0) {
    const names = listed(businesses.map(inQuotes), 3);
    throw usage(`Which business? There are ${businesses.length}: ${names}.`, 'Add --business with its id or name.');
  }
  return only;
}

/** @throws CommandProblem `not_found`, `usage` */
export async function chooseCampaign(client: ClientBase, businessId: string, wanted: string): Promise<CampaignSummary> {
  const look = 'touchline campaign list shows all.';
  return find(await listCampaigns(client, businessId), wanted, { noun: 'campaign', look });
}

/**
 * A preset where `wanted` is exactly its key, else a campaign of the business: `gentle` is the preset, `Gentle` the campaign
 * that was copied from it. Where there is no such campaign, the case of letters of a key does not matter.
 * @throws CommandProblem `not_found`, `usage`
 */
export async function chooseCampaignOrPreset(
  client: ClientBase,
  business: string | undefined,
  wanted: string,
): Promise<CampaignDetail> {
  const keys = (await listPresets(client)).map(({ preset_key }) => preset_key);
  const look = 'touchline campaign list shows campaigns and presets.';
  const sure = (found: CampaignDetail | undefined): CampaignDetail => {
    if (found === undefined) throw notFound(`There is no campaign "${wanted}".`, look);
    return found;
  };
  if (keys.includes(wanted)) return sure(await readPreset(client, wanted));
  const { id } = await chooseBusiness(client, business);
  const campaigns = await listCampaigns(client, id);
  const key = keys.find((known) => sameName(known, wanted));
  if (key !== undefined && matching(campaigns, wanted).length === 0) return sure(await readPreset(client, key));
  const chosen = find(campaigns, wanted, { noun: 'campaign or preset', look, alsoKnown: keys });
  return sure(await readCampaign(client, id, chosen.id));
}

/**
 * @param channel only templates of this channel count
 * @throws CommandProblem `not_found`, `usage`
 */
export async function chooseTemplate(
  client: ClientBase,
  businessId: string,
  wanted: string,
  channel?: Channel,
): Promise<MessageTemplate> {
  const all = await listTemplates(client, businessId);
  const fitting = channel === undefined ? all : all.filter((template) => template.channel === channel);
  const noun = channel === undefined ? 'template' : `${channel} template`;
  return find(fitting, wanted, { noun, look: 'touchline template list shows all.' });
}

/** @throws CommandProblem `not_found`, `usage` */
export async function chooseSenderAccount(
  client: ClientBase,
  businessId: string,
  wanted: string,
): Promise<SenderAccountShown> {
  const look = 'touchline sender list shows all.';
  return find(await listSenderAccounts(client, businessId), wanted, { noun: 'sender account', look });
}
