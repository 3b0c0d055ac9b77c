// Calls of the functions that make and change campaigns. All raise TL201 for a campaign the business does not have.
import type { ClientBase } from 'pg';
import type { CampaignTouch, ServiceType } from '../../generated/rows.ts';

/** A touch to write into a draft; its number is its place in the list. */
export type NewTouch = Pick<CampaignTouch, 'channel' | 'delay_hours' | 'template_id'>;

export interface NewCampaign {
  name: string;
  serviceType: ServiceType | null;
  description: string | null;
  touches: readonly NewTouch[];
}

async function one<T>(client: ClientBase, sql: string, values: unknown[]): Promise<T | undefined> {
  return (await client.query<{ answer: T }>(sql, values)).rows[0]?.answer;
}

/** Makes a draft campaign; returns its id. */
export async function createCampaign(client: ClientBase, businessId: string, campaign: NewCampaign): Promise<string> {
  const { name, serviceType, description, touches } = campaign;
  const sql = `select touchline.create_campaign(p_business_id => $1, p_name => $2, p_service_type => $3, p_description => $4,
    p_touches => $5) as answer`;
  return (await one(client, sql, [businessId, name, serviceType, description, JSON.stringify(touches)])) ?? '';
}

/** Makes or rewrites the draft version; without touches it begins as the live one. Returns its number. */
export async function editCampaign(
  client: ClientBase,
  businessId: string,
  campaignId: string,
  touches: readonly NewTouch[] | null,
): Promise<number> {
  const sql = 'select touchline.edit_campaign(p_business_id => $1, p_campaign_id => $2, p_touches => $3) as answer';
  return (await one(client, sql, [businessId, campaignId, touches === null ? null : JSON.stringify(touches)])) ?? 0;
}

/** Copies a preset with its texts; returns the id of the draft campaign. */
export async function copyPreset(
  client: ClientBase,
  businessId: string,
  presetKey: string,
  options: { serviceType: ServiceType | null; name: string | null },
): Promise<string> {
  const sql = `select touchline.copy_preset(p_business_id => $1, p_preset_key => $2, p_service_type => $3, p_name => $4)
    as answer`;
  return (await one(client, sql, [businessId, presetKey, options.serviceType, options.name])) ?? '';
}

/**
 * Copies one of the business's own campaigns; returns the id of the draft.
 * @param name null: the name of the original with a number
 */
export async function copyCampaign(
  client: ClientBase,
  businessId: string,
  campaignId: string,
  name: string | null,
): Promise<string> {
  const sql = 'select touchline.copy_campaign(p_business_id => $1, p_campaign_id => $2, p_name => $3) as answer';
  return (await one(client, sql, [businessId, campaignId, name])) ?? '';
}

/** Makes the draft version live; returns the number of the version now live. `now` only where the clock is virtual, as below. */
export async function publishCampaign(
  client: ClientBase,
  businessId: string,
  campaignId: string,
  now: Date | null = null,
): Promise<number> {
  const sql = 'select touchline.publish_campaign(p_business_id => $1, p_campaign_id => $2, p_now => $3) as answer';
  return (await one(client, sql, [businessId, campaignId, now])) ?? 0;
}

/** Parks the touches of everybody inside; returns how many. */
export async function pauseCampaign(
  client: ClientBase,
  businessId: string,
  campaignId: string,
  reason: string | null,
  now: Date | null = null,
): Promise<number> {
  const sql = `select touchline.pause_campaign(p_business_id => $1, p_campaign_id => $2, p_reason => $3, p_now => $4)
    as answer`;
  return (await one(client, sql, [businessId, campaignId, reason, now])) ?? 0;
}

/** Lets a paused campaign go on, later by the pause; returns how many touches are due again. */
export async function resumeCampaign(
  client: ClientBase,
  businessId: string,
  campaignId: string,
  now: Date | null = null,
): Promise<number> {
  const sql = 'select touchline.resume_campaign(p_business_id => $1, p_campaign_id => $2, p_now => $3) as answer';
  return (await one(client, sql, [businessId, campaignId, now])) ?? 0;
}

/** Ends a campaign for good and stops everybody inside; returns how many were stopped. */
export async function archiveCampaign(client: ClientBase, businessId: string, campaignId: string): Promise<number> {
  const sql = 'select touchline.archive_campaign(p_business_id => $1, p_campaign_id => $2) as answer';
  return (await one(client, sql, [businessId, campaignId])) ?? 0;
}
