// Calls of the functions that change message templates. What the text says is checked before, by src/domain/template.
import type { ClientBase } from 'pg';
import type { MessageTemplate } from '../../generated/rows.ts';

/** What people write of a template. */
export type NewTemplate = Pick<MessageTemplate, 'name' | 'channel' | 'service_type' | 'purpose' | 'subject' | 'body'>;

/**
 * Saves a template and returns its id. Every saved text is also a version that never changes.
 * @param templateId null makes a new one
 */
export async function saveTemplate(
  client: ClientBase,
  businessId: string,
  templateId: string | null,
  template: NewTemplate,
): Promise<string> {
  const result = await client.query<{ id: string }>(
    'select touchline.save_template(p_business_id => $1, p_template_id => $2, p_template => $3) as id',
    [businessId, templateId, JSON.stringify(template)],
  );
  return result.rows[0]?.id ?? '';
}
