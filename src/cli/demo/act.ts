// What happens in the demo, done by the same functions as everybody uses, at the story's moment.
import type pg from 'pg';
import { addBusiness, setSendingPolicy } from '../../db/call/businesses.ts';
import { copyPreset, pauseCampaign, publishCampaign, resumeCampaign } from '../../db/call/campaigns.ts';
import { recordCustomerEvent, recordOptOutAt } from '../../db/call/enrollments.ts';
import { completeJob } from '../../db/call/jobs.ts';
import type { Message } from '../../engine/ports.ts';
import type { DemoBusiness } from './businesses.ts';
import type { Reaction } from './reactions.ts';
import type { Happening } from './story.ts';

/** A business of the demo as it stands in the database. */
export interface StandingBusiness {
  id: string;
  business: DemoBusiness;
  /** Ids of its campaigns by name. */
  campaigns: ReadonlyMap<string, string>;
  /** Ids of its customers by their own ids, and by their addresses. */
  customers: Map<string, string>;
}

/** Makes a business with its campaigns published. */
export async function raiseBusiness(
  client: pg.ClientBase,
  business: DemoBusiness,
  userId: string,
  now: Date,
): Promise<StandingBusiness> {
  const { name, timeZone, profile, overlap } = business;
  const id = await addBusiness(client, userId, { name, time_zone: timeZone, ...profile });
  await setSendingPolicy(client, id, { overlap });
  const campaigns = new Map<string, string>();
  for (const { preset, serviceType, name: campaignName } of business.campaigns) {
    const campaignId = await copyPreset(client, id, preset, { serviceType, name: campaignName });
    await publishCampaign(client, id, campaignId, now);
    campaigns.set(campaignName, campaignId);
  }
  return { id, business, campaigns, customers: new Map() };
}

async function markSilent(
  client: pg.ClientBase,
  { id, customers }: StandingBusiness,
  { externalId, customerId, title, at }: Extract<Happening, { kind: 'silent_job' }>,
): Promise<void> {
  const customer = customers.get(customerId);
  if (customer === undefined) return;
  await client.query(
    `insert into touchline.jobs (business_id, customer_id, external_id, service_type, title, status, completed_at)
     values ($1, $2, $3, 'hvac', $4, 'do_not_send', $5)`,
    [id, customer, externalId, title, at],
  );
  await completeJob(client, id, { external_id: externalId }, null, at);
}

/** Does what the story says. */
export async function happen(client: pg.ClientBase, standing: StandingBusiness, happening: Happening): Promise<void> {
  const { id, campaigns, customers } = standing;
  const { at } = happening;
  if (happening.kind === 'silent_job') return markSilent(client, standing, happening);
  if (happening.kind === 'job') {
    const { customer } = happening;
    const { customer_id: customerId } = await completeJob(client, id, happening.job, customer, at);
    for (const known of [customer.external_id, customer.email, customer.phone]) {
      if (typeof known === 'string') customers.set(known, customerId);
    }
    return;
  }
  const campaignId = campaigns.get(happening.campaign) ?? '';
  if (happening.kind === 'pause') await pauseCampaign(client, id, campaignId, 'Stock-taking in the office', at);
  else await resumeCampaign(client, id, campaignId, at);
}

const optOutDetails = {
  stop: (message: Message) => ({ source: message.channel === 'sms' ? 'inbound_sms' : 'unsubscribe_link' }),
  bounce: () => ({ source: 'bounce', bounce_class: 'permanent' }),
  complaint: () => ({ source: 'complaint' }),
};

const eventKinds = { reply: 'replied', booking: 'booked_again' } as const;

/** Does what a customer does about a message. */
export async function react(
  client: pg.ClientBase,
  { id, customers }: StandingBusiness,
  { message, reaction, at }: { message: Message; reaction: Reaction; at: Date },
): Promise<void> {
  const { channel, recipient: address, enrollmentId, idempotencyKey: sendLogId } = message;
  const { kind } = reaction;
  if (kind === 'stop' || kind === 'bounce' || kind === 'complaint') {
    await recordOptOutAt(client, id, { channel, address, details: optOutDetails[kind](message) }, at);
    return;
  }
  const customerId = customers.get(address) ?? '';
  if (kind !== 'review') {
    await recordCustomerEvent(client, id, customerId, eventKinds[kind], at);
    return;
  }
  await recordCustomerEvent(client, id, customerId, reaction.how, at);
  await client.query(
    `insert into touchline.reviews_feedback
       (business_id, customer_id, campaign_enrollment_id, send_log_id, rating, comment, received_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, customerId, enrollmentId, sendLogId, reaction.rating, reaction.comment, at],
  );
}
