// What the worker clears out by itself: only what means nothing any more, in small steps, once an hour.
import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Business, hours, openWorld, type World } from '../engine/world.ts';
import { testDatabase } from '../support/database.ts';
import { expectInvariants } from '../support/invariants.ts';
import { count } from './enroll-support.ts';

let world: World;
let business: Business;

beforeEach(async () => {
  world = await openWorld('clear_out');
  business = await world.business();
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

const clearOut = (limit = 1000): Promise<number> => world.call('touchline.clear_out($1, $2)', [limit, world.now]);

const daysAgo = (days: number): Date => new Date(world.now.getTime() - hours(24 * days));

async function total(table: string): Promise<number> {
  const { rows } = await world.database.query<{ rows: number }>(
    `select count(*)::integer as rows from touchline.${table}`,
  );
  return rows[0]?.rows ?? -1;
}

/** Rows of each table, one that may go and one that may not. */
async function addOldAndYoung(): Promise<void> {
  const user = randomUUID();
  for (const [made, ends] of [
    [daysAgo(40), daysAgo(10)],
    [daysAgo(1), daysAgo(0.5)],
    [daysAgo(0), daysAgo(-1)],
  ]) {
    await world.database.query(
      'insert into touchline.login_links (token_hash, user_id, created_at, expires_at) values ($1, $2, $3, $4)',
      [randomBytes(32), user, made, ends],
    );
    await world.database.query(
      'insert into touchline.sessions (token_hash, user_id, created_at, expires_at) values ($1, $2, $3, $4)',
      [randomBytes(32), user, made, ends],
    );
  }
  for (const age of [2, 1.1, 0.9]) {
    await world.database.query(
      `insert into touchline.idempotency_keys (business_id, route, key, body_hash, created_at) values ($1, 'r', $2, $3, $4)`,
      [business.id, randomUUID(), randomBytes(32), daysAgo(age)],
    );
  }
  for (const [received, processed] of [
    [daysAgo(91), daysAgo(91)],
    [daysAgo(456), null],
    [daysAgo(91), null],
    [daysAgo(89), daysAgo(89)],
  ]) {
    await world.database.query(
      `insert into touchline.webhook_inbox (business_id, provider, event_id, headers, body, received_at, processed_at)
       values ($1, 'fake', $2, '{}', '', $3, $4)`,
      [business.id, randomUUID(), received, processed],
    );
  }
}

test('old keys, links, sessions and callbacks go, younger ones stay', async () => {
  await addOldAndYoung();
  expect(await clearOut()).toBe(1 + 2 + 2 + 2);
  expect(await total('login_links')).toBe(2);
  expect(await total('sessions')).toBe(1);
  expect(await total('idempotency_keys')).toBe(1);
  expect(await total('webhook_inbox')).toBe(2);
});

test('what a callback said stays with its message', async () => {
  await business.completeJob();
  await world.runUntil(new Date(world.now.getTime() + hours(25)));
  const { rows } = await world.database.query<{ id: string; account: string }>(
    'select id, sender_account_id as account from touchline.send_logs where business_id = $1',
    [business.id],
  );
  const event = {
    provider: 'fake',
    event_id: 'one',
    kind: 'bounced',
    bounce_class: 'transient',
    send_log_id: rows[0]?.id,
  };
  const record = () => business.call<string>('touchline.record_provider_event', [rows[0]?.account, event]);
  expect(await record()).toBe('recorded');
  world.at(daysAgo(-91));
  await clearOut();
  expect(await total('webhook_inbox')).toBe(0);
  expect(await count(business, 'message_events', "webhook_id is null and kind = 'bounced'")).toBe(1);
  // A provider that repeats itself after all that time changes nothing.
  expect(await record()).toBe('recorded');
  expect(await count(business, 'send_logs', "status = 'bounced'")).toBe(1);
});

test('small steps: at once again while there is more, then not for an hour', async () => {
  await addOldAndYoung();
  expect(await clearOut(1)).toBe(4);
  expect(await clearOut(1)).toBe(3);
  expect(await clearOut(1)).toBe(0);
  await world.database.query('delete from touchline.sessions');
  await addOldAndYoung();
  expect(await clearOut(), 'an hour has not passed').toBe(0);
  world.at(new Date(world.now.getTime() + hours(1) + 1000));
  expect(await clearOut()).toBeGreaterThan(4);
  // A clock that was set back does not stop it.
  await addOldAndYoung();
  world.at(daysAgo(0.5));
  expect(await clearOut()).toBeGreaterThan(0);
});

test('one worker at a time, and none in safe mode', async () => {
  await addOldAndYoung();
  await world.database.asRole('touchline_worker', null, async (client) => {
    await client.query('select touchline.clear_out(1, $1)', [world.now]);
    expect(await clearOut()).toBe(0);
  });
  await world.database.query("update touchline.installation set safe_mode_at = now(), safe_mode_reason = 'A backup.'");
  expect(await clearOut()).toBe(0);
  await world.database.query('update touchline.installation set safe_mode_at = null, safe_mode_reason = null');
  expect(await clearOut()).toBe(3);
});

test('the mailbox of a virtual clock is left alone until somebody asks; what is on its way keeps its copy', async () => {
  world.provider(() => ({ kind: 'ambiguous', errorCode: 'timeout' }));
  await world.call('touchline.set_sending_policy($1, $2)', [business.id, { unknown_email: 'hold' }]);
  await business.completeJob();
  await world.runUntil(new Date(world.now.getTime() + hours(30)));
  world.provider(undefined);
  await business.completeJob();
  await world.runUntil(new Date(world.now.getTime() + hours(25)));
  await world.database.query(
    `insert into touchline.mailbox_messages (business_id, send_log_id, attempt, channel, recipient, text, accepted_at)
     select business_id, id, 1, 'email', recipient, 'Hello', claimed_at from touchline.send_logs`,
  );
  world.at(daysAgo(-100));
  expect(await clearOut()).toBe(0);
  const ask = (dryRun: boolean) =>
    world.call('touchline.prune($1, null, 1000, null, $2, $3)', ['mailbox_messages', dryRun, world.now]);
  expect(await ask(true)).toEqual({ gone: { mailbox_messages: 1 }, next: null });
  expect(await ask(false)).toEqual({ gone: { mailbox_messages: 1 }, next: null });
  expect(await total('mailbox_messages')).toBe(1);
});

test('a real clock tells old callbacks by their ids, and clears out the mailbox too', async () => {
  const real = await testDatabase('clear_out_real');
  try {
    const id = (age: string): string =>
      `(lpad(to_hex((extract(epoch from now() - interval '${age}') * 1000)::bigint), 12, '0') || repeat('0', 8) || substr(md5(random()::text), 1, 12))::uuid`;
    const { rows } = await real.query<{ id: string }>(
      `insert into touchline.businesses (user_id, name, time_zone) values (gen_random_uuid(), 'Real', 'UTC') returning id`,
    );
    for (const age of ['100 days', '91 days', '89 days']) {
      await real.query(
        `insert into touchline.webhook_inbox (business_id, id, provider, event_id, headers, body, received_at, processed_at)
         values ($1, ${id(age)}, 'fake', $2, '{}', '', now() - interval '${age}', now())`,
        [rows[0]?.id, age],
      );
      await real.query(
        `with l as (
           insert into touchline.send_logs (business_id, recipient, status, created_at)
           values ($1, 'ann@example.test', 'sent', now()) returning business_id, id)
         insert into touchline.mailbox_messages (business_id, send_log_id, attempt, channel, recipient, text, accepted_at)
         select business_id, id, 1, 'email', 'ann@example.test', 'Hello', now() - interval '${age}' from l`,
        [rows[0]?.id],
      );
    }
    const gone = await real.asRole('touchline_worker', null, (client) =>
      client.query<{ rows: number }>('select touchline.clear_out() as rows'),
    );
    expect(gone.rows[0]?.rows).toBe(4);
  } finally {
    await real.drop();
  }
});

test('claims that left nothing open are forgotten together, however many stand before one that was left open', async () => {
  await business.completeJob();
  world.at(new Date(world.now.getTime() + hours(24)));
  await world.engine.store.claim({ worker: 'dies', claimId: randomUUID(), limit: 10, now: world.now });
  await world.database.query(
    `insert into touchline.lane_claims (business_id, claim_id, channel, worker, claimed_at, lease_until, check_at, send_log_ids)
     select $1, gen_random_uuid(), 'email', 'done', $2, l.over, l.over, array[gen_random_uuid()]
     from generate_series(1, 150), (select $2::timestamptz + interval '1 second' as over) l`,
    [business.id, world.now],
  );
  world.at(new Date(world.now.getTime() + hours(0.2)));
  expect(await world.engine.store.reconcile(20, world.now)).toBe(1);
  expect(await total('lane_claims')).toBe(1);
  expect(await count(business, 'send_logs', "state = 'unknown'")).toBe(1);
  // Once nothing is open any more the row of the search goes with the claim.
  expect(await total('evidence_checks')).toBe(1);
  const { rows } = await world.database.query(
    'select id as send_log_id, business_id, attempt from touchline.send_logs',
  );
  const findings = JSON.stringify(rows.map((row) => ({ ...row, finding: 'absent' })));
  await world.call('(select count(*) from touchline.settle_evidence($1, $2))', [findings, world.now]);
  await world.engine.store.reconcile(20, world.now);
  expect(await total('lane_claims')).toBe(0);
  expect(await total('evidence_checks')).toBe(0);
});
