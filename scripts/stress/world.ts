// What the stress run works on: businesses with the same number of people, each enrolled by the product's own functions.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** When all jobs were completed. */
const start = new Date('2026-03-02T15:00:00Z');
const delays = [24, 72, 72, 168];
export const touchesPerPerson = delays.length;

/** The moments at which everybody's touch 1, 2, 3 and 4 is due. */
export const moments: readonly Date[] = delays.map((_, index) => {
  const hours = delays.slice(0, index + 1).reduce((sum, delay) => sum + delay, 0);
  return new Date(start.getTime() + hours * 3_600_000);
});

const always = JSON.stringify(
  Array.from({ length: 7 }, (_, day) => ({ iso_weekday: day + 1, opens: '00:00', closes: '24:00' })),
);

/** What one SQL function answers. */
export async function answer<T>(client: pg.ClientBase, sql: string, values: unknown[]): Promise<T> {
  const { rows } = await client.query<{ answer: T }>(`select ${sql} as answer`, values);
  return rows[0]?.answer as T;
}

interface NewBusiness {
  name: string;
  channel: 'email' | 'sms';
  at: Date;
  /** Of its campaign: at most four, which is the default. */
  touches?: number;
}

/** A business that may write at any hour, with one live campaign through one channel. */
export async function addBusiness(
  client: pg.ClientBase,
  { name, channel, at, touches: count = touchesPerPerson }: NewBusiness,
): Promise<string> {
  const id = await answer<string>(client, 'touchline.add_business($1, $2)', [
    randomUUID(),
    {
      name,
      time_zone: 'UTC',
      postal_address: '1 Main Street, Springfield',
      review_url: 'https://reviews.example/x',
    },
  ]);
  await answer(client, 'touchline.set_sending_windows($1, $2, $3)', [id, channel, always]);
  const template = await answer<string>(client, 'touchline.save_template($1, null, $2)', [
    id,
    channel === 'email'
      ? { name: 'Text', channel, subject: 'Hello {{first_name}}', body: 'How did it go? {{review_link}}' }
      : { name: 'Text', channel, body: '{{business_name}}: how did it go, {{first_name}}? Reply STOP to opt out' },
  ]);
  const touches = delays.slice(0, count).map((delay_hours) => ({ channel, delay_hours, template_id: template }));
  const campaign = await answer<string>(client, 'touchline.create_campaign($1, $2, null, null, $3)', [
    id,
    'Follow-up',
    JSON.stringify(touches),
  ]);
  await answer(client, 'touchline.publish_campaign($1, $2, $3)', [id, campaign, at]);
  return id;
}

const addJobs = `
  with people as (
    insert into touchline.customers (business_id, external_id, first_name, email)
    select $1, 'c' || n, 'Ann', 'c' || n || '@example.test' from generate_series(1, $2::integer) n
    returning id, external_id
  )
  insert into touchline.jobs (business_id, customer_id, external_id, status, completed_at)
  select $1, p.id, p.external_id, 'completed', $3 from people p
  returning id`;

/** Makes the businesses and enrolls everybody; answers how many people there are. */
export async function fill(client: pg.ClientBase, businesses: number, peopleEach: number): Promise<number> {
  let enrolled = 0;
  for (let index = 1; index <= businesses; index += 1) {
    await client.query('begin; set local role service_role');
    const id = await addBusiness(client, { name: `Business ${index}`, channel: 'email', at: start });
    const { rows } = await client.query<{ id: string }>(addJobs, [id, peopleEach, start]);
    const summary = await answer<{ enrolled: number }>(client, 'touchline.enroll_completed($1, $2, null, null, $3)', [
      id,
      rows.map((row) => row.id),
      start,
    ]);
    enrolled += summary.enrolled;
    await client.query('commit');
  }
  await client.query('analyze');
  return enrolled;
}
