// A connection that the server ends between the moment at which it is open and the one at which somebody uses it.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createPool, withRole } from '../../src/db/client.ts';

const part = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

const opened = Buffer.concat([part('R', Buffer.alloc(4)), part('Z', Buffer.from('I'))]);
const ended = part('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));

// In one piece, as they come when this process was late to read.
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => socket.end(Buffer.concat([opened, ended])));
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

it('fails whoever wanted it, and nobody else', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const pool = createPool(`postgres://somebody@127.0.0.1:${port}/touchline`);
  const asked = withRole(pool, { role: 'touchline_worker' }, (client) => client.query('select 1'));
  await expect(asked).rejects.toThrow();
  expect(pool.totalCount).toBe(0);
  await pool.end();
});
