// The sender that forgets: what a trial that runs for days is given.
import { expect, it } from 'vitest';
import { forgetfulSender } from '../../src/senders/memory.ts';
import { newEmail } from './messages.ts';

it('accepts under an id of the message and its attempt, and keeps nothing to grow by', async () => {
  const sender = forgetfulSender();
  const message = newEmail();
  expect(await sender.send(message, new AbortController().signal)).toEqual({
    kind: 'accepted',
    provider: 'memory',
    providerId: `memory-${message.idempotencyKey}-${message.attempt}`,
  });
  expect(Object.keys(sender)).toEqual(['send']);
});

it('takes nothing after the deadline', async () => {
  expect(await forgetfulSender().send(newEmail(), new AbortController().signal, () => false)).toMatchObject({
    kind: 'not_started',
    errorCode: 'deadline_passed',
  });
});
