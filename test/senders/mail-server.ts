// Mail servers for tests: a real one that keeps what it accepts, and a scripted one that fails wherever a story wants it to.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { MailServer } from '../../src/senders/smtp.ts';

interface Received {
  from: string;
  recipients: string[];
  raw: string;
  mail: Email;
}

export interface CatchAll {
  server: MailServer;
  url: string;
  received: Received[];
  close(): Promise<void>;
}

/** A mail server on loopback that accepts everything. */
export async function catchAll(options: SMTPServerOptions = {}): Promise<CatchAll> {
  const received: Received[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      void buffer(stream).then(async (raw) => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          recipients: rcptTo.map(({ address }) => address),
          raw: raw.toString(),
          mail: await PostalMime.parse(raw),
        });
        done(null, 'Ok: queued as Q1');
      });
    },
    ...options,
  });
  // What a client does wrong is seen by the client.
  smtp.on('error', () => undefined);
  const listening = smtp.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    server: { host: '127.0.0.1', port, secure: false },
    url: `smtp://127.0.0.1:${port}`,
    received,
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
}

/** Where a conversation is: what the server is about to answer. */
export type Stage = 'banner' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'body' | 'dot';

/** What the server does at a stage: this reply, or nothing at all and something with the socket. */
export type Misdeed = string | ((socket: Socket) => void);

const usual: Record<Stage, string> = {
  banner: '220 test',
  EHLO: '250-test\r\n250 AUTH PLAIN',
  AUTH: '235 ok',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  body: '',
  dot: '250 2.0.0 Ok: queued as ABC123',
};

class Conversation {
  private readonly socket: Socket;
  private readonly misdeeds: Partial<Record<Stage, Misdeed>>;
  private text = '';
  private inBody = false;

  constructor(socket: Socket, misdeeds: Partial<Record<Stage, Misdeed>>) {
    this.socket = socket;
    this.misdeeds = misdeeds;
    socket.on('error', () => undefined);
    socket.on('data', (data) => this.read(data.toString('latin1')));
    this.answer('banner');
  }

  private answer(stage: Stage): void {
    const reply = this.misdeeds[stage] ?? usual[stage];
    if (typeof reply === 'function') reply(this.socket);
    else if (reply !== '') this.socket.write(`${reply}\r\n`);
  }

  private read(data: string): void {
    this.text += data;
    if (this.inBody) this.readBody();
    while (!this.inBody && this.text.includes('\r\n')) {
      const end = this.text.indexOf('\r\n');
      const command = this.text.slice(0, 4).trim().toUpperCase();
      this.text = this.text.slice(end + 2);
      this.inBody = command === 'DATA';
      if (command in usual) this.answer(command as Stage);
      else this.socket.write('221 bye\r\n');
    }
  }

  private readBody(): void {
    if (!this.text.endsWith('\r\n.\r\n')) {
      if (this.text !== '') this.answer('body');
      return;
    }
    this.text = '';
    this.inBody = false;
    this.answer('dot');
  }
}

export interface Scripted {
  server: MailServer;
  /** Connections taken so far. */
  connections(): number;
  close(): Promise<void>;
}

/** A mail server that does as it is told; what it is not told it does well. */
export async function scripted(misdeeds: Partial<Record<Stage, Misdeed>>): Promise<Scripted> {
  const sockets = new Set<Socket>();
  let count = 0;
  const listener = createServer((socket) => {
    count += 1;
    sockets.add(socket);
    new Conversation(socket, misdeeds);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return {
    server: { host: '127.0.0.1', port, secure: false, user: 'ann', password: 'secret' },
    connections: () => count,
    close: async () => {
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
