// Who may read /metrics, and what the answer is. What the numbers say is told elsewhere.
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { addMetrics, metricsApp } from '../../src/http/metrics.ts';

const token = 'a-key-that-is-longer-than-thirty-two-characters';
const local = 'http://127.0.0.1:4000/metrics';
const port = (key: string | undefined) => ({
  token: key,
  text: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4; charset=utf-8', body: 'touchline_x 1\n' }),
});

interface Asked {
  url?: string;
  peer?: string;
  /** Null: the server has none. */
  key?: string | null;
  headers?: Record<string, string>;
}

/** A request as it reaches the server. */
async function ask({ url = local, peer = '127.0.0.1', key = token, headers = {} }: Asked): Promise<Response> {
  return metricsApp(port(key ?? undefined)).request(
    url,
    { headers },
    { incoming: { socket: { remoteAddress: peer } } },
  );
}

describe('this machine reads metrics without a key', () => {
  test.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('from %s', async (peer) => {
    const answer = await ask({ peer });
    expect([answer.status, await answer.text()]).toEqual([200, 'touchline_x 1\n']);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('where the server itself answers them too', async () => {
    const app = new Hono();
    addMetrics(app, port(undefined));
    expect((await app.request(local)).status).toBe(200);
  });
});

describe('everybody else needs the key', () => {
  const elsewhere: [string, Asked][] = [
    ['another machine', { peer: '10.1.2.3' }],
    ['another machine that says it is this one', { peer: '10.1.2.3', url: 'http://localhost:4000/metrics' }],
    ['another name', { url: 'http://touchline.example/metrics' }],
    ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'].map(
      (name): [string, Asked] => [`a proxy that says ${name}`, { headers: { [name]: '203.0.113.5' } }],
    ),
  ];

  test.each(elsewhere)('%s', async (_, asked) => {
    const refused = await ask(asked);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await refused.text()).not.toContain('touchline_x');
    const headers = { ...asked.headers, authorization: `Bearer ${token}` };
    expect((await ask({ ...asked, headers })).status).toBe(200);
  });

  test.each([
    ['a wrong one', `Bearer ${token}x`],
    ['one that is shorter', `Bearer ${token.slice(0, -1)}`],
    ['none', 'Bearer '],
    ['another scheme', `Basic ${token}`],
    ['two words', `Bearer ${token} ${token}`],
  ])('%s is none', async (_, authorization) => {
    expect((await ask({ peer: '10.1.2.3', headers: { authorization } })).status).toBe(401);
  });

  test('and where none is set there is none', async () => {
    for (const authorization of [`Bearer ${token}`, 'Bearer undefined', 'Bearer ']) {
      expect((await ask({ peer: '10.1.2.3', key: null, headers: { authorization } })).status).toBe(401);
    }
  });

  test('a key in the address is not looked at: addresses stand in logs', async () => {
    expect((await ask({ peer: '10.1.2.3', url: `${local}?token=${token}` })).status).toBe(401);
  });
});
