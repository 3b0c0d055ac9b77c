// A business as text: profile, sending policy, windows, and what it still lacks.
import type { BusinessDetail } from '../db/read/businesses.ts';
import { type Business, channels } from '../generated/rows.ts';
import { plain } from './table.ts';
import { describeWindows } from './windows.ts';

/** What a business lacks before its messages can leave, and what that holds up. */
export interface MissingSetting {
  setting: 'postal_address' | 'review_url' | 'sender_name';
  /** Whether messages wait for it. */
  blocks: boolean;
  why: string;
  option: string;
}

const needed: readonly MissingSetting[] = [
  {
    setting: 'postal_address',
    blocks: true,
    why: 'every email needs one by law, and waits until it is there',
    option: '--postal-address "1 Main Street, Albany, NY 12207"',
  },
  {
    setting: 'review_url',
    blocks: true,
    why: 'messages with a review link wait until it is there',
    option: '--review-url https://…',
  },
  {
    setting: 'sender_name',
    blocks: false,
    why: 'messages are signed by the business alone',
    option: '--sender-name "Ann"',
  },
];

export function missingSettings(business: Business): MissingSetting[] {
  return needed.filter(({ setting }) => business[setting] === null);
}

function lines(pairs: readonly (readonly [string, unknown])[]): string[] {
  const width = Math.max(...pairs.map(([title]) => title.length));
  return pairs.map(([title, value]) => `  ${title.padEnd(width)}  ${plain(String(value ?? '-'))}`);
}

function describeProfile(business: Business): string[] {
  const { suspended_at, suspend_reason } = business;
  return lines([
    ['id', business.id],
    ['owner', business.user_id],
    ['status', suspended_at === null ? business.status : `suspended: ${suspend_reason}`],
    ['time_zone', business.time_zone],
    ['country', business.state === null ? business.country : `${business.country} ${business.state}`],
    ['postal_address', business.postal_address],
    ['brand_name', business.brand_name],
    ['sender_name', business.sender_name],
    ['contact_phone', business.contact_phone],
    ['contact_email', business.contact_email],
    ['review_url', business.review_url],
    ['service_types', business.service_types.join(', ')],
  ]);
}

export function describeBusiness(business: BusinessDetail): string {
  const windows = channels.map((channel) => {
    const own = business.sending_windows.filter((window) => window.channel === channel);
    return [channel, describeWindows(own)] as const;
  });
  const missing = missingSettings(business).map(({ setting, why }) => `  ${setting}: ${why}`);
  return [
    plain(business.name),
    ...describeProfile(business),
    'Sending policy',
    ...lines(Object.entries(business.sending_policy)),
    "Sending windows, in the customer's time",
    ...lines(windows),
    ...(missing.length > 0 ? ['Missing', ...missing] : []),
  ].join('\n');
}
