// From an intent's frozen inputs to the message: a pure function, so that every attempt makes the same bytes.
import { type EmailFooter, emailHtml, emailText } from '../domain/email/layout.ts';
import { renderTemplate } from '../domain/template/render.ts';
import { serviceTypeWords, type TemplateValues } from '../domain/template/variables.ts';
import type { Intent, Message } from './ports.ts';

/** Makes the links that belong to one message. */
export interface MessageLinks {
  /** Where this customer ends our email. */
  unsubscribe(intent: Intent): string;
}

function valuesOf(intent: Intent, unsubscribeUrl: string | null): TemplateValues {
  const { service_type: serviceType, ...variables } = intent.variables;
  return {
    ...variables,
    service_type: serviceTypeWords.get(serviceType ?? 'other') ?? 'service',
    ...(unsubscribeUrl === null ? {} : { unsubscribe_link: unsubscribeUrl }),
  };
}

function contents(
  intent: Intent,
  unsubscribeUrl: string | null,
): Pick<Message, 'subject' | 'text' | 'html' | 'fromName'> {
  const values = valuesOf(intent, unsubscribeUrl);
  const body = renderTemplate(intent.body, values, { escape: 'none' });
  const subject =
    intent.subject === null ? null : renderTemplate(intent.subject, values, { escape: 'none', singleLine: true });
  if (unsubscribeUrl === null) return { subject, text: body.trim(), html: null, fromName: null };
  const { business_name: businessName, postal_address: postalAddress } = intent.variables;
  const footer: EmailFooter = { businessName, postalAddress, unsubscribeUrl };
  const html = emailHtml(subject ?? '', body, footer);
  return { subject, text: emailText(body, footer), html, fromName: businessName ?? null };
}

/**
 * The message of an intent.
 * @throws TemplateError when the text cannot be rendered
 */
export function compose(intent: Intent, links: MessageLinks): Message {
  const unsubscribeUrl = intent.channel === 'email' ? links.unsubscribe(intent) : null;
  return {
    businessId: intent.businessId,
    idempotencyKey: intent.sendLogId,
    attempt: intent.attempt,
    enrollmentId: intent.enrollmentId,
    touchNumber: intent.touchNumber,
    channel: intent.channel,
    recipient: intent.recipient,
    ...contents(intent, unsubscribeUrl),
    unsubscribeUrl,
    sender: intent.sender,
  };
}
