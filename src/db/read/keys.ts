// Keys of programs as people look at them: never the key, and not its hash.
import type { ClientBase } from 'pg';

export interface KeySummary {
  id: string;
  name: string;
  key_prefix: string;
  last4: string;
  scopes: string[];
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

/** Keys of a business, the newest first. */
export async function listKeys(client: ClientBase, businessId: string): Promise<KeySummary[]> {
  const { rows } = await client.query<KeySummary>(
    `select k.id, k.name, k.key_prefix, k.last4, k.scopes, k.created_at, k.last_used_at, k.revoked_at
     from touchline.api_keys k
     where k.business_id = $1
     order by k.created_at desc, k.id desc`,
    [businessId],
  );
  return rows;
}
