// One HTTP request to a provider and what is known of its answer. By node:http instead of fetch for two things fetch does not tell:
// whether a byte of the request can have been written, and how to abandon one by reset (a close would still deliver what is
// buffered, rules.md 10).
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { MayBegin } from '../../engine/ports.ts';

export interface HttpRequest {
  method: 'GET' | 'POST';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Asked when there is a connection and before the first byte; after a no nothing is written. */
  mayBegin?: MayBegin | undefined;
}

/** A whole answer, or as much of one as came: a `body` of null was cut, too long or not text. */
export interface HttpAnswer {
  status: number;
  header(name: string): string | undefined;
  body: string | null;
}

/** The failure of a request that was not allowed to begin any more. */
export const deadlinePassed = 'deadline_passed';

/** There was no answer. `isWritten`: something of the request may have arrived. */
export interface HttpFailure {
  isWritten: boolean;
  errorCode: string;
  errorMessage: string;
}

export interface HttpClient {
  /** Never throws. */
  exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer | HttpFailure>;
  /** Ends connections that rest. */
  close(): void;
}

const connectTimeoutMs = 10_000;
// Providers end resting connections after some seconds; a request that meets such an end is ambiguous, so we are faster.
const restMs = 2_000;
const longestAnswerBytes = 1_048_576;

const words = (error: Error): string => ('code' in error && error.message === '' ? String(error.code) : error.message);
const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : 'failed');

/** The TCP connection below each one that an agent made: TLS cannot be reset, what carries it can. */
const carriers = new WeakMap<Duplex, Socket>();
const ready = new WeakSet<Duplex>();

// Until then nothing of a request is written: TLS has to be sure of the other side first.
const readyEvent = (secure: boolean): string => (secure ? 'secureConnect' : 'connect');

type To = http.ClientRequestArgs & tls.ConnectionOptions;

function open(options: To, secure: boolean): Duplex {
  const { host, port } = options;
  const carrier = connect({ host: host ?? 'localhost', port: Number(port), noDelay: true });
  const tooSlow = (): void => {
    carrier.destroy(Object.assign(new Error(`No connection within ${connectTimeoutMs} ms.`), { code: 'ETIMEDOUT' }));
  };
  carrier.setTimeout(connectTimeoutMs, tooSlow);
  const connection = secure ? tls.connect({ ...options, socket: carrier, ALPNProtocols: ['http/1.1'] }) : carrier;
  carriers.set(connection, carrier);
  connection.once(readyEvent(secure), () => {
    carrier.setTimeout(0).off('timeout', tooSlow);
    ready.add(connection);
  });
  if (secure) carrier.once('error', (error) => connection.destroy(error));
  return connection;
}

function agentFor(secure: boolean, connections: number): http.Agent {
  const options = { keepAlive: true, maxSockets: connections, timeout: restMs };
  const agent = secure ? new https.Agent(options) : new http.Agent(options);
  return Object.assign(agent, { createConnection: (to: To) => open(to, secure) });
}

/** Reads the body; null when it is cut or too long. */
async function bodyOf(response: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > longestAnswerBytes) return null;
    }
  } catch {
    return null;
  }
  return response.complete ? Buffer.concat(chunks).toString() : null;
}

/** @param connections kept to the provider at most */
export function httpClient(connections: number): HttpClient {
  const agents = new Map<string, http.Agent>();
  const agentOf = (protocol: string): http.Agent => {
    const agent = agents.get(protocol) ?? agentFor(protocol === 'https:', connections);
    agents.set(protocol, agent);
    return agent;
  };

  function ask(
    { method, url, headers, body, mayBegin }: HttpRequest,
    signal: AbortSignal,
  ): Promise<HttpAnswer | HttpFailure> {
    return new Promise((resolve) => {
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const { request: start } = url.protocol === 'https:' ? https : http;
      const request = start(url, { method, headers: { ...headers, ...length }, agent: agentOf(url.protocol) });
      let connection: Duplex | undefined;
      let isBegun = false;
      const fail = (errorCode: string, errorMessage: string): void => {
        resolve({ isWritten: isBegun, errorCode, errorMessage });
      };
      const giveUp = (): void => {
        fail('timeout', 'Given up: there was no answer in time.');
        if (connection !== undefined) carriers.get(connection)?.resetAndDestroy();
        request.destroy();
      };
      const begin = (): void => {
        isBegun = mayBegin?.() !== false;
        if (isBegun) {
          request.end(body);
          return;
        }
        fail(deadlinePassed, 'The deadline had passed before the first byte.');
        request.destroy();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      request.on('socket', (socket) => {
        connection = socket;
        if (ready.has(socket)) begin();
        else socket.once(readyEvent(url.protocol === 'https:'), begin);
      });
      request.on('error', (error) => fail(codeOf(error), words(error)));
      request.on('close', () => signal.removeEventListener('abort', giveUp));
      request.on('response', (response) => {
        void bodyOf(response).then((text) => {
          if (text === null) response.destroy();
          const header = (name: string): string | undefined => response.headers[name]?.toString();
          resolve({ status: response.statusCode ?? 0, header, body: text });
        });
      });
    });
  }

  return {
    exchange: async (request, signal) =>
      signal.aborted ? { isWritten: false, errorCode: 'timeout', errorMessage: 'Given up.' } : ask(request, signal),
    close: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}
