// A database that was restored or copied does not know what was sent since, and sends nothing until somebody has looked.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaveSafeMode, readSafeMode } from '../../src/db/read/safe-mode.ts';
import { checkIn, doubtAll, type Memory } from '../../src/engine/at-home.ts';
import type { Sender } from '../../src/engine/ports.ts';
import { copyDatabase, type TestDatabase } from '../support/database.ts';
import { expectInvariants } from '../support/invariants.ts';
import { Business, later, openWorld, World } from './world.ts';

const two = [
  { channel: 'email', delay_hours: 24 },
  { channel: 'email', delay_hours: 72 },
] as const;

let world: World;
let business: Business;
let start: Date;
const worlds: World[] = [];

beforeEach(async () => {
  world = await openWorld('safe_mode');
  worlds.push(world);
  business = await world.business({ touches: two });
  start = world.now;
  await world.tick();
});
afterEach(async () => {
  for (const each of worlds.splice(0)) {
    await expectInvariants(each.database, { now: each.now });
    await each.close();
  }
});

/** The world as it is now, restored later or elsewhere. */
async function copy(): Promise<{ other: World; theirs: Business }> {
  const database: TestDatabase = await copyDatabase(world.database, 'safe_mode_copy');
  const other = new World(database);
  other.at(world.now);
  worlds.push(other);
  return { other, theirs: new Business(other, business.id) };
}

function memory(): Memory & { known: Map<string, number> } {
  const known = new Map<string, number>();
  return {
    known,
    recall: async (id) => known.get(id) ?? null,
    remember: async (id, generation) => void known.set(id, generation),
  };
}

const safeMode = (of: World) => of.database.asRole('service_role', null, readSafeMode);
const leave = (of: World, since: Date) =>
  of.database.asRole('service_role', null, (client) => leaveSafeMode(client, since, null, of.now));

/** A provider that lists what it took, by recipient and subject, from whichever database it came. */
class Provider {
  readonly taken: string[] = [];

  sender(through: World): Sender {
    return {
      send: async (message, signal) => {
        this.taken.push(`${message.recipient} ${message.touchNumber}`);
        return through.sender.send(message, signal);
      },
      lookUp: async ({ recipient, touchNumber }, { isOver }) => {
        const place = this.taken.indexOf(`${recipient} ${touchNumber}`);
        if (place >= 0) return { kind: 'accepted', provider: 'fake', providerId: `fake-${place}` };
        return isOver ? { kind: 'absent' } : { kind: 'unknown', errorCode: 'early', errorMessage: 'Too early.' };
      },
    };
  }
}

describe('a database that is what it was', () => {
  it('goes on after a night, a restart and a worker that remembers', async () => {
    const kept = memory();
    world.engine.memory = kept;
    await business.completeJob();
    await world.tick();
    world.at(later(start, 24 * 3));
    await world.tick();
    expect((await checkIn(world.engine)).safeModeReason).toBeNull();
    expect([...kept.known.values()]).toEqual([(await checkIn(world.engine)).generation - 1]);
    expect(await safeMode(world)).toBeUndefined();
  });
});

describe('a copy of a database, beside the one in use', () => {
  it('sends nothing, says why, and the one in use goes on', async () => {
    await business.completeJob();
    const { other, theirs } = await copy();
    for (const each of [world, other]) each.at(later(start, 25));
    const report = await other.tick();
    expect(report.safeMode).toContain('is a copy, or was restored');
    expect(report.claimed).toBe(0);
    await world.tick();
    expect([world.acceptances.length, other.acceptances.length]).toEqual([1, 0]);
    expect(await safeMode(other)).toMatchObject({ reason: report.safeMode, open_doubts: 0 });
    expect(await safeMode(world)).toBeUndefined();
    expect(theirs.id).toBe(business.id);
  });

  it('sends nothing even to a worker that does not check in', async () => {
    await business.completeJob();
    const { other } = await copy();
    other.at(later(start, 25));
    const claim = { worker: 'hasty', claimId: crypto.randomUUID(), limit: 10, now: other.now };
    expect(await other.engine.store.claim(claim)).toEqual([]);
  });
});

describe('safe mode', () => {
  it('begins where a worker remembers more than the database knows: an older backup', async () => {
    const kept = memory();
    world.engine.memory = kept;
    await world.tick();
    for (const [id, generation] of kept.known) kept.known.set(id, generation + 1);
    const { safeModeReason } = await checkIn(world.engine);
    expect(safeModeReason).toContain('a backup was restored');
  });

  it('begins on another server, and where files of a live database were copied', async () => {
    await world.database.query("update touchline.installation set system_identifier = '1'");
    expect((await checkIn(world.engine)).safeModeReason).toContain('on another server');
    const { other } = await copy();
    await other.database.query(
      `update touchline.installation i set safe_mode_at = null, safe_mode_reason = null, location = 'elsewhere',
         system_identifier = s.system_identifier, database_oid = s.database_oid, heartbeat_at = $1
       from touchline.server_identity() s`,
      [other.now],
    );
    expect((await checkIn(other.engine)).safeModeReason).toContain('These files are a copy');
  });

  it('does not begin where a data folder was moved while nothing ran', async () => {
    await world.database.query("update touchline.installation set location = 'elsewhere'");
    world.at(later(start, 8));
    expect((await checkIn(world.engine)).safeModeReason).toBeNull();
  });

  it('keeps what it is told once, and everything but sending goes on', async () => {
    await world.database.query("update touchline.installation set system_identifier = '1'");
    const first = await checkIn(world.engine);
    world.at(later(start, 1));
    expect(await checkIn(world.engine)).toEqual(first);
    const { decision } = await business.completeJob();
    expect(decision).toBe('enrolled');
    const { rows } = await world.database.query(
      "select action from touchline.audit_log where object_kind = 'installation'",
    );
    expect(rows).toEqual([{ action: 'safe_mode.begin' }]);
  });
});

describe('the way out of an older backup', () => {
  it('asks the provider: what was sent in the lost time is not sent again, and what was not is', async () => {
    const provider = new Provider();
    world.engine.senders = () => provider.sender(world);
    const ann = await business.completeJob({ email: 'ann@example.test' });
    const bob = await business.completeJob({ email: 'bob@example.test' });
    world.at(later(start, 23));
    const backedUpAt = world.now;
    const { other, theirs } = await copy();
    // The lost time: the original sends to Ann, and is gone.
    await business.call('touchline.stop_enrollment', [bob.enrollment_id, 'owner_stopped']);
    world.at(later(start, 24));
    await world.tick();
    expect(provider.taken).toEqual(['ann@example.test 1']);

    other.engine.senders = () => provider.sender(other);
    other.at(later(start, 25));
    await other.tick();
    expect(other.acceptances).toEqual([]);
    expect(await doubtAll(other.engine, backedUpAt)).toBe(2);
    expect(await doubtAll(other.engine, backedUpAt)).toBe(0);
    expect(await theirs.touches(ann.enrollment_id)).toEqual(['unknown', 'pending']);
    await expect(leave(other, backedUpAt)).rejects.toMatchObject({ code: 'TL315' });
    await other.runUntil(later(start, 25.2));
    expect(await theirs.touches(ann.enrollment_id)).toEqual(['sent', 'pending']);
    expect(await theirs.touches(bob.enrollment_id)).toEqual(['pending', 'pending']);
    expect(await leave(other, backedUpAt)).toBe(true);
    expect(await leave(other, backedUpAt)).toBe(false);
    await other.tick();
    expect(provider.taken).toEqual(['ann@example.test 1', 'bob@example.test 1']);
    await other.runUntil(later(start, 24 + 74));
    expect(provider.taken).toHaveLength(4);
    // What the original's provider took is in its own log.
    await other.database.query(
      `insert into touchline_test.acceptances select business_id, id, campaign_enrollment_id, touch_number, 1, channel, recipient,
         id::text, '', claimed_at, sender_account_id from touchline.send_logs where provider = 'fake'`,
    );
  });

  it('where nobody can be asked follows the policy, also for the touch after it, and never replays', async () => {
    const { enrollment_id: id } = await business.completeJob();
    world.at(later(start, 23));
    const { other, theirs } = await copy();
    let submissions = 0;
    const send: Sender['send'] = (message, signal) => {
      submissions += 1;
      return other.sender.send(message, signal);
    };
    other.engine.senders = () => ({ send, replay: { withinHours: 20 } });
    other.at(later(start, 100));
    await world.database.query('update touchline.sending_policies set max_late_hours = 720');
    await other.database.query('update touchline.sending_policies set max_late_hours = 720');
    await other.database.query("update touchline.touch_queue set late_after = late_after + interval '700 hours'");
    await other.tick();
    await doubtAll(other.engine, later(start, 23));
    await other.runUntil(later(start, 125));
    expect(await theirs.touches(id)).toEqual(['presumed_sent', 'pending']);
    expect(await doubtAll(other.engine, later(start, 23))).toBe(1);
    await other.runUntil(later(start, 150));
    expect(await theirs.touches(id)).toEqual(['presumed_sent', 'presumed_sent']);
    expect(await leave(other, later(start, 23))).toBe(true);
    await other.tick();
    expect(submissions).toBe(0);
  });
});

describe('a change of timeline', () => {
  it('doubts what was due since shortly before the last heartbeat, then goes on by itself', async () => {
    const { enrollment_id: early } = await business.completeJob();
    world.at(later(start, 24));
    await world.database.query('update touchline.installation set timeline = timeline - 1, heartbeat_at = $1', [
      world.now,
    ]);
    const report = await world.tick();
    expect(report.safeMode).toBeNull();
    expect(world.acceptances).toEqual([]);
    expect(await business.touches(early)).toEqual(['unknown', 'pending']);
    const { enrollment_id: fresh } = await business.completeJob(
      {},
      { completed_at: later(world.now, -24).toISOString() },
    );
    await world.tick();
    expect(await business.touches(fresh)).toEqual(['sent', 'pending']);
    await world.runUntil(later(start, 24.2));
    expect(await business.touches(early)).toEqual(['presumed_sent', 'pending']);
  });
});
