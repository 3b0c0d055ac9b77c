// A business with people whose only touch is due now, by the server's own clock, made by the product's functions.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';

const always = JSON.stringify(
  Array.from({ length: 7 }, (_, day) => ({ iso_weekday: day + 1, opens: '00:00', closes: '24:00' })),
);

async function answer<T>(client: pg.ClientBase, sql: string, values: unknown[]): Promise<T> {
  const { rows } = await client.query<{ answer: T }>(`select ${sql} as answer`, values);
  return rows[0]?.answer as T;
}

async function addBusiness(client: pg.ClientBase): Promise<string> {
  const profile = {
    name: 'Brightwater',
    time_zone: 'UTC',
    postal_address: '1 Main Street',
    review_url: 'https://r.test/x',
  };
  const id = await answer<string>(client, 'touchline.add_business($1, $2)', [randomUUID(), profile]);
  await answer(client, "touchline.set_sending_windows($1, 'email', $2)", [id, always]);
  const text = {
    name: 'Text',
    channel: 'email',
    subject: 'Hello {{first_name}}',
    body: 'How did it go? {{review_link}}',
  };
  const template = await answer<string>(client, 'touchline.save_template($1, null, $2)', [id, text]);
  const touches = JSON.stringify([{ channel: 'email', delay_hours: 24, template_id: template }]);
  const campaign = await answer<string>(client, "touchline.create_campaign($1, 'Follow-up', null, null, $2)", [
    id,
    touches,
  ]);
  await answer(client, 'touchline.publish_campaign($1, $2)', [id, campaign]);
  return id;
}

/** Adds so many people, whose job was done 30 hours ago and whose touch was due after 24; answers their addresses. */
export async function addDuePeople(client: pg.ClientBase, count: number): Promise<string[]> {
  await client.query('begin; set local role service_role');
  const id = await addBusiness(client);
  const addresses = Array.from({ length: count }, (_, index) => `c${index}@example.test`);
  for (const [index, email] of addresses.entries()) {
    await client.query(
      `select touchline.complete_job($1, pg_catalog.jsonb_build_object('external_id', $2::text,
         'completed_at', pg_catalog.now() - interval '30 hours'), $3)`,
      [id, `job-${index}`, JSON.stringify({ external_id: `c${index}`, first_name: 'Ann', email })],
    );
  }
  await client.query('commit');
  return addresses;
}
