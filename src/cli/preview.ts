// What becomes of a template: what is wrong with it, what a customer would read, and what an SMS costs.
import { type SmsSegments, smsSegments } from '../domain/segments.ts';
import { checkTemplate, type TemplateCheck, type TemplateDraft } from '../domain/template/check.ts';
import { TemplateError, type TemplateProblem } from '../domain/template/problem.ts';
import { renderTemplate } from '../domain/template/render.ts';
import { type TemplateValues, templateVariables } from '../domain/template/variables.ts';
import type { Business } from '../generated/rows.ts';
import { plain } from './table.ts';
import { counted } from './words.ts';

export interface Preview extends TemplateCheck {
  /** As a customer with usual values gets it; null when it cannot be rendered. */
  example: { subject: string | null; body: string } | null;
  /** Of the example; null for email. */
  sms: SmsSegments | null;
}

function exampleValues(business: Business | undefined): TemplateValues {
  const examples = Object.fromEntries(templateVariables.map(({ name, example }) => [name, example]));
  if (business === undefined) return examples;
  const { brand_name, name, contact_phone, sender_name } = business;
  return { ...examples, business_name: brand_name ?? name, business_phone: contact_phone, sender_name };
}

function render({ subject = null, body }: TemplateDraft, values: TemplateValues): Preview['example'] {
  try {
    return {
      subject: subject === null ? null : renderTemplate(subject, values, { escape: 'none', singleLine: true }),
      body: renderTemplate(body, values, { escape: 'none' }),
    };
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}

/** @param business whose names the example uses; absent: made-up ones */
export function preview(draft: TemplateDraft, business?: Business): Preview {
  const example = render(draft, exampleValues(business));
  const sms = draft.channel === 'sms' && example !== null ? smsSegments(example.body) : null;
  return { ...checkTemplate(draft), example, sms };
}

/** `2 segments (GSM-7, 180 characters)` */
function describeSegments({ segments, encoding, characters }: SmsSegments): string {
  return `${counted(segments, 'segment')} (${encoding}, ${counted(characters, 'character')})`;
}

/** `error body 1:5: what why fix` */
export function describeTemplateProblem({ severity, place, line, column, what, why, fix }: TemplateProblem): string {
  return plain(`${severity} ${place} ${line}:${column}: ${what} ${why} ${fix}`);
}

/** `ok`, `1 warning`, `2 errors, 1 warning` */
export function describeVerdict({ problems }: Pick<Preview, 'problems'>): string {
  const count = (severity: TemplateProblem['severity']): string[] => {
    const found = problems.filter((problem) => problem.severity === severity).length;
    return found === 0 ? [] : [counted(found, severity)];
  };
  return [...count('error'), ...count('warning')].join(', ') || 'ok';
}

/** Problems, cost, and the example as a customer reads it. */
export function describePreview({ problems, sms, example }: Preview): string {
  const quoted = (text: string): string[] => text.split('\n').map((line) => `  | ${plain(line)}`.trimEnd());
  return [
    ...problems.map((problem) => `  ${describeTemplateProblem(problem)}`),
    ...(sms === null ? [] : [`  ${describeSegments(sms)}`]),
    ...(example === null
      ? []
      : quoted(example.subject === null ? example.body : `Subject: ${example.subject}\n\n${example.body}`)),
  ].join('\n');
}
