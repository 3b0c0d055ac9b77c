// What nobody could prove is listed, and a person may decide.

import type { ClientBase } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listUnproved, type UnprovedMessage } from '../../src/db/read/unknown.ts';
import { expectInvariants } from '../support/invariants.ts';
import { type Business, later, openWorld, type World } from './world.ts';

const two = [
  { channel: 'email', delay_hours: 24 },
  { channel: 'email', delay_hours: 72 },
] as const;

let world: World;
let business: Business;
let enrollment: string;
let start: Date;

beforeEach(async () => {
  world = await openWorld('resolve');
  business = await world.business({ touches: two, policy: { unknown_email: 'hold' } });
  start = world.now;
  ({ enrollment_id: enrollment } = await business.completeJob());
  world.provider(() => ({ kind: 'ambiguous', errorCode: 'timeout', errorMessage: 'No answer.' }));
  await world.runUntil(later(start, 25));
  world.provider(undefined);
});
afterEach(async () => {
  await expectInvariants(world.database, { now: world.now });
  await world.close();
});

const unproved = async (): Promise<UnprovedMessage[]> => {
  const list = (client: ClientBase): ReturnType<typeof listUnproved> =>
    listUnproved(client, business.id, { cursor: null, limit: 10 });
  return (await world.database.asRole('service_role', null, list)).rows;
};

async function resolve(choice: string | null, acknowledge: boolean | null = null): Promise<string> {
  const [message] = await unproved();
  return business.call<string>('touchline.resolve_touch', [message?.send_log_id, choice, acknowledge]);
}

describe('a message that is held', () => {
  it('is listed with its words, as is one that was presumed sent', async () => {
    expect(await unproved()).toMatchObject([
      { state: 'held', enrollment_id: enrollment, touch_number: 1, attempts: 1 },
    ]);
    await business.call('touchline.resolve_touch', [(await unproved())[0]?.send_log_id, 'sent', false]);
    expect(await unproved()).toEqual([]);
    await world.call('touchline.set_sending_policy($1, $2)', [business.id, { unknown_email: 'presumed_sent' }]);
    world.provider(() => ({ kind: 'ambiguous' }));
    await world.runUntil(later(start, 24 + 73));
    expect(await unproved()).toMatchObject([{ state: 'presumed_sent', touch_number: 2 }]);
  });

  it('was sent, as somebody knows: the sequence goes on', async () => {
    world.provider(undefined);
    expect(await resolve('sent')).toBe('sent');
    expect(await business.touches(enrollment)).toEqual(['sent', 'pending']);
  });

  it('is skipped: the next touch keeps its plan, and it says who decided', async () => {
    expect(await resolve('skip')).toBe('cancelled');
    expect(await business.enrollment(enrollment)).toMatchObject({
      touch_1_status: 'skipped',
      touch_1_reason: 'skipped_by_person',
      current_touch: 2,
    });
    await world.runUntil(later(start, 24 + 73));
    expect(world.acceptances.map(({ touchNumber, at }) => [touchNumber, at])).toEqual([[2, later(start, 96)]]);
    const { rows } = await world.database.query(
      'select actor_kind, action, object_kind, detail from touchline.audit_log',
    );
    const detail = { was: 'held', is: 'cancelled' };
    expect(rows).toEqual([{ actor_kind: 'operator', action: 'touch.skip', object_kind: 'send_log', detail }]);
  });

  it('is sent again only by who takes the risk of a duplicate, at once and under the same key', async () => {
    await expect(resolve('resend')).rejects.toMatchObject({ code: 'TL314' });
    await expect(resolve('resend', false)).rejects.toMatchObject({ code: 'TL314' });
    expect(await business.touches(enrollment)).toEqual(['held', 'pending']);
    expect(await resolve('resend', true)).toBe('retry');
    await world.tick();
    expect(await business.touches(enrollment)).toEqual(['sent', 'pending']);
    expect(world.acceptances).toMatchObject([{ attempt: 2, touchNumber: 1 }]);
  });

  it('of somebody who opted out meanwhile is not sent again; it may be given up', async () => {
    await business.call('touchline.stop_enrollment', [enrollment, 'owner_stopped']);
    await expect(resolve('resend', true)).rejects.toMatchObject({ code: 'TL313' });
    expect(await resolve('skip')).toBe('cancelled');
    expect(await business.touches(enrollment)).toEqual(['cancelled', 'cancelled']);
    const { rows } = await world.database.query('select from touchline.touch_queue');
    expect(rows).toEqual([]);
  });

  it('is decided once: then, and before anything is unknown, there is nothing to decide', async () => {
    const [message] = await unproved();
    await resolve('skip');
    const again = business.call('touchline.resolve_touch', [message?.send_log_id, 'resend', true]);
    await expect(again).rejects.toMatchObject({ code: 'TL313' });
  });

  it('is decided by one of the known choices', async () => {
    await expect(resolve('retry')).rejects.toMatchObject({ code: 'TL402' });
    await expect(resolve(null)).rejects.toMatchObject({ code: 'TL402' });
    await resolve('skip');
  });
});
