// What nobody knows is asked of the provider, before any policy guesses.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Evidence, LookUpWindow, Message, Outcome, Sender } from '../../src/engine/ports.ts';
import { reconcileByEvidence } from '../../src/engine/reconcile.ts';
import { expectInvariants } from '../support/invariants.ts';
import { type Business, later, openWorld, type World } from './world.ts';

const two = [
  { channel: 'email', delay_hours: 24 },
  { channel: 'email', delay_hours: 72 },
] as const;

/** What happens to a submission: taken and answered, taken without an answer, lost on its way. */
type Fate = 'accept' | 'accept_silently' | 'lose';

/** A provider that remembers what it took. It knows keys, or can be asked, or neither. */
class Provider {
  fate: Fate = 'accept';
  /** What the list says instead of the truth. */
  list: Evidence | undefined;
  readonly keys = new Map<string, string>();
  readonly windows: LookUpWindow[] = [];
  submissions = 0;
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  private async take(message: Message): Promise<string> {
    const known = this.keys.get(message.idempotencyKey);
    if (known !== undefined) return known;
    await this.world.sender.send(message, new AbortController().signal);
    const id = `provider-${this.keys.size + 1}`;
    this.keys.set(message.idempotencyKey, id);
    return id;
  }

  private async send(message: Message): Promise<Outcome> {
    this.submissions += 1;
    if (this.fate === 'lose') return { kind: 'ambiguous', errorCode: 'timeout' };
    const providerId = await this.take(message);
    return this.fate === 'accept' ? { kind: 'accepted', provider: 'fake', providerId } : { kind: 'ambiguous' };
  }

  private lookUp({ idempotencyKey }: Message, window: LookUpWindow): Evidence {
    this.windows.push(window);
    if (this.list !== undefined) return this.list;
    const providerId = this.keys.get(idempotencyKey);
    if (providerId !== undefined) return { kind: 'accepted', provider: 'fake', providerId };
    return window.isOver ? { kind: 'absent' } : { kind: 'unknown', errorCode: 'too_early', errorMessage: 'Not yet.' };
  }

  sender(can: 'replay' | 'look up'): Sender {
    const send: Sender['send'] = (message) => this.send(message);
    if (can === 'replay') return { send, replay: { withinHours: 20 } };
    return { send, lookUp: async (message, window) => this.lookUp(message, window) };
  }
}

let world: World;
let provider: Provider;
let business: Business;
let enrollment: string;
let start: Date;

beforeEach(async () => {
  world = await openWorld('evidence');
  provider = new Provider(world);
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

interface Setting {
  can: 'replay' | 'look up';
  fate: Fate;
  policy?: Record<string, unknown>;
}

/** A touch that went out 24 hours after its job, with that fate. */
async function sentOnce({ can, fate, policy = {} }: Setting): Promise<void> {
  const sender = provider.sender(can);
  world.engine.senders = () => sender;
  business = await world.business({ touches: two, policy });
  start = world.now;
  ({ enrollment_id: enrollment } = await business.completeJob());
  provider.fate = fate;
  world.at(later(start, 24));
  await world.tick();
  expect(await business.touches(enrollment)).toEqual(['unknown', 'pending']);
  provider.fate = 'accept';
}

async function attempts(): Promise<{ outcome: string | null; is_replay: boolean }[]> {
  const { rows } = await world.database.query<{ outcome: string | null; is_replay: boolean }>(
    'select outcome, is_replay from touchline.send_attempts order by send_log_id, attempt',
  );
  return rows;
}

const minutes = (count: number): number => count / 60;

describe('a provider that can be asked', () => {
  it("says that it has the message: the touch is sent, under the provider's id, and nothing is submitted twice", async () => {
    await sentOnce({ can: 'look up', fate: 'accept_silently' });
    await world.runUntil(later(start, 24.2));
    expect(await business.touches(enrollment)).toEqual(['sent', 'pending']);
    const { rows } = await world.database.query('select state, provider, provider_id from touchline.send_logs');
    expect(rows).toEqual([{ state: 'sent', provider: 'fake', provider_id: 'provider-1' }]);
    expect(provider.submissions).toBe(1);
    expect(await attempts()).toEqual([{ outcome: 'accepted', is_replay: false }]);
  });

  it('is asked only after the last attempt and its grace, with the window of the attempts', async () => {
    await sentOnce({ can: 'look up', fate: 'accept_silently' });
    await world.runUntil(later(start, 24.2));
    const [window] = provider.windows;
    expect(window).toEqual({ from: later(start, 24), to: later(start, 24 + minutes(125 / 60)), isOver: true });
  });

  it('has nothing: the touch goes out by a further attempt', async () => {
    await sentOnce({ can: 'look up', fate: 'lose' });
    await world.runUntil(later(start, 24.3));
    expect(await business.touches(enrollment)).toEqual(['sent', 'pending']);
    expect(world.acceptances).toHaveLength(1);
    expect(await attempts()).toEqual([
      { outcome: 'absent', is_replay: false },
      { outcome: 'accepted', is_replay: false },
    ]);
  });

  it('has nothing, and the attempts are used up: the touch failed', async () => {
    await sentOnce({ can: 'look up', fate: 'lose', policy: { max_attempts: 1 } });
    await world.runUntil(later(start, 24.3));
    expect(await business.enrollment(enrollment)).toMatchObject({
      touch_1_status: 'failed',
      touch_1_reason: 'attempts_exhausted',
      current_touch: 2,
    });
    expect(world.acceptances).toEqual([]);
  });

  it('has nothing of somebody who opted out meanwhile: nothing more goes out', async () => {
    await sentOnce({ can: 'look up', fate: 'lose' });
    const { rows } = await world.database.query<{ email: string }>('select email from touchline.customers');
    await business.call('touchline.record_opt_out', ['email', rows[0]?.email, { source: 'api' }]);
    await world.runUntil(later(start, 30));
    expect(await business.touches(enrollment)).toEqual(['cancelled', 'cancelled']);
    expect(world.acceptances).toEqual([]);
  });

  it('is down: the policy waits, for as long as an answer may still come', async () => {
    await sentOnce({ can: 'look up', fate: 'accept_silently' });
    provider.list = { kind: 'unknown', errorCode: '503', errorMessage: 'Service Unavailable' };
    await world.runUntil(later(start, 30));
    expect(await business.touches(enrollment)).toEqual(['unknown', 'pending']);
    const { rows } = await world.database.query('select error_code, error_message from touchline.evidence_checks');
    expect(rows).toEqual([{ error_code: '503', error_message: 'Service Unavailable' }]);
    provider.list = undefined;
    await world.runUntil(later(start, 31));
    expect(await business.touches(enrollment)).toEqual(['sent', 'pending']);
    expect(provider.submissions).toBe(1);
  });

  it('never answers: the policy decides when the time for evidence is over', async () => {
    await sentOnce({ can: 'look up', fate: 'accept_silently' });
    provider.list = { kind: 'unknown', errorCode: '503', errorMessage: 'Service Unavailable' };
    await world.runUntil(later(start, 24 + 21));
    expect(await business.touches(enrollment)).toEqual(['presumed_sent', 'pending']);
    expect(provider.submissions).toBe(1);
  });

  it('names a message that is another one of the customer: that proves nothing', async () => {
    await sentOnce({ can: 'look up', fate: 'accept_silently' });
    await world.database.query(
      `insert into touchline.send_logs (business_id, customer_id, recipient, channel, status, provider, provider_id)
       select business_id, id, email, 'email', 'sent', 'fake', 'provider-1' from touchline.customers`,
    );
    await world.runUntil(later(start, 25));
    expect(await business.touches(enrollment)).toEqual(['unknown', 'pending']);
  });
});

describe('a provider that knows keys', () => {
  it('took the message: the replay is answered with its id, and counts as an attempt', async () => {
    await sentOnce({ can: 'replay', fate: 'accept_silently' });
    await world.runUntil(later(start, 24.2));
    expect(await business.touches(enrollment)).toEqual(['sent', 'pending']);
    expect(provider.submissions).toBe(2);
    expect(world.acceptances).toHaveLength(1);
    expect(await attempts()).toEqual([
      { outcome: 'ambiguous', is_replay: false },
      { outcome: 'accepted', is_replay: true },
    ]);
  });

  it('never got it: the replay is the submission', async () => {
    await sentOnce({ can: 'replay', fate: 'lose' });
    await world.runUntil(later(start, 24.2));
    expect(await business.touches(enrollment)).toEqual(['sent', 'pending']);
    expect(world.acceptances.map(({ attempt }) => attempt)).toEqual([2]);
  });

  it('refuses every replay: that says nothing of the first attempt, which the policy decides after 20 hours', async () => {
    await sentOnce({ can: 'replay', fate: 'lose' });
    provider.fate = 'lose';
    await world.runUntil(later(start, 24 + 19));
    expect(await business.touches(enrollment)).toEqual(['unknown', 'pending']);
    const made = provider.submissions;
    await world.runUntil(later(start, 24 + 21));
    expect(await business.touches(enrollment)).toEqual(['presumed_sent', 'pending']);
    expect(made).toBeGreaterThan(20);
    expect(provider.submissions).toBeLessThanOrEqual(made + 3);
    expect((await attempts()).every(({ outcome }) => outcome === 'ambiguous')).toBe(true);
  });

  it.each([
    [
      'opted out',
      (b: Business, email: string) => b.call('touchline.record_opt_out', ['email', email, { source: 'api' }]),
    ],
    ['was stopped', (b: Business) => b.call('touchline.stop_enrollment', [enrollment, 'owner_stopped'])],
    ['is in a campaign that was paused', (b: Business) => b.call('touchline.pause_campaign', [b.campaign, null])],
  ])('is not asked for somebody who %s: a replay could be the first to arrive', async (_, happens) => {
    await sentOnce({ can: 'replay', fate: 'lose' });
    const { rows } = await world.database.query<{ email: string }>('select email from touchline.customers');
    await happens(business, rows[0]?.email ?? '');
    await world.runUntil(later(start, 24 + 22));
    expect(provider.submissions).toBe(1);
    expect(world.acceptances).toEqual([]);
    expect((await business.touches(enrollment))[0]).toBe('presumed_sent');
  });

  it('is asked again when whoever asked died, and never twice at once', async () => {
    await sentOnce({ can: 'replay', fate: 'accept_silently' });
    world.at(later(start, 24.1));
    await world.engine.store.reconcile(100, world.now);
    const [unknown] = await world.engine.store.claimUnknowns(10, world.now);
    expect(unknown).toMatchObject({ attempt: 1, isOver: true });
    expect(await world.engine.store.claimUnknowns(10, world.now)).toEqual([]);
    const { businessId = '', sendLogId = '' } = unknown ?? {};
    const request = {
      worker: 'dies',
      claimId: crypto.randomUUID(),
      messages: [{ businessId, sendLogId }],
      withinHours: 20,
    };
    expect(await world.engine.store.beginReplays({ ...request, now: world.now })).toEqual([{ sendLogId, attempt: 2 }]);
    await world.runUntil(later(start, 24.3));
    expect(await business.touches(enrollment)).toEqual(['sent', 'pending']);
    expect(await attempts()).toEqual([
      { outcome: 'ambiguous', is_replay: false },
      { outcome: 'ambiguous', is_replay: true },
      { outcome: 'accepted', is_replay: true },
    ]);
  });
});

describe('looking for evidence', () => {
  it('twice at once gives each message to one of them', async () => {
    await sentOnce({ can: 'look up', fate: 'accept_silently' });
    world.at(later(start, 24.1));
    await world.engine.store.reconcile(100, world.now);
    const reports = await Promise.all([1, 2, 3].map(() => reconcileByEvidence(world.engine, 10)));
    expect(reports.map(({ looked }) => looked).toSorted()).toEqual([0, 0, 1]);
    expect(provider.windows).toHaveLength(1);
  });

  it('is repeated when a crash comes between the answer and writing it down, and changes nothing when it was written', async () => {
    await sentOnce({ can: 'look up', fate: 'accept_silently' });
    world.at(later(start, 24.1));
    await world.engine.store.reconcile(100, world.now);
    const { settleEvidence } = world.engine.store;
    const kept: Parameters<typeof settleEvidence>[0][] = [];
    world.engine.store.settleEvidence = (findings) => {
      kept.push(findings);
      return Promise.reject(new Error('The connection was lost.'));
    };
    await expect(reconcileByEvidence(world.engine, 10)).rejects.toThrow('connection was lost');
    world.engine.store.settleEvidence = settleEvidence;
    expect(await business.touches(enrollment)).toEqual(['unknown', 'pending']);
    await world.runUntil(later(start, 24.3));
    expect(await business.touches(enrollment)).toEqual(['sent', 'pending']);
    expect(await world.engine.store.settleEvidence(kept[0] ?? [], world.now)).toEqual([]);
    expect(provider.submissions).toBe(1);
  });

  it('with a sender that cannot be asked leaves the policy where it was', async () => {
    business = await world.business({ touches: two });
    start = world.now;
    ({ enrollment_id: enrollment } = await business.completeJob());
    world.provider(({ touchNumber }) => (touchNumber === 1 ? { kind: 'ambiguous' } : undefined));
    world.at(later(start, 24));
    await world.tick();
    await world.runUntil(new Date(later(start, 24).getTime() + 240_000));
    expect(await business.touches(enrollment)).toEqual(['unknown', 'pending']);
    await world.runUntil(new Date(later(start, 24).getTime() + 250_000));
    expect(await business.touches(enrollment)).toEqual(['presumed_sent', 'pending']);
  });
});
