// The businesses of whoever is signed in, and whether one is among them.
import type { ClientBase } from 'pg';
import type { BusinessSummary } from '../../../engine/home.ts';
import { TouchlineError } from '../../../errors.ts';
import { isId } from './page.ts';

const mine = `
  select b.id, b.name, b.time_zone as "timeZone", b.country, b.status
  from touchline.businesses b
  where b.id = any (touchline.my_business_ids()) and b.id <> touchline.system_business_id()
  order by pg_catalog.lower(b.name), b.id`;

/** By name. */
export async function myBusinesses(client: ClientBase): Promise<BusinessSummary[]> {
  return (await client.query<BusinessSummary>(mine)).rows;
}

/** Refuses a business that is unknown or another's, in the same words as the functions do. */
export async function requireMine(client: ClientBase, businessId: string): Promise<void> {
  const sql = 'select from touchline.businesses b where b.id = $1 and b.id = any (touchline.my_business_ids())';
  const isMine = isId(businessId) && (await client.query(sql, [businessId])).rowCount === 1;
  if (isMine) return;
  throw new TouchlineError('TL201', {
    what: 'There is no such business.',
    why: 'It does not exist, or you are not a member of it.',
    fix: 'Check the id of the business.',
  });
}
