// Messages to hand to senders, as the engine composes them.
import { randomUUID } from 'node:crypto';
import { compose } from '../../src/engine/compose.ts';
import type { Intent, Message } from '../../src/engine/ports.ts';

const intent: Intent = {
  businessId: '0190a000-0000-7000-8000-000000000001',
  sendLogId: '0190a000-0000-7000-8000-000000000002',
  attempt: 1,
  enrollmentId: '0190a000-0000-7000-8000-000000000003',
  touchNumber: 1,
  channel: 'email',
  customerId: '0190a000-0000-7000-8000-000000000004',
  campaignId: '0190a000-0000-7000-8000-000000000005',
  recipient: 'zoe@example.test',
  templateVersionId: '0190a000-0000-7000-8000-000000000006',
  subject: 'Thank you, {{first_name}}',
  body: 'Hi {{first_name}},\n\nhow did it go?\nSay so: {{review_link}}.\n\n{{business_name}}',
  variables: {
    first_name: 'Zoë',
    business_name: 'Ann & Sons <Plumbing>',
    postal_address: '1 Main Street, Springfield',
    review_link: 'https://reviews.example.test/ann?a=1&b=2',
  },
  sender: {
    senderAccountId: '0190a000-0000-7000-8000-000000000007',
    kind: 'server_default',
    fromAddress: null,
    settings: {},
  },
  claimedAt: new Date('2026-03-02T15:00:00Z'),
  deadlineMs: 5_000,
  ioTimeoutMs: 120_000,
};

export const unsubscribeUrl = 'https://follow-up.example.test/u/token';

export function emailOf(changes: Partial<Intent> = {}): Message {
  return compose({ ...intent, ...changes }, { unsubscribe: () => unsubscribeUrl });
}

/** An email under an id of its own. */
export function newEmail(changes: Partial<Message> = {}): Message {
  return { ...emailOf({ sendLogId: randomUUID() }), ...changes };
}
