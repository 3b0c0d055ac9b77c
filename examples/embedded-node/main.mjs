// Touchline inside an application: the application's own table and Touchline's enrollment change in one transaction.
//
//   DATABASE_URL=postgres://… node examples/embedded-node/main.mjs
//
// The database must be one that Touchline may be tried on: this example adds a business and a customer.
import pg from 'pg';
import { createEngine, migrate } from 'touchline';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

async function withClient(work) {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

// Once, at deployment. Running it again changes nothing.
await withClient((client) => migrate(client));

// Who hands messages over is yours to say; this one prints them.
const printer = {
  send: async ({ channel, recipient, text }) => {
    console.log(`${channel} to ${recipient}: ${text.split('\n')[0]}`);
    return { kind: 'accepted', provider: 'printer' };
  },
};

const touchline = createEngine({
  pool,
  senders: () => printer,
  links: { unsubscribe: ({ sendLogId }) => `https://app.example.com/u/${sendLogId}` },
});

// Setting up is the operator's: role service_role.
const businessId = await withClient(async (client) => {
  await client.query('begin; set local role service_role');
  const { rows } = await client.query('select touchline.add_business(gen_random_uuid(), $1) as id', [
    {
      name: "Ann's Plumbing",
      time_zone: 'America/New_York',
      postal_address: '1 Main Street, Springfield',
      review_url: 'https://example.com/review',
    },
  ]);
  const id = rows[0].id;
  const campaign = await client.query("select touchline.copy_preset($1, 'gentle') as id", [id]);
  await client.query('select touchline.publish_campaign($1, $2)', [id, campaign.rows[0].id]);
  await client.query('commit');
  return id;
});

// The application finishes a job in its own transaction; both happen or neither.
const answer = await withClient(async (client) => {
  await client.query('begin');
  await client.query('create table if not exists app_jobs (id text primary key, done boolean)');
  await client.query("insert into app_jobs values ('4711', true) on conflict (id) do update set done = true");
  const completed = await touchline.completeJob(
    {
      businessId,
      job: { external_id: '4711', service_type: 'plumbing' },
      customer: { external_id: 'c-1', first_name: 'Zoe', email: 'zoe@example.com' },
    },
    { client },
  );
  await client.query('commit');
  return completed;
});
console.log(`Job 4711 is ${answer.decision}; ${answer.touches.length} touches are planned.`);

// The customer answers: nothing more is sent.
const stopped = await touchline.stop({ businessId, enrollmentId: answer.enrollment_id, reason: 'replied' });
console.log(`Stopped: ${stopped}.`);

// In a service this runs every minute, or `touchline work` runs beside it.
const report = await touchline.tick();
console.log(`One pass handed over ${report.claimed} touches.`);
await pool.end();
