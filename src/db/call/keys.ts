// Calls of the functions that make and revoke the keys of programs.
import type { ClientBase } from 'pg';

export interface NewKey {
  name: string;
  /** SHA-256 of the key. */
  hash: Uint8Array;
  prefix: string;
  last4: string;
  scopes: readonly string[];
}

/** Adds a key; returns its id. */
export async function addApiKey(client: ClientBase, businessId: string, key: NewKey): Promise<string> {
  const { name, hash, prefix, last4, scopes } = key;
  const result = await client.query<{ id: string }>('select touchline.add_api_key($1, $2, $3, $4, $5, $6) as id', [
    businessId,
    name,
    hash,
    prefix,
    last4,
    scopes,
  ]);
  return result.rows[0]?.id ?? '';
}

/** Revokes a key; false when it was revoked already. */
export async function revokeApiKey(client: ClientBase, businessId: string, keyId: string): Promise<boolean> {
  const result = await client.query<{ revoked: boolean }>('select touchline.revoke_api_key($1, $2) as revoked', [
    businessId,
    keyId,
  ]);
  return result.rows[0]?.revoked === true;
}
