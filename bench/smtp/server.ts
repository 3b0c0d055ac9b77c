// A mail server in a process of its own, so that what it costs is the same for everybody who sends to it. It accepts everything,
// keeps nothing, and says when asked how much came and what it took.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { ServerCount } from './inbox.ts';

let mails = 0;
let bytes = 0;

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, _session, done) => {
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    stream.on('end', () => {
      mails += 1;
      done(null, `Ok: queued as B${mails}`);
    });
  },
});
server.on('error', () => undefined);

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const count: ServerCount = { mails, bytes, cpuMicros: user + system };
  process.send?.(count);
});
// Whoever measures is gone.
process.on('disconnect', () => process.exit());

const listening = server.listen(0, '127.0.0.1');
await once(listening, 'listening');
process.send?.({ port: (listening.address() as AddressInfo).port });
