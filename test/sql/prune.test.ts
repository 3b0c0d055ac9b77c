// What may be pruned, and above all what may not: everything that the engine still looks at stays, however old it is asked to be.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Business, hours, openWorld, type World } from '../engine/world.ts';
import { expectInvariants } from '../support/invariants.ts';
import { count } from './enroll-support.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld('prune');
});
afterEach(async () => {
  // The provider's log is not ours to prune: it is forgotten here with the messages, and nothing else may be amiss.
  await world.database.query(
    `delete from touchline_test.acceptances a
     where not exists (select from touchline.send_logs l where (l.business_id, l.id) = (a.business_id, a.send_log_id))`,
  );
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

interface Pruned {
  gone: Record<string, number>;
  next: { business_id: string; id: string } | null;
}

interface Wish {
  days?: number | null;
  limit?: number;
  after?: Pruned['next'];
  dryRun?: boolean;
}

const prune = (table: string, { days = null, limit = 1000, after = null, dryRun = false }: Wish = {}) =>
  world.call<Pruned>('touchline.prune($1, $2, $3, $4, $5, $6)', [table, days, limit, after, dryRun, world.now]);

/** All batches; what went in all of them. */
async function pruneAll(table: string, wish: Wish = {}): Promise<Record<string, number>> {
  const total: Record<string, number> = {};
  let after: Pruned['next'] = null;
  do {
    const { gone, next }: Pruned = await prune(table, { ...wish, after });
    for (const [name, rows] of Object.entries(gone)) total[name] = (total[name] ?? 0) + rows;
    after = next;
  } while (after !== null);
  return total;
}

const enrollments = (days: number): Promise<Record<string, number>> => pruneAll('campaign_enrollments', { days });

/** Moves the clock by days, without a tick. */
function pass(days: number): void {
  world.at(new Date(world.now.getTime() + hours(24 * days)));
}

/** Somebody who has got everything there was to get, an hour ago. */
async function finished(business: Business): Promise<string> {
  const { enrollment_id: id } = await business.completeJob();
  await world.runUntil(new Date(world.now.getTime() + hours(25)));
  expect((await business.enrollment(id)).status).toBe('completed');
  return id;
}

const has = async (business: Business, id: string): Promise<boolean> =>
  (await count(business, 'campaign_enrollments', `id = '${id}'`)) === 1;

describe('an enrollment that ended', () => {
  it('goes with its messages, attempts, events, copies and links, and leaves the job, the counts and the evidence', async () => {
    const business = await world.business();
    const id = await finished(business);
    const log = `(select l.id from touchline.send_logs l where l.campaign_enrollment_id = '${id}')`;
    await world.database.query(
      `insert into touchline.message_events (business_id, send_log_id, kind, rank, occurred_at, created_at)
       select business_id, id, 'delivered', 20, $2, $2 from touchline.send_logs where business_id = $1`,
      [business.id, world.now],
    );
    await world.database.query(`update touchline.send_logs set status = 'delivered' where business_id = $1`, [
      business.id,
    ]);
    await world.database.query(
      `insert into touchline.mailbox_messages (business_id, send_log_id, attempt, channel, recipient, text, accepted_at)
       values ($1, ${log}, 1, 'email', 'ann@example.test', 'Hello', $2)`,
      [business.id, world.now],
    );
    await world.database.query(
      `insert into touchline.links (business_id, token, purpose, send_log_id, campaign_enrollment_id)
       select $1, rpad(p, 22, 'x'), p, ${log}, $2 from unnest('{review,unsubscribe}'::text[]) p`,
      [business.id, id],
    );
    pass(120);
    expect(await prune('campaign_enrollments', { days: 100, dryRun: true })).toEqual({
      gone: { campaign_enrollments: 1, send_logs: 1 },
      next: null,
    });
    expect(await has(business, id)).toBe(true);
    expect(await enrollments(100)).toEqual({ campaign_enrollments: 1, send_logs: 1 });
    for (const table of ['campaign_enrollments', 'send_logs', 'send_attempts', 'message_events', 'mailbox_messages']) {
      expect(await count(business, table), table).toBe(0);
    }
    expect(await count(business, 'links')).toBe(1);
    expect(await count(business, 'links', "purpose = 'unsubscribe' and send_log_id is null")).toBe(1);
    expect(await count(business, 'jobs', "decision = 'enrolled'")).toBe(1);
    const { rows } = await world.database.query<{ before: Date }>(
      'select messages_pruned_before as before from touchline.installation',
    );
    const asked = world.now.getTime() - hours(24 * 100);
    expect(rows[0]?.before.getTime()).toBeGreaterThan(asked);
    expect(rows[0]?.before.getTime()).toBeLessThanOrEqual(asked + hours(1));
    expect(await enrollments(100)).toEqual({ campaign_enrollments: 0, send_logs: 0 });
  });

  it('leads to no second one when its job is reported again', async () => {
    const business = await world.business();
    const job = { external_id: 'job-1', completed_at: world.now.toISOString() };
    await business.completeJob({ external_id: 'ann' }, job);
    await world.runUntil(new Date(world.now.getTime() + hours(25)));
    pass(200);
    await enrollments(90);
    const again = await business.completeJob({ external_id: 'ann' }, job);
    expect(again).toMatchObject({ decision: 'enrolled', enrollment_id: null });
    await world.tick();
    expect(await count(business, 'campaign_enrollments')).toBe(0);
  });

  it('stays while it is younger, or the sequence still runs', async () => {
    const business = await world.business();
    const young = await finished(business);
    const paused = await world.business();
    const { enrollment_id: waits } = await paused.completeJob();
    await paused.call('touchline.pause_campaign', [paused.campaign, 'a long pause']);
    pass(95);
    expect(await enrollments(100)).toEqual({ campaign_enrollments: 0, send_logs: 0 });
    pass(400);
    expect(await enrollments(90)).toEqual({ campaign_enrollments: 1, send_logs: 1 });
    expect(await has(business, young)).toBe(false);
    expect(await has(paused, waits)).toBe(true);
  });

  it.each([
    ['reentry_days_after_enrollment', 'enrolled_recently'],
    ['reentry_days_after_review', 'reviewed_recently'],
  ])('stays as long as %s looks back at it', async (policy, refusal) => {
    const business = await world.business({ policy: { [policy]: 400 } });
    const { enrollment_id: id, customer_id: customer } = await business.completeJob({ external_id: 'ann' });
    await world.runUntil(new Date(world.now.getTime() + hours(policy.endsWith('review') ? 23 : 25)));
    if (policy.endsWith('review')) {
      await business.call('touchline.record_customer_event', [customer, 'review_clicked']);
      // As a review that came another way would leave it: known by the sequence it ended alone.
      await world.database.query('update touchline.customers set last_reviewed_at = null where id = $1', [customer]);
    }
    pass(399);
    expect(await enrollments(90)).toMatchObject({ campaign_enrollments: 0 });
    const next = await business.completeJob({ external_id: 'ann' });
    expect(next).toMatchObject({ decision: 'refused', reason: refusal });
    expect(await has(business, id)).toBe(true);
    pass(2);
    expect(await enrollments(90)).toMatchObject({ campaign_enrollments: 1 });
  });

  it('stays as long as the frequency cap or the minimum gap may look back at its messages', async () => {
    const business = await world.business({
      policy: {
        min_gap_hours: 720,
        max_late_hours: 720,
        reentry_days_after_enrollment: 0,
        reentry_days_after_review: 0,
      },
    });
    const id = await finished(business);
    // Younger than prune lets anybody ask for, so asked below it.
    const inside = (): Promise<unknown> =>
      world.database.query('select touchline.prune_enrollments($1, array[$2]::uuid[], 1, false, $3)', [
        business.id,
        id,
        world.now,
      ]);
    pass(59);
    await inside();
    expect(await has(business, id)).toBe(true);
    pass(2);
    await inside();
    expect(await has(business, id)).toBe(false);
  });

  it('stays while a job waits for its end', async () => {
    const business = await world.business({ policy: { overlap: 'queue_after' } });
    const first = await business.completeJob({ external_id: 'ann' });
    const second = await business.completeJob({ external_id: 'ann' });
    expect(second.decision).toBe('queued');
    // Nobody ticks between its end and now: what was queued is not decided anew.
    await business.call('touchline.stop_enrollment', [first.enrollment_id, 'owner_stopped']);
    pass(200);
    expect(await enrollments(90)).toMatchObject({ campaign_enrollments: 0 });
    expect(await count(business, 'jobs', `blocked_by_enrollment = '${first.enrollment_id}'`)).toBe(1);
    await world.tick();
    expect(await count(business, 'jobs', 'blocked_by_enrollment is not null')).toBe(0);
    expect(await enrollments(90)).toMatchObject({ campaign_enrollments: 1 });
  });

  it('stays while a message of it is held or being looked for, and while somebody may still hear of one', async () => {
    const business = await world.business({ policy: { unknown_email: 'hold' } });
    world.provider(() => ({ kind: 'ambiguous', errorCode: 'timeout' }));
    const { enrollment_id: held } = await business.completeJob();
    await world.runUntil(new Date(world.now.getTime() + hours(30)));
    await business.call('touchline.stop_enrollment', [held, 'owner_stopped']);
    world.provider(undefined);
    const heard = await finished(business);
    const looked = await finished(business);
    await world.database.query(
      `insert into touchline.evidence_checks (business_id, send_log_id, claim_id, look_at, ends_at)
       select business_id, id, claim_id, $2, $2 from touchline.send_logs where campaign_enrollment_id = $1`,
      [looked, world.now],
    );
    pass(150);
    const { rows } = await world.database.query<{ id: string; account: string }>(
      'select id, sender_account_id as account from touchline.send_logs where campaign_enrollment_id = $1',
      [heard],
    );
    await business.call('touchline.record_provider_event', [
      rows[0]?.account,
      { provider: 'fake', event_id: 'late', kind: 'clicked', send_log_id: rows[0]?.id },
    ]);
    pass(50);
    expect(await enrollments(90)).toEqual({ campaign_enrollments: 0, send_logs: 0 });
    expect(await count(business, 'send_logs', "state = 'held'")).toBe(1);
    await world.database.query('delete from touchline.evidence_checks');
    pass(50);
    expect(await enrollments(90)).toEqual({ campaign_enrollments: 2, send_logs: 2 });
    expect(await has(business, held)).toBe(true);
  });

  it('goes batch by batch over businesses, and the sums are those of a dry run', async () => {
    const counts = [3, 0, 5];
    for (const people of counts) {
      const business = await world.business();
      for (let person = 0; person < people; person += 1) await business.completeJob();
    }
    await world.runUntil(new Date(world.now.getTime() + hours(25)));
    pass(100);
    const all = { campaign_enrollments: 8, send_logs: 8 };
    expect(await pruneAll('campaign_enrollments', { days: 90, limit: 2, dryRun: true })).toEqual(all);
    const first = await prune('campaign_enrollments', { days: 90, limit: 2 });
    expect(first).toMatchObject({ gone: { campaign_enrollments: 2, send_logs: 2 }, next: expect.any(Object) });
    // Broken off here and begun again from the start.
    expect(await pruneAll('campaign_enrollments', { days: 90, limit: 2 })).toEqual({
      campaign_enrollments: 6,
      send_logs: 6,
    });
  });
});

describe('a message without an enrollment', () => {
  it('goes when it is settled and old, and stays while it is on its way', async () => {
    const business = await world.business();
    const id = await finished(business);
    await world.database.query('delete from touchline.campaign_enrollments where id = $1', [id]);
    await world.database.query(
      `insert into touchline.send_logs (business_id, recipient, subject, status, created_at)
       values ($1, 'old@example.test', 'By hand, before there were campaigns', 'sent', $2)`,
      [business.id, world.now],
    );
    const { rows } = await world.database.query<{ id: string }>(
      'update touchline.send_logs set campaign_id = null where business_id = $1 returning id',
      [business.id],
    );
    expect(rows).toHaveLength(2);
    const other = await finished(business);
    pass(150);
    expect(await pruneAll('send_logs', { days: 160 })).toEqual({ send_logs: 0 });
    expect(await pruneAll('send_logs', { days: 90, limit: 1, dryRun: true })).toEqual({ send_logs: 2 });
    expect(await pruneAll('send_logs', { days: 90, limit: 1 })).toEqual({ send_logs: 2 });
    expect(await has(business, other)).toBe(true);
    expect(await count(business, 'send_logs')).toBe(1);
  });
});

describe('a job', () => {
  it('goes when it is decided and old and its enrollment is gone; what waits for a decision stays', async () => {
    const business = await world.business({ policy: { overlap: 'ask' } });
    const first = await business.completeJob({ external_id: 'ann' });
    const conflict = await business.completeJob({ external_id: 'ann' });
    expect(conflict.decision).toBe('conflict');
    await world.runUntil(new Date(world.now.getTime() + hours(25)));
    const { rows } = await world.database.query<{ id: string }>(
      `insert into touchline.jobs (business_id, customer_id, external_id, status, scheduled_for, completed_at)
       values ($1, $2, 'planned', 'scheduled', $3, null), ($1, $2, 'off', 'cancelled', $3, null),
         ($1, $2, 'undecided', 'completed', null, $3)
       returning id`,
      [business.id, first.customer_id, world.now],
    );
    pass(800);
    expect(await pruneAll('jobs', { days: 700 })).toEqual({ jobs: 1 });
    expect(await count(business, 'jobs', "external_id = 'off'")).toBe(0);
    await enrollments(700);
    expect(await has(business, first.enrollment_id), 'a conflict waits for its end').toBe(true);
    await business.call('touchline.resolve_conflict', [conflict.job_id, 'skip']);
    await enrollments(700);
    expect(await pruneAll('jobs', { days: 700 })).toEqual({ jobs: 1 });
    expect(await count(business, 'jobs', `id = '${first.job_id}'`)).toBe(0);
    expect(await count(business, 'jobs', `id = any ('{${rows.map(({ id }) => id).join()},${conflict.job_id}}')`)).toBe(
      3,
    );
  });

  it('that an old export brings back is too old to be enrolled', async () => {
    const business = await world.business({ policy: { max_enroll_age_days: 365 } });
    const row = {
      line: 2,
      status: 'completed',
      customer: { external_id: 'ann', email: 'ann@example.test' },
      job: { external_id: 'job-1', completed_at: world.now.toISOString() },
    };
    const importIt = () => business.call<{ job_id: string }[]>('touchline.import_jobs', [JSON.stringify([row])]);
    const [first] = await importIt();
    await business.call('touchline.enroll_completed', [[first?.job_id], null]);
    await world.runUntil(new Date(world.now.getTime() + hours(25)));
    pass(363);
    await enrollments(90);
    expect(await pruneAll('jobs', { days: 365 })).toEqual({ jobs: 0 });
    pass(2);
    expect(await pruneAll('jobs', { days: 365 })).toEqual({ jobs: 1 });
    const [again] = await importIt();
    expect(await business.call('touchline.enroll_completed', [[again?.job_id], null])).toMatchObject({
      enrolled: 0,
      reasons: { too_old: 1 },
    });
  });
});

describe('the audit log', () => {
  it('keeps what excuses a message for as long as the message is there', async () => {
    const business = await world.business();
    await finished(business);
    const { rows } = await world.database.query<{ id: string }>(
      `insert into touchline.audit_log (business_id, actor_kind, action, object_kind, object_id, occurred_at)
       select $1, 'member', 'touch.resend', 'send_log', l.id, $2::timestamptz from touchline.send_logs l where l.business_id = $1
       union all select $1, 'member', 'touch.resend', 'send_log', gen_random_uuid(), $2::timestamptz
       returning id`,
      [business.id, world.now],
    );
    expect(rows).toHaveLength(2);
    pass(400);
    expect(await pruneAll('audit_log', { days: 365 })).toEqual({ audit_log: 1 });
    await enrollments(90);
    expect(await pruneAll('audit_log', { days: 365 })).toEqual({ audit_log: 1 });
  });
});

describe('what is kept', () => {
  it('is refused with the reason, as is an age below the least and a batch without bounds', async () => {
    for (const table of ['consent_events', 'suppressions', 'send_attempts', 'message_events', 'daily_stats']) {
      await expect(prune(table, { days: 4000 }), table).rejects.toMatchObject({ code: 'TL316' });
    }
    for (const wish of [{}, { days: 89 }, { days: 90, limit: 0 }, { days: 90, limit: 5001 }, { days: 40_000 }]) {
      await expect(prune('campaign_enrollments', wish)).rejects.toMatchObject({ code: 'TL402' });
    }
    await expect(prune(`customers_${randomUUID()}`)).rejects.toMatchObject({ code: 'TL402' });
  });

  it('and what goes is said of every table there is', async () => {
    const { rows } = await world.database.query<{ name: string; how: string; age: number; least: number }>(
      `select c.relname as name, r.how, r.default_days as age, r.least_days as least
       from pg_catalog.pg_class c
       full join touchline.retention() r on r.table_name = c.relname
       where c.relnamespace = 'touchline'::pg_catalog.regnamespace and c.relkind in ('r', 'p') or c.oid is null`,
    );
    expect(
      rows.filter(({ name, how }) => name === null || how === null).map(({ name }) => name),
      'Each table needs its line in sql/functions/retention.sql: how its old rows go, or why none does.',
    ).toEqual([]);
    const has = (how: string) => rows.filter((row) => row.how === how);
    expect(has('automatic').filter(({ age, least }) => age === null || age < least)).toEqual([]);
    expect(has('asked').filter(({ age, least }) => age !== null || least < 90)).toEqual([]);
    expect(
      has('kept')
        .concat(has('follows'))
        .filter(({ age, least }) => age !== null || least !== null),
    ).toEqual([]);
  });
});
