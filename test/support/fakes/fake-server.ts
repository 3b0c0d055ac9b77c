// A provider's HTTP server that can misbehave: before it accepts a message, or after it accepted one and before it says so.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Reply {
  status: number;
  /** An object goes as JSON. */
  body: unknown;
  headers?: Readonly<Record<string, string>>;
}

export interface FakeRequest {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Nothing is accepted. */
export const faultsBefore = ['drop', 'error', 'rate_limited'] as const;
/** The message is accepted, and then the answer goes wrong. */
export const faultsAfter = [
  'accept_then_drop',
  'error_after_accepting',
  'slow',
  'silent',
  'html',
  'truncated',
  'wrong_id',
] as const;

/** A named fault, or an answer to give instead of accepting. */
export type Fault = (typeof faultsBefore)[number] | (typeof faultsAfter)[number] | Reply;

export interface FakeOptions {
  /** Default: any free one. */
  port?: number;
  /** What `slow` takes, in milliseconds. Default 200. */
  slowMs?: number;
  /** Serves HTTPS. */
  tls?: ServerOptions;
  /** How long a request may take to arrive, in milliseconds; then its connection is cut. Default 60 s, as servers on the net have. */
  requestTimeoutMs?: number;
  /** Chooses the fault of a submission for which none was planned. */
  chooseFault?: () => Fault | undefined;
}

const serverError: Reply = {
  status: 500,
  body: { statusCode: 500, status: 500, code: 20500, name: 'application_error', message: 'Internal server error' },
};
const tooMany: Reply = {
  status: 429,
  body: { statusCode: 429, status: 429, code: 20429, name: 'rate_limit_exceeded', message: 'Too many requests' },
  headers: { 'retry-after': '7' },
};

const isBefore = (fault: Fault): boolean => typeof fault === 'object' || faultsBefore.some((name) => name === fault);

function asText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

export abstract class FakeServer {
  /** How many submissions came, with those that were not accepted. */
  submissions = 0;
  /** What had been read of each connection when its last request was answered; one that is closed stays while it is answered. */
  private readonly answeredTo = new Map<Socket, number>();
  private readonly answering = new Set<Socket>();
  private readonly server: Server;
  private readonly planned: Fault[] = [];
  private readonly options: FakeOptions;
  private readonly over = new AbortController();

  protected constructor(options: FakeOptions) {
    this.options = options;
    const hear = (request: IncomingMessage, response: ServerResponse): void => {
      this.answer(request, response).catch(() => request.socket.destroy());
    };
    const { requestTimeoutMs: requestTimeout = 60_000, tls } = options;
    const limits = { requestTimeout, headersTimeout: requestTimeout, connectionsCheckingInterval: requestTimeout / 20 };
    this.server = tls === undefined ? createServer(limits, hear) : createSecureServer({ ...limits, ...tls }, hear);
    this.server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      this.answeredTo.set(socket, socket.bytesRead);
      socket.once('close', () => this.answering.has(socket) || this.answeredTo.delete(socket));
    });
  }

  /** Requests that have begun to arrive and have no answer yet: of these a submission may still be accepted. */
  get inHand(): number {
    return [...this.answeredTo].filter(([socket, bytes]) => socket.bytesRead > bytes).length;
  }

  /** Whether the request submits a message. */
  protected abstract submits(request: FakeRequest): boolean;
  /** Answers; a submission is accepted here. */
  protected abstract reply(request: FakeRequest): Promise<Reply>;

  async listen(): Promise<void> {
    this.server.listen(this.options.port ?? 0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `${this.options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  }

  /** Faults of the next submissions, in order. */
  plan(...faults: Fault[]): void {
    this.planned.push(...faults);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request;
    const url = new URL(request.url ?? '/', this.url);
    const asked: FakeRequest = { method, url, headers, body: await text(request) };
    const { socket } = request;
    this.answering.add(socket);
    try {
      await this.answerWhole(asked, request, response);
    } finally {
      this.answering.delete(socket);
      if (socket.destroyed) this.answeredTo.delete(socket);
      else this.answeredTo.set(socket, socket.bytesRead);
    }
  }

  private async answerWhole(asked: FakeRequest, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.submits(asked)) return this.say(response, await this.reply(asked));
    this.submissions += 1;
    const fault = this.planned.shift() ?? this.options.chooseFault?.();
    if (fault !== undefined && isBefore(fault)) return this.misbehave(fault, request, response, serverError);
    const reply = await this.reply(asked);
    if (fault === undefined || reply.status >= 300) return this.say(response, reply);
    return this.misbehave(fault, request, response, reply);
  }

  private say(response: ServerResponse, { status, body, headers = {} }: Reply): void {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(asText(body));
  }

  private async misbehave(
    fault: Fault,
    { socket }: IncomingMessage,
    response: ServerResponse,
    reply: Reply,
  ): Promise<void> {
    if (typeof fault === 'object') return this.say(response, fault);
    if (fault === 'error' || fault === 'error_after_accepting') return this.say(response, serverError);
    if (fault === 'rate_limited') return this.say(response, tooMany);
    if (fault === 'html') return this.say(response, { ...reply, body: '<html>Welcome to the hotel network</html>' });
    if (fault === 'wrong_id') return this.say(response, { ...reply, body: { id: 7, sid: 7 } });
    if (fault === 'slow') {
      await this.wait(this.options.slowMs ?? 200);
      return this.say(response, reply);
    }
    if (fault === 'truncated') {
      const whole = asText(reply.body);
      response.writeHead(reply.status, { 'content-length': String(whole.length) }).write(whole.slice(0, 9));
      await this.wait(20);
    }
    if (fault !== 'silent') socket.destroy();
  }

  protected wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.over.signal.addEventListener('abort', end, { once: true });
    });
  }

  async close(): Promise<void> {
    this.over.abort();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
