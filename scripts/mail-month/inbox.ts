// The mail server of the month: TLS from the first byte under a certificate of its own, a login, and everything kept as it came.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { Certificate } from '../../test/support/certificate.ts';

/** A mail as the server got it. */
export interface Arrived {
  recipient: string;
  from: string;
  /** One character per byte. */
  raw: string;
  /** The moment of the tick that sent it. */
  at: number;
}

export interface Inbox {
  url: string;
  arrived: Arrived[];
  /** Connections, each with its own login. */
  logins(): number;
  /** Says at which moment what comes now was sent. */
  setMoment(at: number): void;
  close(): Promise<void>;
}

const user = 'touchline';
const password = 'of-the-month';

export async function openInbox({ cert, key }: Certificate): Promise<Inbox> {
  const arrived: Arrived[] = [];
  let moment = 0;
  let logins = 0;
  const server = new SMTPServer({
    ...{ secure: true, cert, key, authOptional: false },
    onAuth: (auth, _session, done) => {
      logins += 1;
      const fits = auth.username === user && auth.password === password;
      done(fits ? null : new Error('wrong login'), fits ? { user } : undefined);
    },
    onData: (stream, { envelope: { mailFrom, rcptTo } }, done) => {
      void buffer(stream).then((raw) => {
        for (const { address } of rcptTo) {
          const from = mailFrom === false ? '' : mailFrom.address;
          arrived.push({ recipient: address, from, raw: raw.toString('latin1'), at: moment });
        }
        done(null, `Ok: queued as M${arrived.length}`);
      });
    },
  });
  // What a client does wrong is seen by the client.
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtps://${user}:${password}@127.0.0.1:${port}`,
    arrived,
    logins: () => logins,
    setMoment: (at) => {
      moment = at;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
