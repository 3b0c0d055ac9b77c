// The people of the campaign: businesses behind each provider, everybody enrolled by the product's own functions, everybody's
// touches due at the same moments, the first when the campaign begins.
import type pg from 'pg';
import { addBusiness, answer } from '../stress/world.ts';
import { type Provider, providers } from './points.ts';

/** One business whose day ends soon after the campaign begins: nobody behind it may be written to later that day. */
export const closesAt = { business: 'twilio 1', time: '15:05' };

const businessesEach = 4;
/** Of the first touch, in `addBusiness`. */
const firstDelayMs = 24 * 3_600_000;
const channelOf = (provider: Provider): 'email' | 'sms' => (provider === 'twilio' ? 'sms' : 'email');

// First names differ, so that no two texts to one number are alike; numbers are of a range that is never given to anybody.
const addJobs = `
  with people as (
    insert into touchline.customers (business_id, external_id, first_name, email, phone, sms_consent_status, sms_consent_at)
    select $1, 'c' || n, 'Ann' || n, $3::text || n || '@example.test', '+1555' || lpad(($4::integer + n)::text, 7, '0'), 'opted_in', $5
    from generate_series(1, $2::integer) n
    returning id, external_id
  )
  insert into touchline.jobs (business_id, customer_id, external_id, status, completed_at)
  select $1, p.id, p.external_id, 'completed', $5 from people p
  returning id`;

async function addAccount(client: pg.ClientBase, businessId: string, provider: Provider): Promise<void> {
  await client.query(
    'update touchline.sender_accounts set kind = $3, name = $3, from_address = $4 where business_id = $1 and channel = $2 and in_use',
    [businessId, channelOf(provider), provider, provider === 'twilio' ? '+15550000000' : `${provider}@business.test`],
  );
}

async function closeEarly(client: pg.ClientBase, businessId: string): Promise<void> {
  const windows = Array.from({ length: 7 }, (_, day) => ({
    iso_weekday: day + 1,
    opens: '06:00',
    closes: closesAt.time,
  }));
  await answer(client, "touchline.set_sending_windows($1, 'sms', $2)", [businessId, JSON.stringify(windows)]);
}

/** Jobs enrolled in one statement, as `touchline import --enroll` does. */
const batch = 1_000;

interface People {
  index: number;
  people: number;
  begin: Date;
}

async function addPeople(client: pg.ClientBase, businessId: string, { index, people, begin }: People): Promise<void> {
  const completedAt = new Date(begin.getTime() - firstDelayMs);
  const { rows } = await client.query<{ id: string }>(addJobs, [
    businessId,
    people,
    `b${index}c`,
    index * 400_000,
    completedAt,
  ]);
  for (let from = 0; from < rows.length; from += batch) {
    const ids = rows.slice(from, from + batch).map((row) => row.id);
    await answer(client, 'touchline.enroll_completed($1, $2, null, null, $3)', [businessId, ids, begin]);
  }
}

/** Makes everything; answers how many people there are. */
export async function fill(
  client: pg.ClientBase,
  { people, touches, begin }: { people: number; touches: number; begin: Date },
  say: (line: string) => void,
): Promise<number> {
  const each = Math.ceil(people / providers.length / businessesEach);
  let index = 0;
  for (const provider of providers) {
    for (let nth = 1; nth <= businessesEach; nth += 1) {
      await client.query('begin; set local role service_role');
      const businessId = await addBusiness(client, {
        name: `${provider} ${nth}`,
        channel: channelOf(provider),
        at: begin,
        touches,
      });
      if (`${provider} ${nth}` === closesAt.business) await closeEarly(client, businessId);
      await client.query('reset role');
      await addAccount(client, businessId, provider);
      await client.query('set local role service_role');
      await addPeople(client, businessId, { index, people: each, begin });
      await client.query('commit');
      index += 1;
      say(`${each} people behind ${provider}, business ${index}`);
    }
  }
  await client.query('analyze');
  return each * index;
}
