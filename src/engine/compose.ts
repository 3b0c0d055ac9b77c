// From an intent's frozen inputs to the message: a pure function, so that every attempt makes the same bytes.
import { renderTemplate } from '../domain/template/render.ts';
import { serviceTypeWords, type TemplateValues } from '../domain/template/variables.ts';
import type { Intent, Message } from './ports.ts';

/** Makes the links that belong to one message. */
export interface MessageLinks {
  /** Where this customer ends our email. */
  unsubscribe(intent: Intent): string;
}

function valuesOf(intent: Intent, links: MessageLinks): TemplateValues {
  const { service_type: serviceType, ...variables } = intent.variables;
  return {
    ...variables,
    service_type: serviceTypeWords.get(serviceType ?? 'other') ?? 'service',
    ...(intent.channel === 'email' ? { unsubscribe_link: links.unsubscribe(intent) } : {}),
  };
}

// Who gets an email must find who writes and how to end it (CAN-SPAM, 15 U.S.C. 7704); no template can leave it out.
function footer(intent: Intent, links: MessageLinks): string {
  const { business_name: name, postal_address: address } = intent.variables;
  const lines = [name, address, `Unsubscribe: ${links.unsubscribe(intent)}`].filter((line) => line !== undefined);
  return `\n\n--\n${lines.join('\n')}\n`;
}

/**
 * The message of an intent.
 * @throws TemplateError when the text cannot be rendered
 */
export function compose(intent: Intent, links: MessageLinks): Message {
  const values = valuesOf(intent, links);
  const body = renderTemplate(intent.body, values, { escape: 'none' });
  return {
    businessId: intent.businessId,
    idempotencyKey: intent.sendLogId,
    attempt: intent.attempt,
    enrollmentId: intent.enrollmentId,
    touchNumber: intent.touchNumber,
    channel: intent.channel,
    recipient: intent.recipient,
    subject:
      intent.subject === null ? null : renderTemplate(intent.subject, values, { escape: 'none', singleLine: true }),
    text: intent.channel === 'email' ? body.trimEnd() + footer(intent, links) : body.trim(),
    sender: intent.sender,
  };
}
