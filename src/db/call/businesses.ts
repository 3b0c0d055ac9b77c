// Calls of the functions that change a business.
import type { ClientBase } from 'pg';
import type { Window } from '../read/businesses.ts';

/** Columns of `businesses` that people set. */
export type Profile = Readonly<Record<string, string | string[] | null>>;

/** Columns of `sending_policies` that people set. */
export type PolicyChanges = Readonly<Record<string, string | number | boolean>>;

/** Adds a business with its owner; returns its id. Only as service_role. */
export async function addBusiness(client: ClientBase, userId: string, profile: Profile): Promise<string> {
  const result = await client.query<{ id: string }>(
    'select touchline.add_business(p_user_id => $1, p_profile => $2) as id',
    [userId, JSON.stringify(profile)],
  );
  return result.rows[0]?.id ?? '';
}

/** Changes the profile; what is not named stays. */
export async function setBusiness(client: ClientBase, businessId: string, changes: Profile): Promise<void> {
  await client.query('select touchline.set_business(p_business_id => $1, p_changes => $2)', [
    businessId,
    JSON.stringify(changes),
  ]);
}

/** Changes the sending policy; what is not named stays. */
export async function setSendingPolicy(client: ClientBase, businessId: string, changes: PolicyChanges): Promise<void> {
  await client.query('select touchline.set_sending_policy(p_business_id => $1, p_changes => $2)', [
    businessId,
    JSON.stringify(changes),
  ]);
}

/** Replaces all windows of a channel. */
export async function setSendingWindows(
  client: ClientBase,
  businessId: string,
  channel: Window['channel'],
  windows: readonly Omit<Window, 'channel'>[],
): Promise<void> {
  await client.query('select touchline.set_sending_windows(p_business_id => $1, p_channel => $2, p_windows => $3)', [
    businessId,
    channel,
    JSON.stringify(windows),
  ]);
}
