// The mail server's process, seen from outside.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { MailServer } from '../../src/senders/smtp.ts';

/** What the server has seen and used since it started. */
export interface ServerCount {
  mails: number;
  bytes: number;
  cpuMicros: number;
}

export interface Inbox {
  server: MailServer;
  count(): Promise<ServerCount>;
  close(): void;
}

export async function openInbox(): Promise<Inbox> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    server: { host: '127.0.0.1', port, secure: false, plain: true },
    count: async () => {
      const answered = once(child, 'message') as Promise<[ServerCount]>;
      child.send('count');
      const [count] = await answered;
      return count;
    },
    close: () => child.disconnect(),
  };
}
