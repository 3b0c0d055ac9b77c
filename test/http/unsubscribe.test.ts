// Where unsubscribe links lead: looking changes nothing, one click acts, and nobody learns anything (S24, RFC 8058).
import { beforeEach, describe, expect, test } from 'vitest';
import { type AppOptions, createApp } from '../../src/http/app.ts';

const ready: AppOptions['ready'] = () => Promise.resolve();
let heard: string[] = [];
const app = createApp({ ready, unsubscribe: { unsubscribe: async (token) => void heard.push(token) } });

beforeEach(() => {
  heard = [];
});

const oneClick = 'List-Unsubscribe=One-Click';

describe('GET', () => {
  test('shows a page with one button, without a script, and changes nothing', async () => {
    const answer = await app.request('/u/token');
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain('<form method="post"><button class="first" type="submit">Unsubscribe</button></form>');
    expect(text).toMatch(/<html lang="en">[\s\S]*<main [\s\S]*<h1>/);
    expect(text).not.toMatch(/<script|src=|https?:/);
    expect(answer.headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect((await app.request('/u/token', { method: 'HEAD' })).status).toBe(200);
    expect(heard).toEqual([]);
  });
});

describe('POST', () => {
  const form = new FormData();
  form.set('List-Unsubscribe', 'One-Click');
  const bodies: [string, RequestInit][] = [
    ['urlencoded', { body: oneClick, headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['multipart', { body: form }],
    ['nothing', {}],
    ['nonsense', { body: '{', headers: { 'content-type': 'application/json', origin: 'https://other.example' } }],
  ];

  test.each(bodies)('with %s acts at once, without cookies and without a redirect', async (_name, init) => {
    const answer = await app.request('/u/token', { method: 'POST', ...init });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await answer.text()).toContain('You are unsubscribed');
    expect(heard).toEqual(['token']);
  });

  test('of the same link many times at once is written down once', async () => {
    let runs = 0;
    const slow = createApp({
      ready,
      unsubscribe: {
        unsubscribe: () => {
          runs += 1;
          return new Promise((resolve) => setImmediate(resolve));
        },
      },
    });
    const clicks = Array.from({ length: 1_000 }, () => slow.request('/u/token', { method: 'POST' }));
    const statuses = new Set((await Promise.all(clicks)).map(({ status }) => status));
    expect([runs, [...statuses]]).toEqual([1, [200]]);
  });

  test('that cannot be written down says so, so that it is sent again', async () => {
    const down = createApp({
      ready,
      unsubscribe: { unsubscribe: () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3')) },
    });
    const answer = await down.request('/u/token', { method: 'POST' });
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('10.1.2.3');
  });
});
