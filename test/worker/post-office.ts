// A mail server that holds every message until it is told to take it, so that a story can act while messages are under way.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** Lets messages pass, or holds them. */
class Gate {
  readonly passed: string[] = [];
  private held: (() => void)[] = [];
  private isOpen = true;
  private watchers: (() => void)[] = [];

  get holds(): number {
    return this.held.length;
  }

  close(): void {
    this.isOpen = false;
  }

  open(): void {
    this.isOpen = true;
    for (const go of this.held.splice(0)) go();
  }

  async pass(recipient: string): Promise<void> {
    if (!this.isOpen) {
      await new Promise<void>((resolve) => {
        this.held.push(resolve);
        this.tell();
      });
    }
    this.passed.push(recipient);
    this.tell();
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise<void>((resolve) => this.watchers.push(resolve));
  }

  private tell(): void {
    for (const look of this.watchers.splice(0)) look();
  }
}

export interface PostOffice {
  url: string;
  /** Recipients in the order in which their messages were taken. */
  readonly taken: readonly string[];
  /** Resolves when so many messages are held at once. */
  holding(count: number): Promise<void>;
  /** Resolves when so many were taken. */
  took(count: number): Promise<void>;
  /** Holds those that come from now on. */
  hold(): void;
  /** Takes what is held, and what comes from now on. */
  release(): void;
  close(): Promise<void>;
}

/** A mail server on loopback; at first it takes everything at once. */
export async function postOffice(): Promise<PostOffice> {
  const gate = new Gate();
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, { envelope }, done) => {
      void buffer(stream)
        .then(() => gate.pass(envelope.rcptTo[0]?.address ?? ''))
        .then(
          () => done(null, 'Ok: queued'),
          // Cut off inside the mail: it was never there.
          () => undefined,
        );
    },
  });
  // What a client does wrong, like going away, is seen by the client.
  smtp.on('error', () => undefined);
  const listening = smtp.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken: gate.passed,
    holding: (count) => gate.until(() => gate.holds >= count),
    took: (count) => gate.until(() => gate.passed.length >= count),
    hold: () => gate.close(),
    release: () => gate.open(),
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
}
