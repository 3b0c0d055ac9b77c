// What a browser and a load balancer get, without a database behind it.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { TouchlineError } from '../../src/errors.ts';
import { type AppOptions, createApp } from '../../src/http/app.ts';
import type { ServerFacts } from '../../src/http/home/sign-in-pages.ts';

const fresh: ServerFacts = { version: '0.1.0', postgresVersion: '17.10', embedded: true, hasBusiness: false };
const app = (home: Partial<ServerFacts> = {}, ready: AppOptions['ready'] = () => Promise.resolve()) =>
  createApp({ ready, facts: () => Promise.resolve({ ...fresh, ...home }) });

const down = (error: Error): AppOptions => ({ ready: () => Promise.reject(error), facts: () => Promise.reject(error) });

describe('the start page', () => {
  test('says what is there and what to do next', async () => {
    const answer = await app().request('/');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
    const text = await answer.text();
    expect(text).toContain('PostgreSQL 17.10 (the embedded one');
    expect(text).toContain(
      'npx touchline business add --name &quot;Ann&#39;s Plumbing&quot; --time-zone America/New_York',
    );
    expect(text).toContain('npx touchline campaign copy gentle');
    expect(text).toContain('npx touchline login');
  });

  test('does not ask for a business where there is one, and names the database of others rightly', async () => {
    const text = await (await app({ hasBusiness: true, embedded: false }).request('/')).text();
    expect(text).not.toContain('business add');
    expect(text).toContain('with the same DATABASE_URL');
  });

  test('is accessible HTML: language, title, viewport, landmark, one main heading, headings in order', async () => {
    const text = await (await app().request('/')).text();
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(text).toMatch(/<title>[^<]+<\/title>/);
    expect(text).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(text.match(/<main /g)).toHaveLength(1);
    expect([...text.matchAll(/<h(\d)/g)].map(([, level]) => level).join('')).toBe('1233332');
  });

  test('loads nothing from anywhere, and its policy allows nothing but its own style', async () => {
    const answer = await app().request('/');
    const text = await answer.text();
    expect(text).not.toMatch(/<script|<img|src=|url\(|https?:/);
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
    expect(answer.headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('another address says so', async () => {
    const answer = await app().request('/dashboard');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('There is nothing at this address');
  });
});

describe('for programs', () => {
  test('/healthz is alive whatever the database does', async () => {
    const answer = await createApp(down(new Error('gone'))).request('/healthz');
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('/readyz is ready when the database answers', async () => {
    const answer = await app().request('/readyz');
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready' }]);
  });

  test('/readyz says why it is not, in words of ours', async () => {
    const answer = await createApp(down(new TouchlineError('TL102'))).request('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ status: 'not_ready', code: 'clock_refused' });
  });

  test('a stranger never reads hosts or files of the server', async () => {
    const port = down(new Error('connect ECONNREFUSED 10.1.2.3:5432'));
    for (const path of ['/', '/readyz']) {
      const answer = await createApp(port).request(path);
      expect(answer.status).toBe(503);
      expect(await answer.text()).not.toContain('10.1.2.3');
    }
  });
});
