// Writes that a member may really make: one insert, update and delete per table that allows them to `authenticated`.
import type { Ids } from './fixture.ts';

export interface Write {
  /** Columns and the values of a valid new row for the business. */
  insert?: (target: Ids) => Record<string, string>;
  /** A change that every row of a business can take. */
  set?: string;
  /** Which rows the other walls leave writable (drafts, texts not in use); absent: all. */
  where?: string;
}

const draftTouches = `campaign_id in (select campaign_id from touchline.campaign_versions v
  where v.business_id = t.business_id and v.campaign_id = t.campaign_id and v.number = t.version and v.state = 'draft')`;

export const writes: Record<string, Write> = {
  businesses: {
    insert: (target) => ({ user_id: target.owner, name: 'New', time_zone: 'UTC' }),
    set: `brand_name = 'Renamed'`,
  },
  campaign_touches: {
    insert: (target) => ({
      business_id: target.business,
      campaign_id: target.draftCampaign,
      version: '1',
      touch_number: '4',
      channel: 'email',
      delay_hours: '72',
      template_id: target.template,
    }),
    set: 'delay_hours = 73',
    where: draftTouches,
  },
  campaigns: {
    insert: (target) => ({ business_id: target.business, name: 'New', service_type: 'roofing' }),
    set: `name = 'Renamed'`,
  },
  customers: {
    insert: (target) => ({ business_id: target.business, first_name: 'New', email: 'new@example.test' }),
    set: `first_name = 'Renamed'`,
  },
  jobs: {
    insert: (target) => ({ business_id: target.business, customer_id: target.customer, title: 'New' }),
    set: `title = 'Renamed'`,
  },
  message_templates: {
    insert: (target) => ({ business_id: target.business, channel: 'sms', name: 'New', body: 'Hello' }),
    set: `name = 'Renamed'`,
    where: `t.name = 'Spare'`,
  },
  reviews_feedback: { set: `internal_notes = 'Called back'` },
  sending_policies: { set: 'max_attempts = 6' },
  sending_windows: {
    insert: (target) => ({
      business_id: target.business,
      channel: 'sms',
      iso_weekday: '1',
      opens: '05:00',
      closes: '06:00',
    }),
    set: `closes = '20:59'`,
  },
};
