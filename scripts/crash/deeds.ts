// What the nemesis does to database and people, through the product's own functions where there is one.
import { appendFileSync } from 'node:fs';
import type pg from 'pg';
import { withRole } from '../../src/db/client.ts';
import type { Fleet } from './fleet.ts';
import type { Deeds } from './nemesis.ts';

export interface DeedsOptions {
  pool: pg.Pool;
  fleet: Fleet;
  /** The virtual moment. */
  now: () => Date;
  crashDatabase: () => Promise<void>;
  /** A file that gets a line per opt-out that is committed: recipient and the virtual moment. */
  optOuts: string;
  /** A clock may jump by this much, either way, in milliseconds. */
  jumpMs: number;
  counts: { backendKills: number };
}

// A pause or its end moves everybody of a campaign: thousands in the long form, beside workers who want both cores.
const asOperator = <T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  withRole(pool, { role: 'service_role' }, work, { statementTimeoutMs: 60_000 });

// By a random point of the key, which costs one look into the index.
const anyActive = `
  select e.business_id, e.id, e.campaign_id, k.email, k.phone
  from touchline.campaign_enrollments e
  join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id)
  where e.business_id = (select d.business_id from touchline.business_dispatch d order by d.business_id
      offset pg_catalog.floor($1::float8 * (select pg_catalog.count(*) from touchline.business_dispatch)) limit 1)
    and e.status = 'active'
  offset pg_catalog.floor($2::float8 * 200) limit 1`;

interface Active {
  business_id: string;
  id: string;
  campaign_id: string;
  email: string | null;
  phone: string | null;
}

const pauseEver = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const onVictim = async (
  { pool }: DeedsOptions,
  choice: number,
  work: (client: pg.PoolClient, found: Active) => Promise<void>,
): Promise<void> =>
  asOperator(pool, async (client) => {
    const { rows } = await client.query<Active>(anyActive, [choice, (choice * 97) % 1]);
    if (rows[0] !== undefined) await work(client, rows[0]);
  });

async function optOut(options: DeedsOptions, choice: number): Promise<void> {
  let recipient: string | undefined;
  await onVictim(options, choice, async (client, { business_id, email, phone, campaign_id }) => {
    const { rows } = await client.query<{ channel: string }>(
      'select distinct channel from touchline.campaign_touches where business_id = $1 and campaign_id = $2',
      [business_id, campaign_id],
    );
    const isSms = rows[0]?.channel === 'sms';
    recipient = (isSms ? phone : email) ?? undefined;
    await client.query('select touchline.record_opt_out($1, $2, $3, $4, $5)', [
      business_id,
      isSms ? 'sms' : 'email',
      recipient,
      { source: isSms ? 'inbound_sms' : 'unsubscribe_link' },
      options.now(),
    ]);
  });
  // Only now is it committed; what was claimed before may still be on its way for as long as the promise says.
  if (recipient === undefined) return;
  appendFileSync(options.optOuts, `${JSON.stringify({ recipient, at: options.now().getTime() })}\n`);
}

// A pause that is never ended would keep the campaign from its end, so this is tried until the database hears it.
async function resume({ pool, now }: DeedsOptions, { business_id, campaign_id }: Active): Promise<void> {
  for (;;) {
    try {
      await asOperator(pool, (client) =>
        client.query('select touchline.resume_campaign($1, $2, $3)', [business_id, campaign_id, now()]),
      );
      return;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'TL302') return;
      await pauseEver(250);
    }
  }
}

async function pause(options: DeedsOptions, choice: number): Promise<void> {
  let paused: Active | undefined;
  await onVictim(options, choice, async (client, found) => {
    await client.query("select touchline.pause_campaign($1, $2, 'campaign', $3)", [
      found.business_id,
      found.campaign_id,
      options.now(),
    ]);
    paused = found;
  });
  if (paused === undefined) return;
  await pauseEver(500);
  await resume(options, paused);
}

async function killBackend({ pool, counts }: DeedsOptions, choice: number): Promise<void> {
  const { rowCount } = await pool.query(
    `select pg_catalog.pg_terminate_backend(pid) from (
       select pid from pg_catalog.pg_stat_activity where application_name = 'crash-worker' order by pid
       offset pg_catalog.floor($1::float8 * (select pg_catalog.count(*) from pg_catalog.pg_stat_activity
         where application_name = 'crash-worker')) limit 1) a`,
    [choice],
  );
  counts.backendKills += rowCount ?? 0;
}

/** The deeds of a campaign. */
export function deedsOf(options: DeedsOptions): Deeds {
  const { fleet, now, crashDatabase, jumpMs } = options;
  return {
    kill_worker: (choice) => Promise.resolve(fleet.kill(choice)),
    freeze_worker: (choice) => Promise.resolve(fleet.freeze(choice)),
    clock_jump: (choice) => Promise.resolve(fleet.skew(choice, Math.round((choice - 0.5) * 2 * jumpMs))),
    crash_database: () => crashDatabase(),
    kill_backend: (choice) => killBackend(options, choice),
    opt_out: (choice) => optOut(options, choice),
    stop: (choice) =>
      onVictim(options, choice, async (client, { business_id, id }) => {
        await client.query("select touchline.stop_enrollment($1, $2, 'replied', $3)", [business_id, id, now()]);
      }),
    pause: (choice) => pause(options, choice),
    edit: (choice) =>
      onVictim(options, choice, async (client, { business_id, campaign_id }) => {
        await client.query('select touchline.edit_campaign($1, $2)', [business_id, campaign_id]);
        await client.query('select touchline.publish_campaign($1, $2, $3)', [business_id, campaign_id, now()]);
      }),
  };
}
