// A business as World.business makes it, but in one transaction: every meeting has one of its own.
import { randomUUID } from 'node:crypto';
import { Business, type TouchPlan, type World } from '../world.ts';

export interface NewBusiness {
  touches: readonly TouchPlan[];
  policy?: Record<string, unknown>;
}

const profile = {
  name: 'Brightwater Plumbing',
  time_zone: 'UTC',
  postal_address: '1 Main Street, Springfield',
  review_url: 'https://reviews.test/brightwater',
};
const always = Array.from({ length: 7 }, (_, day) => ({ iso_weekday: day + 1, opens: '00:00', closes: '24:00' }));
const texts = {
  email: { subject: 'Hello {{first_name}}', body: 'How did it go? {{review_link}}' },
  sms: { body: '{{business_name}}: how did it go? {{review_link}} Reply STOP to opt out' },
};

/** Always open, with one campaign for all services. */
export function newBusiness(world: World, { touches, policy = {} }: NewBusiness): Promise<Business> {
  return world.database.asRole('service_role', null, async (client) => {
    const call = async (name: string, ...values: unknown[]): Promise<string> => {
      const places = values.map((_, index) => `$${index + 1}`).join(', ');
      const { rows } = await client.query<{ id: string }>(`select touchline.${name}(${places}) as id`, values);
      return rows[0]?.id ?? '';
    };
    const id = await call('add_business', randomUUID(), profile);
    await call('set_sending_policy', id, policy);
    const templates = new Map<string, string>();
    for (const channel of ['email', 'sms'] as const) {
      await call('set_sending_windows', id, channel, JSON.stringify(always));
      if (touches.some((touch) => touch.channel === channel)) {
        templates.set(channel, await call('save_template', id, null, { name: channel, channel, ...texts[channel] }));
      }
    }
    const planned = touches.map((touch) => ({ ...touch, template_id: templates.get(touch.channel) }));
    const business = new Business(world, id);
    business.campaign = await call('create_campaign', id, 'After a job', null, null, JSON.stringify(planned));
    await call('publish_campaign', id, business.campaign, world.now);
    return business;
  });
}
