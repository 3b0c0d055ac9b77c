// A mail server that writes down what it accepts before it says so, fast and no more than a client needs.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { AcceptanceFile, hashOf } from '../../test/support/fakes/acceptance-file.ts';

/** `cut_before_end`: inside the mail; `cut_after_end`: accepted, and no answer; `later`: 451; `refused`: 550. */
type SmtpFault = 'cut_before_end' | 'cut_after_end' | 'later' | 'refused';

const endOfMail = '\r\n.\r\n';
const messageId = /^message-id:\s*<([^@>\s]+)@/im;

export interface SmtpOptions {
  chooseFault: () => SmtpFault | undefined;
  /** How long a client may be silent within a mail, in milliseconds. */
  patienceMs: number;
}

/** A running server. */
export interface SmtpProvider {
  readonly port: number;
  /** Mails that were announced and have no answer yet. */
  inHand: number;
  close(): void;
}

class Conversation {
  private readonly socket: Socket;
  private readonly file: AcceptanceFile;
  private readonly options: SmtpOptions;
  private readonly provider: SmtpProvider;
  private text = '';
  private inMail = false;
  private isInHand = false;
  private taken: Promise<void> = Promise.resolve();
  private recipient = '';

  constructor(socket: Socket, file: AcceptanceFile, options: SmtpOptions, provider: SmtpProvider) {
    this.socket = socket;
    this.file = file;
    this.options = options;
    this.provider = provider;
    socket.on('timeout', () => socket.destroy());
    // What is being taken goes on without whoever sent it.
    socket.on('close', () => void this.taken.finally(() => this.hold(false)));
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    socket.on('data', (data) => {
      this.text += data.toString('latin1');
      this.read();
    });
    this.say('220 crash.test');
  }

  /** Takes a mail into its hands, or has done with it. */
  private hold(isInHand: boolean): void {
    this.provider.inHand += Number(isInHand) - Number(this.isInHand);
    this.isInHand = isInHand;
  }

  private say(reply: string): void {
    this.socket.write(`${reply}\r\n`);
  }

  private read(): void {
    for (;;) {
      const end = this.text.indexOf(this.inMail ? endOfMail : '\r\n');
      if (end === -1) return;
      const part = this.text.slice(0, end);
      this.text = this.text.slice(end + (this.inMail ? endOfMail.length : 2));
      if (this.inMail) {
        this.inMail = false;
        this.taken = this.take(part).finally(() => this.hold(false));
      } else this.answer(part);
    }
  }

  private answer(line: string): void {
    const command = line.slice(0, 4).trim().toUpperCase();
    if (command === 'MAIL') {
      this.hold(true);
      this.socket.setTimeout(this.options.patienceMs);
    }
    if (command === 'EHLO') this.say('250 crash.test');
    else if (command === 'RCPT') {
      this.recipient = /<([^>]*)>/.exec(line)?.[1] ?? '';
      this.say('250 ok');
    } else if (command === 'DATA') {
      this.inMail = true;
      this.say('354 go on');
    } else if (command === 'QUIT') this.socket.end('221 bye\r\n');
    else this.say('250 ok');
  }

  private async take(mail: string): Promise<void> {
    this.socket.setTimeout(0);
    const fault = this.options.chooseFault();
    if (fault === 'cut_before_end') return void this.socket.destroy();
    if (fault === 'later') return this.say('451 4.3.0 try again later');
    if (fault === 'refused') return this.say('550 5.1.1 there is no such mailbox');
    const sendLogId = messageId.exec(mail)?.[1] ?? null;
    await this.file.append({
      ...{
        provider: 'smtp',
        providerId: hashOf(mail).slice(0, 16),
        sendLogId,
        businessId: null,
        senderAccountId: null,
      },
      ...{ channel: 'email', recipient: this.recipient, bodyHash: hashOf(mail.replace(/^date:.*\r\n/im, '')) },
      acceptedAt: new Date().toISOString(),
    });
    if (fault === 'cut_after_end') this.socket.destroy();
    else this.say('250 2.0.0 Ok: queued as C1');
  }
}

/** Starts it. */
export async function startSmtp(log: string, options: SmtpOptions): Promise<SmtpProvider> {
  const file = await AcceptanceFile.open(log);
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const provider: SmtpProvider = { port, inHand: 0, close: () => void server.close() };
  server.on('connection', (socket) => void new Conversation(socket, file, options, provider));
  return provider;
}
