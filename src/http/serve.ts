// Listens, and stops listening without cutting anybody off.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';

export interface Address {
  host: string;
  /** 0: any free one. */
  port: number;
}

export interface Listening {
  /** As a person on this machine opens it. */
  url: string;
  /** Takes no more requests, and ends when the running ones are answered or five seconds are over. */
  close(): Promise<void>;
}

/** Nobody can listen there; `code` is that of the system, like EADDRINUSE. */
export class ListenFailed extends Error {
  override readonly name = 'ListenFailed';
  readonly code: string;
  readonly address: Address;

  constructor(code: string, address: Address, cause: unknown) {
    super(`Cannot listen on port ${address.port} of ${address.host} (${code}).`, { cause });
    this.code = code;
    this.address = address;
  }
}

const patienceMs = 5_000;
const everywhere = new Set(['0.0.0.0', '::']);

function urlOf({ address, family, port }: AddressInfo): string {
  if (everywhere.has(address)) return `http://localhost:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function close(server: Server): Promise<void> {
  const impatient = setTimeout(() => server.closeAllConnections(), patienceMs);
  const closed = once(server, 'close');
  server.close();
  await closed;
  clearTimeout(impatient);
}

/** @throws ListenFailed */
export async function listen(app: Hono, address: Address): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen(address.port, address.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ListenFailed(code, address, error);
  }
  const bound = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    url: urlOf(bound),
    close: () => {
      closing ??= close(server);
      return closing;
    },
  };
}
