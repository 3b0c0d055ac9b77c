// Calls of the functions that change sender accounts. Secrets pass here sealed, never open.
import type { ClientBase } from 'pg';
import type { Channel } from '../../generated/rows.ts';

export interface SealedSecret {
  keyId: string;
  ciphertext: Buffer;
}

/** Columns of `sender_accounts` that people set. */
export interface SenderAccountChanges {
  channel?: Channel;
  kind?: string;
  name?: string;
  from_address?: string | null;
  rate_per_hour?: number | null;
  settings?: Readonly<Record<string, unknown>>;
  in_use?: true;
}

/** Changes an account, or adds it where the business has none of this id; what is not named stays. */
export async function setSenderAccount(
  client: ClientBase,
  businessId: string,
  senderAccountId: string,
  changes: SenderAccountChanges,
  secret?: SealedSecret,
): Promise<void> {
  const sealed =
    secret === undefined ? {} : { secret_ciphertext: secret.ciphertext.toString('hex'), secret_key_id: secret.keyId };
  await client.query('select touchline.set_sender_account($1, $2, $3)', [
    businessId,
    senderAccountId,
    JSON.stringify({ ...changes, ...sealed }),
  ]);
}

export async function removeSenderAccount(client: ClientBase, businessId: string, id: string): Promise<void> {
  await client.query('select touchline.remove_sender_account($1, $2)', [businessId, id]);
}

export async function pauseSenderAccount(
  client: ClientBase,
  businessId: string,
  id: string,
  reason: string | null,
): Promise<void> {
  await client.query('select touchline.pause_sender_account($1, $2, $3)', [businessId, id, reason]);
}

export async function resumeSenderAccount(client: ClientBase, businessId: string, id: string): Promise<void> {
  await client.query('select touchline.resume_sender_account($1, $2)', [businessId, id]);
}

/** What sends through an account. */
export interface SenderCredentials {
  channel: Channel;
  kind: string;
  fromAddress: string | null;
  settings: Readonly<Record<string, unknown>>;
  secret: SealedSecret | undefined;
}

/** Undefined where the business has no such account. Only as service_role or touchline_worker. */
export async function senderCredentials(
  client: ClientBase,
  businessId: string,
  id: string,
): Promise<SenderCredentials | undefined> {
  const { rows } = await client.query<{
    channel: Channel;
    kind: string;
    from_address: string | null;
    settings: Record<string, unknown>;
    secret_ciphertext: Buffer | null;
    secret_key_id: string | null;
  }>('select * from touchline.sender_credentials($1, $2)', [businessId, id]);
  const [row] = rows;
  if (row === undefined) return undefined;
  const {
    channel,
    kind,
    from_address: fromAddress,
    settings,
    secret_ciphertext: ciphertext,
    secret_key_id: keyId,
  } = row;
  const secret = ciphertext === null || keyId === null ? undefined : { ciphertext, keyId };
  return { channel, kind, fromAddress, settings, secret };
}

/** An account whose secret is to be sealed anew. */
export interface SealedAccount {
  businessId: string;
  senderAccountId: string;
  sealed: SealedSecret;
}

/**
 * Seals all secrets anew that were sealed with another key than `keyId`, in this transaction. Only as service_role.
 * @param reseal undefined leaves the secret as it is
 * @returns the accounts, and which of them were left
 */
export async function resealSecrets(
  client: ClientBase,
  keyId: string,
  reseal: (account: SealedAccount) => SealedSecret | undefined,
): Promise<{ resealed: SealedAccount[]; left: SealedAccount[] }> {
  const { rows } = await client.query<{ business_id: string; id: string; ciphertext: Buffer; key_id: string }>(
    `select a.business_id, a.id, a.secret_ciphertext as ciphertext, a.secret_key_id as key_id
     from touchline.sender_accounts a where a.secret_key_id <> $1 order by a.business_id, a.id for no key update`,
    [keyId],
  );
  const result = { resealed: [] as SealedAccount[], left: [] as SealedAccount[] };
  for (const { business_id: businessId, id: senderAccountId, ciphertext, key_id: oldKeyId } of rows) {
    const account = { businessId, senderAccountId, sealed: { keyId: oldKeyId, ciphertext } };
    const sealed = reseal(account);
    if (sealed === undefined) result.left.push(account);
    else {
      await client.query(
        'update touchline.sender_accounts set secret_ciphertext = $3, secret_key_id = $4 where business_id = $1 and id = $2',
        [businessId, senderAccountId, sealed.ciphertext, sealed.keyId],
      );
      result.resealed.push(account);
    }
  }
  return result;
}
