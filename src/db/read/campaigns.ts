// Campaigns as people look at them. Every query names the business: row level security is the second wall, not the first.
import type { ClientBase } from 'pg';
import { mostCounted } from '../../engine/home.ts';
import type { Campaign, CampaignTouch, CampaignVersion } from '../../generated/rows.ts';

type TouchPlan = Pick<CampaignTouch, 'touch_number' | 'channel' | 'delay_hours'>;

export interface CampaignSummary
  extends Pick<Campaign, 'id' | 'name' | 'service_type' | 'status' | 'live_version' | 'copied_from_preset'> {
  /** Number of the version being edited, if there is one. */
  draft_version: number | null;
  /** People in it now; more than `mostCounted` stands for that many or more. */
  active_enrollments: number;
  /** Of the live version, or of the draft where nothing is live yet. */
  touches: TouchPlan[];
}

export interface TouchDetail extends TouchPlan {
  /** From the completed work to this touch. */
  hours_after_completion: number;
  template_id: string | null;
  template_name: string | null;
}

export interface VersionDetail extends Pick<CampaignVersion, 'number' | 'state' | 'published_at'> {
  touches: TouchDetail[];
}

export interface CampaignDetail extends Omit<Campaign, 'updated_at'> {
  /** The live version and the draft, in order of their numbers; retired ones are left out. */
  versions: VersionDetail[];
}

const summaries = `
  select c.id, c.name, c.service_type, c.status, c.live_version, d.number as draft_version, c.copied_from_preset,
    (
      select pg_catalog.count(*)::int
      from (
        select from touchline.campaign_enrollments e
        where (e.business_id, e.campaign_id, e.status) = (c.business_id, c.id, 'active') limit ${mostCounted + 1}) n
    ) as active_enrollments,
    coalesce((
      select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
          'touch_number', t.touch_number, 'channel', t.channel, 'delay_hours', t.delay_hours) order by t.touch_number)
      from touchline.campaign_touches t
      where (t.business_id, t.campaign_id, t.version) = (c.business_id, c.id, coalesce(c.live_version, d.number))
    ), '[]') as touches
  from touchline.campaigns c
  left join touchline.campaign_versions d on (d.business_id, d.campaign_id, d.state) = (c.business_id, c.id, 'draft')
  where c.business_id = $1
  order by c.status = 'archived', c.created_at, c.id`;

/** The campaigns of a business, archived ones last. */
export async function listCampaigns(client: ClientBase, businessId: string): Promise<CampaignSummary[]> {
  return (await client.query<CampaignSummary>(summaries, [businessId])).rows;
}

export interface PresetSummary extends Pick<Campaign, 'name' | 'description'> {
  preset_key: string;
  touches: TouchPlan[];
}

const presets = `
  select c.preset_key, c.name, c.description,
    pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
      'touch_number', t.touch_number, 'channel', t.channel, 'delay_hours', t.delay_hours) order by t.touch_number) as touches
  from touchline.campaigns c
  join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version) = (c.business_id, c.id, c.live_version)
  where c.business_id = touchline.system_business_id() and c.status = 'active'
  group by c.preset_key, c.name, c.description
  order by pg_catalog.count(*), c.preset_key`;

/** The presets, shortest first. */
export async function listPresets(client: ClientBase): Promise<PresetSummary[]> {
  return (await client.query<PresetSummary>(presets)).rows;
}

const detail = `
  select c.business_id, c.id, c.name, c.description, c.service_type, c.is_preset, c.preset_key, c.copied_from_preset,
    c.status, c.live_version, c.paused_at, c.pause_reason, c.archived_at, c.created_at
  from touchline.campaigns c
  where c.business_id = $1 and c.id = $2`;

const versions = `
  select v.number, v.state, v.published_at, t.touch_number, t.channel, t.delay_hours, t.template_id, m.name as template_name,
    pg_catalog.sum(t.delay_hours) over (partition by v.number order by t.touch_number)::int as hours_after_completion
  from touchline.campaign_versions v
  left join touchline.campaign_touches t on (t.business_id, t.campaign_id, t.version) = (v.business_id, v.campaign_id, v.number)
  left join touchline.message_templates m on (m.business_id, m.id) = (t.business_id, t.template_id)
  where v.business_id = $1 and v.campaign_id = $2 and v.state in ('live', 'draft')
  order by v.number, t.touch_number`;

type VersionRow = Omit<VersionDetail, 'touches'> & (TouchDetail | { [column in keyof TouchDetail]: null });

function byVersion(rows: readonly VersionRow[]): VersionDetail[] {
  const found = new Map<number, VersionDetail>();
  for (const { number, state, published_at, ...touch } of rows) {
    const version = found.get(number) ?? { number, state, published_at, touches: [] };
    found.set(number, version);
    if (touch.touch_number !== null) version.touches.push(touch);
  }
  return [...found.values()];
}

/** One campaign of a business with its live version and its draft; undefined when the business has no such campaign. */
export async function readCampaign(
  client: ClientBase,
  businessId: string,
  campaignId: string,
): Promise<CampaignDetail | undefined> {
  const campaign = (await client.query<Omit<CampaignDetail, 'versions'>>(detail, [businessId, campaignId])).rows[0];
  if (campaign === undefined) return undefined;
  const rows = (await client.query<VersionRow>(versions, [businessId, campaignId])).rows;
  return { ...campaign, versions: byVersion(rows) };
}

/** One preset by its key, as a campaign of the system business. */
export async function readPreset(client: ClientBase, presetKey: string): Promise<CampaignDetail | undefined> {
  const found = await client.query<{ business_id: string; id: string }>(
    `select c.business_id, c.id from touchline.campaigns c
     where c.business_id = touchline.system_business_id() and c.preset_key = $1`,
    [presetKey],
  );
  const preset = found.rows[0];
  return preset === undefined ? undefined : readCampaign(client, preset.business_id, preset.id);
}

/** How many SMS the live campaigns of a business send, by the service type they answer to (null: all others). */
export async function countSmsTouches(client: ClientBase, businessId: string): Promise<Map<string | null, number>> {
  const { rows } = await client.query<{ service_type: string | null; touches: number }>(
    `select c.service_type, pg_catalog.count(t.id) filter (where t.channel = 'sms')::integer as touches
     from touchline.campaigns c
     join touchline.campaign_live_touches t on (t.business_id, t.campaign_id) = (c.business_id, c.id)
     where c.business_id = $1 and c.status = 'active'
     group by c.service_type`,
    [businessId],
  );
  return new Map(rows.map(({ service_type: type, touches }) => [type, touches]));
}
