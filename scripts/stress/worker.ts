// One worker process of the stress run: claims, hands over to a sender that writes each acceptance to a file, settles, until
// nothing is due at the moment its parent gave; then it says so and waits for the next moment.
import { appendFileSync } from 'node:fs';
import { createPool } from '../../src/db/client.ts';
import { engineStore } from '../../src/db/engine/store.ts';
import { clockAt, systemClock } from '../../src/engine/clock.ts';
import { type Engine, sendDue } from '../../src/engine/process-batch.ts';
import { memorySender } from '../../src/senders/memory.ts';

const [url = '', log = '', name = ''] = process.argv.slice(2);
let moment = new Date(0);
let sinceMs = 0;
// It goes on from the moment: lanes have their turns in the order of their last ones, which at one standing moment are all the same.
const now = (): Date => new Date(moment.getTime() + systemClock.monotonicMs() - sinceMs);
let order = 0;
const pool = createPool(url, { max: 2 });
const sender = memorySender(undefined, (message) => {
  order += 1;
  const { businessId, idempotencyKey, enrollmentId, touchNumber, attempt, recipient, text } = message;
  const line = { businessId, sendLogId: idempotencyKey, enrollmentId, touchNumber, attempt, recipient, text };
  const { senderAccountId } = message.sender;
  const when = { moment, at: now(), wall: Date.now() };
  appendFileSync(log, `${JSON.stringify({ ...line, senderAccountId, ...when, name, order })}\n`);
});
const engine: Engine = {
  store: engineStore(pool),
  clock: clockAt(now),
  senders: () => sender,
  links: { unsubscribe: ({ sendLogId }) => `https://touchline.test/u/${sendLogId}` },
  worker: name,
};

process.on('message', (message: { moment: string } | { end: true }) => {
  if ('end' in message) {
    void pool.end().then(() => process.disconnect());
    return;
  }
  moment = new Date(message.moment);
  sinceMs = systemClock.monotonicMs();
  void sendDue(engine, { batch: 50, maxBatches: 100_000 }).then(
    ({ claimed }) => process.send?.({ claimed }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.send?.({ ready: true });
