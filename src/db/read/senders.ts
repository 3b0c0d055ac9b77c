// Sender accounts as people see them: whether there is a secret, never the secret.
import type { ClientBase } from 'pg';
import type { SenderAccount } from '../../generated/rows.ts';

export type SenderAccountShown = Pick<
  SenderAccount,
  | 'id'
  | 'channel'
  | 'kind'
  | 'name'
  | 'from_address'
  | 'in_use'
  | 'status'
  | 'paused_at'
  | 'pause_reason'
  | 'paused_until'
  | 'rate_per_hour'
> & { settings: Readonly<Record<string, unknown>>; has_secret: boolean };

/** The accounts of a business, those in use first. */
export async function listSenderAccounts(client: ClientBase, businessId: string): Promise<SenderAccountShown[]> {
  const { rows } = await client.query<SenderAccountShown>(
    `select a.id, a.channel, a.kind, a.name, a.from_address, a.settings, a.in_use, a.status, a.paused_at, a.pause_reason,
       a.paused_until, a.rate_per_hour, a.secret_key_id is not null as has_secret
     from touchline.sender_accounts a
     where a.business_id = $1
     order by a.channel, a.in_use desc, a.name, a.id`,
    [businessId],
  );
  return rows;
}

/** Whether any business sends through an account of its own. */
export async function hasOwnSender(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ own: boolean }>(
    `select exists (select from touchline.sender_accounts a where a.in_use and a.kind <> 'server_default') as own`,
  );
  return rows[0]?.own === true;
}
