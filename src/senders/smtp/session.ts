// One conversation with a mail server, by nodemailer's SMTPConnection on a socket of ours: so that it is known how far each message
// came, and so that an abandoned one is reset instead of closed (a close would still deliver what is buffered, rules.md 10).
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MayBegin } from '../../engine/ports.ts';
import type { Mail } from './mail.ts';
import { deadlinePassed, type Failure, type Progress } from './outcome.ts';

export interface MailServer {
  host: string;
  /** The name its certificate must have, where `host` is an address. */
  servername?: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS where the server has it. */
  secure: boolean;
  /** Refuses to go on without STARTTLS. */
  requireTls?: boolean;
  /** Does not ask for STARTTLS: for servers on this machine. */
  plain?: boolean;
  user?: string;
  password?: string;
}

/** A conversation that failed, with how far it was. */
export class SessionFailed extends Error {
  override readonly name = 'SessionFailed';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

interface ConnectionError extends Error {
  code?: string | undefined;
  command?: string | undefined;
  response?: string | undefined;
  responseCode?: number | undefined;
}

const connectTimeoutMs = 20_000;
// Longer than any send may take: whoever sends gives up by its signal, and knows then what was sent.
const silenceTimeoutMs = 130_000;
const chunkBytes = 16_384;

function ignore(): void {
  // Not of interest.
}

/** One connection; one message at a time. */
export class Session {
  /** False once it is of no more use. */
  alive = true;
  messages = 0;
  private progress: Progress = 'connecting';
  private readonly socket = new Socket();
  private readonly connection: SMTPConnection;
  private fail: (error: ConnectionError) => void = ignore;

  private constructor(server: MailServer) {
    const { host, port, secure, servername, requireTls = false, plain = false } = server;
    const timeouts = { dnsTimeout: connectTimeoutMs, greetingTimeout: connectTimeoutMs };
    this.connection = new SMTPConnection({
      ...{ host, port, secure, requireTLS: requireTls, ignoreTLS: plain, socket: this.socket, socketCloseTimeout: 0 },
      ...(servername === undefined ? {} : { servername }),
      ...{ ...timeouts, connectionTimeout: connectTimeoutMs, socketTimeout: silenceTimeoutMs, maxResponseSize: 65_536 },
      logger: {
        trace: ignore,
        info: ignore,
        warn: ignore,
        error: ignore,
        fatal: ignore,
        debug: (entry) => this.hear(entry),
      },
      transactionLog: true,
    });
    this.connection.on('error', (error: ConnectionError) => this.end(error));
    this.connection.on('end', () => {
      this.alive = false;
      // After a 421 the answer to what was asked comes behind this event, and says more.
      queueMicrotask(() => this.end(new Error('The connection ended.')));
    });
  }

  /** The first reply after MAIL FROM is the one to it. */
  private hear({ tnx }: { tnx?: string }): void {
    if (tnx === 'server' && this.progress === 'sender') this.progress = 'recipient';
  }

  private end(error: ConnectionError): void {
    this.alive = false;
    this.fail(error);
  }

  /** Runs one part of the conversation; whatever ends the connection ends it too. */
  private async part<T>(
    work: (resolve: (value: T) => void, reject: (error: ConnectionError) => void) => void,
  ): Promise<T> {
    try {
      return await new Promise<T>((resolve, reject) => {
        this.fail = reject;
        work(resolve, reject);
      });
    } catch (error) {
      const { message, code, command, response, responseCode } = error as ConnectionError;
      this.alive = false;
      throw new SessionFailed({ progress: this.progress, message, code, command, response, responseCode });
    } finally {
      this.fail = ignore;
    }
  }

  /** @throws SessionFailed */
  static async open(server: MailServer, signal: AbortSignal): Promise<Session> {
    const session = new Session(server);
    const { connection } = session;
    await session.aborting(signal, async () => {
      await session.part<void>((resolve, reject) => {
        connection.connect((error) => (error === undefined ? resolve() : reject(error)));
      });
      const { user, password } = server;
      if (user === undefined) return;
      await session.part<void>((resolve, reject) => {
        connection.login({ user, pass: password ?? '' }, (error) => (error === null ? resolve() : reject(error)));
      });
    });
    return session;
  }

  private async aborting<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const abort = (): void => this.reset();
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await work();
    } catch (error) {
      this.reset();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** The message in pieces, so that it is known whether its end was ever handed to the socket. */
  private body(raw: Buffer, mayBegin: MayBegin): Readable {
    let offset = 0;
    const isTooLate = (): boolean => offset === 0 && this.isTooLate(mayBegin);
    const reach = (progress: Progress): void => {
      this.progress = progress;
    };
    return new Readable({
      highWaterMark: chunkBytes,
      read(): void {
        if (isTooLate()) return;
        const chunk = raw.subarray(offset, offset + chunkBytes);
        offset += chunkBytes;
        reach(chunk.length > 0 ? 'body' : 'dot');
        this.push(chunk.length > 0 ? chunk : null);
      },
    });
  }

  /**
   * Sends one mail to its one recipient; the answer is the server's to the final dot.
   * @param mayBegin asked before MAIL FROM and before the first byte of the mail
   * @throws SessionFailed
   */
  async send({ from, recipient, raw }: Mail, signal: AbortSignal, mayBegin: MayBegin): Promise<string> {
    this.socket.ref();
    this.progress = 'sender';
    this.messages += 1;
    const envelope = { from, to: [recipient], size: raw.length };
    return this.aborting(signal, () =>
      this.part<string>((resolve, reject) => {
        if (this.isTooLate(mayBegin)) return;
        this.connection.send(envelope, this.body(raw, mayBegin), (error, info) =>
          error === null ? resolve(info.response) : reject(error),
        );
      }),
    );
  }

  /** Drops the connection when the deadline has passed: a server that waits for a message would go on to wait. */
  private isTooLate(mayBegin: MayBegin): boolean {
    if (mayBegin()) return false;
    this.reset(Object.assign(new Error('The deadline had passed.'), { code: deadlinePassed }));
    return true;
  }

  /** Waits for the next message, without keeping the process. */
  rest(): void {
    this.socket.unref();
  }

  /** Drops the connection with whatever is still to be written. */
  reset(reason: ConnectionError = Object.assign(new Error('Given up.'), { code: 'ETIMEDOUT' })): void {
    this.end(reason);
    this.socket.resetAndDestroy();
    this.connection.close();
  }

  /** Says goodbye. */
  quit(): void {
    this.alive = false;
    this.socket.unref();
    this.connection.quit();
  }
}
