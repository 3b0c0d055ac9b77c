// The businesses of a small world in which every invariant holds: A at work, B beside it, S suspended.
import type pg from 'pg';
import { before, hour } from './people.ts';

export interface BusinessIds {
  business: string;
  live: string;
  paused: string;
  emailSender: string;
  smsSender: string;
  emailText: string;
  smsText: string;
}

const idOf = (letter: string, n: number): string => `${letter.repeat(8)}-3333-7000-8000-${String(n).padStart(12, '0')}`;

const idsOf = (letter: string): BusinessIds => ({
  business: idOf(letter, 1),
  live: idOf(letter, 2),
  paused: idOf(letter, 3),
  emailSender: idOf(letter, 4),
  smsSender: idOf(letter, 5),
  emailText: idOf(letter, 6),
  smsText: idOf(letter, 7),
});

export const businessIds = { A: idsOf('a'), B: idsOf('b'), S: idsOf('c') };

/** Hours after the plan of the touch before; touch 1 and 3 are emails, touch 2 is an SMS. */
export const delays = [24, 72, 168] as const;
export const channels = ['email', 'sms', 'email'] as const;

async function addBusiness(client: pg.ClientBase, ids: BusinessIds): Promise<void> {
  await client.query(
    `insert into touchline.businesses (id, user_id, name, time_zone, postal_address, brand_name)
     values ($1::uuid, $1::uuid, 'Business of the world', 'America/New_York', '1 Main Street, Town', 'canary-' || $1::uuid)`,
    [ids.business],
  );
  await client.query('delete from touchline.sender_accounts where business_id = $1', [ids.business]);
  await client.query(
    `insert into touchline.sender_accounts (business_id, id, channel) values ($1, $2, 'email'), ($1, $3, 'sms')`,
    [ids.business, ids.emailSender, ids.smsSender],
  );
  await client.query(
    `insert into touchline.message_templates (business_id, id, name, channel, subject, body)
     values ($1, $2, 'Email', 'email', 'Hello', 'Thank you'), ($1, $3, 'SMS', 'sms', null, 'Thank you')`,
    [ids.business, ids.emailText, ids.smsText],
  );
}

async function addCampaign(
  client: pg.ClientBase,
  ids: BusinessIds,
  campaign: string,
  service: string | null,
): Promise<void> {
  await client.query(
    `insert into touchline.campaigns (business_id, id, name, service_type) values ($1, $2, 'Campaign', $3)`,
    [ids.business, campaign, service],
  );
  await client.query(
    `insert into touchline.campaign_touches
       (business_id, campaign_id, version, touch_number, channel, delay_hours, template_id, template_version_id)
     select $1::uuid, $2::uuid, 1, t.number, t.channel, t.delay, v.template_id, v.id
     from unnest('{1,2,3}'::smallint[], $3::text[], $4::integer[]) t (number, channel, delay)
     join touchline.template_versions v on v.business_id = $1 and v.channel = t.channel`,
    [ids.business, campaign, channels, delays],
  );
  await client.query(
    `update touchline.campaign_versions set state = 'live', published_at = $3
     where business_id = $1 and campaign_id = $2`,
    [ids.business, campaign, before(2000 * hour)],
  );
  await client.query(
    `update touchline.campaigns set status = 'active', live_version = 1 where business_id = $1 and id = $2`,
    [ids.business, campaign],
  );
}

/** Adds the three businesses, each with senders, texts and two campaigns of three touches; one is paused, S is suspended. */
export async function addBusinesses(client: pg.ClientBase): Promise<void> {
  for (const ids of Object.values(businessIds)) {
    await addBusiness(client, ids);
    await addCampaign(client, ids, ids.live, null);
    await addCampaign(client, ids, ids.paused, 'plumbing');
    await client.query(
      `update touchline.campaigns set status = 'paused', paused_at = $3 where business_id = $1 and id = $2`,
      [ids.business, ids.paused, before(24 * hour)],
    );
  }
  await client.query(
    `update touchline.businesses set status = 'suspended', suspended_at = $2, suspend_reason = 'unpaid' where id = $1`,
    [businessIds.S.business, before(24 * hour)],
  );
}
