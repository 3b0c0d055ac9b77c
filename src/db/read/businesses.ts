// Businesses as the operator looks at them. The system business, which holds the presets, is none of them.
import type { ClientBase } from 'pg';
import type { Page } from '../../engine/home.ts';
import type { Business, SendingPolicy, SendingWindow } from '../../generated/rows.ts';
import { pageOf, readNameCursor } from './home/page.ts';

/** A window as people write it: HH:MM in the recipient's time. */
export type Window = Omit<SendingWindow, 'business_id'>;

export interface BusinessDetail extends Business {
  sending_policy: Omit<SendingPolicy, 'business_id' | 'created_at' | 'updated_at'>;
  sending_windows: Window[];
}

const columns = `b.id, b.user_id, b.name, b.time_zone, b.country, b.state, b.postal_address, b.brand_name, b.sender_name,
  b.contact_phone, b.contact_email, b.review_url, b.service_types, b.status, b.suspended_at, b.suspend_reason, b.created_at,
  b.updated_at`;

const page = `
  select ${columns}
  from touchline.businesses b
  where b.id <> touchline.system_business_id()
    and ($1::text is null or (b.name, b.id) > ($1, $2::uuid))
  order by b.name, b.id
  limit $3`;

/** One page of all businesses, by name: by the index businesses_name. */
export async function pageOfBusinesses(
  client: ClientBase,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<Page<Business>> {
  const [name = null, id = null] = readNameCursor(cursor) ?? [];
  const { rows } = await client.query<Business>(page, [name, id, limit + 1]);
  return pageOf(
    rows,
    (row) => [row.name, row.id],
    (row) => row,
    limit,
  );
}

/** Whether there is any business. */
export async function hasBusiness(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    'select exists (select from touchline.businesses b where b.id <> touchline.system_business_id()) as found',
  );
  return rows[0]?.found === true;
}

/** All businesses by name, for who looks for one of them or at each. */
export async function listBusinesses(client: ClientBase): Promise<Business[]> {
  const result = await client.query<Business>(
    `select ${columns} from touchline.businesses b where b.id <> touchline.system_business_id() order by b.name, b.id`,
  );
  return result.rows;
}

const detail = `
  select ${columns},
    pg_catalog.to_jsonb(p) - '{business_id,created_at,updated_at}'::text[] as sending_policy,
    coalesce((
      select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('channel', w.channel, 'iso_weekday', w.iso_weekday,
          'opens', pg_catalog.left(w.opens::text, 5), 'closes', pg_catalog.left(w.closes::text, 5))
        order by w.channel, w.iso_weekday, w.opens)
      from touchline.sending_windows w
      where w.business_id = b.id
    ), '[]') as sending_windows
  from touchline.businesses b
  join touchline.sending_policies p on p.business_id = b.id
  where b.id = $1 and b.id <> touchline.system_business_id()`;

/** One business with its sending policy and windows; undefined when there is none of this id. */
export async function readBusiness(client: ClientBase, businessId: string): Promise<BusinessDetail | undefined> {
  return (await client.query<BusinessDetail>(detail, [businessId])).rows[0];
}

/** The names of time zones that this server resolves. */
export async function listTimeZones(client: ClientBase): Promise<string[]> {
  const result = await client.query<{ name: string }>('select z.name from touchline.time_zones z order by z.name');
  return result.rows.map(({ name }) => name);
}
