// Message templates as people look at them. Every query names the business.
import type { ClientBase } from 'pg';
import type { MessageTemplate } from '../../generated/rows.ts';

const columns = 'business_id, id, name, channel, service_type, purpose, subject, body, created_at, updated_at';

/** The templates of a business by name. */
export async function listTemplates(client: ClientBase, businessId: string): Promise<MessageTemplate[]> {
  const result = await client.query<MessageTemplate>(
    `select ${columns} from touchline.message_templates where business_id = $1 order by name, id`,
    [businessId],
  );
  return result.rows;
}

/** One template of a business; undefined when the business has no such template. */
export async function readTemplate(
  client: ClientBase,
  businessId: string,
  templateId: string,
): Promise<MessageTemplate | undefined> {
  const result = await client.query<MessageTemplate>(
    `select ${columns} from touchline.message_templates where business_id = $1 and id = $2`,
    [businessId, templateId],
  );
  return result.rows[0];
}
