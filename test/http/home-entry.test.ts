// Who gets in to the pages: signing in, strangers' names and forms, the first run, and the demo.
import { beforeEach, describe, expect, test } from 'vitest';
import { facts, homeApp } from '../support/home-app.ts';
import { type Visitor, visitor } from '../support/home-visitor.ts';
import { type HomeWorld, homeWorld, ids } from '../support/home-world.ts';

const root = `/b/${ids.business}`;

let world: HomeWorld;
let user: Visitor;

beforeEach(() => {
  world = homeWorld();
  user = visitor(homeApp({ world }));
});

describe('signing in', () => {
  test('looking at the link uses nothing up; the button does, and leads to the one business', async () => {
    for (const _ of [1, 2, 3])
      expect(await user.textOf('/sign-in/good')).toContain('<button class="first" type="submit">Sign in');
    const answer = await user.signIn();
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    const first = await user.ask('/');
    expect([first.status, first.headers.get('location')]).toEqual([302, root]);
    expect(await user.textOf(root)).toContain('You are signed in');
    expect(await user.textOf(root)).not.toContain('You are signed in');
  });

  test('the cookie is for HTTP alone, goes to no other site, and is secure where the address is', async () => {
    const [plain] = (await user.signIn()).headers.getSetCookie();
    expect(plain).toMatch(/^touchline_session=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    user = visitor(homeApp({ world, address: { host: '0.0.0.0', publicUrl: 'https://follow-up.example.com' } }));
    const [secure] = (await user.signIn()).headers.getSetCookie();
    expect(secure).toMatch(/; Secure(?:;|$)/);
  });

  test.each([
    ['old', 'too old'],
    ['nonsense', 'no login link'],
  ])('a link that is %s opens nothing and says so', async (link, words) => {
    const answer = await user.signIn(link);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([410, []]);
    expect(await answer.text()).toContain(words);
  });

  test('a link that was used is told apart', async () => {
    await user.signIn();
    expect(await (await user.signIn()).text()).toContain('used already');
  });

  test('without a session every page of a business asks to sign in, and signing out ends it', async () => {
    for (const path of [root, `${root}/mailbox`, `${root}/people/${ids.ann}`, '/b/nothing']) {
      const answer = await user.ask(path);
      expect(answer.status).toBe(401);
      expect(await answer.text()).toContain('npx touchline login');
    }
    expect((await user.post(`${root}/people/${ids.ann}/stop`)).status).toBe(401);
    await user.signIn();
    expect((await user.ask(root)).status).toBe(200);
    const stolen = [...user.cookies];
    await user.post('/sign-out');
    for (const [name, value] of stolen) user.cookies.set(name, value);
    expect((await user.ask(root)).status).toBe(401);
  });
});

describe('strangers', () => {
  beforeEach(async () => void (await user.signIn()));
  const path = `${root}/campaigns/${ids.campaign}/pause`;

  test.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://localhost' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{}],
  ])('a form with %j changes nothing', async (headers: Record<string, string>) => {
    const answer = await user.post(path, {}, headers);
    expect(answer.status).toBe(403);
    expect(world.campaigns[0]?.status).toBe('active');
  });

  test.each([[{ 'sec-fetch-site': 'none' }], [{ origin: 'http://localhost' }]])(
    'a form with %j is ours',
    async (headers) => {
      expect((await user.post(path, {}, headers as Record<string, string>)).status).toBe(303);
    },
  );

  test.each(['http://evil.example/', 'http://127.0.0.1.evil.example/', `http://evil.example${root}`])(
    'the name of another site is refused: %s',
    async (url) => {
      const answer = await user.ask(url);
      expect(answer.status).toBe(421);
      expect(await answer.text()).toContain('PUBLIC_URL');
    },
  );

  test.each([
    'http://localhost:4000/',
    'http://127.0.0.1/',
    'http://[::1]:4000/',
    'https://follow-up.example.com/',
    'http://10.0.0.5/',
  ])('our names are answered: %s', async (url) => {
    user = visitor(homeApp({ world, address: { host: '10.0.0.5', publicUrl: 'https://follow-up.example.com' } }));
    expect((await user.ask(url)).status).toBe(200);
  });

  test('more than a form ever sends is refused before it is read', async () => {
    const answer = await user.post(`${root}/jobs`, { name: 'x'.repeat(70_000) });
    expect(answer.status).toBe(413);
  });

  test('a line that nobody left is not said', async () => {
    for (const name of ['%3Cb%3E', 'toString', 'unknown']) {
      user.cookies.set('touchline_said', name);
      expect(await user.textOf(root)).not.toContain('role="status"');
    }
  });
});

describe('the first run', () => {
  test('says what to do, and that nobody needs to sign in for it', async () => {
    user = visitor(homeApp({ world: homeWorld(0), facts: () => Promise.resolve({ ...facts, hasBusiness: false }) }));
    expect(await user.textOf('/')).toContain('npx touchline business add');
    await user.signIn();
    const text = await user.textOf('/');
    expect(text).toContain('Your first business');
    expect(text).toContain('npx touchline campaign copy gentle');
  });

  test('somebody who is a member of nothing is told so', async () => {
    user = visitor(homeApp({ world: homeWorld(0) }));
    await user.signIn();
    expect(await user.textOf('/')).toContain('npx touchline login --user ID');
  });

  test('two businesses are a list', async () => {
    user = visitor(homeApp({ world: homeWorld(2) }));
    await user.signIn();
    expect(await user.textOf('/')).toContain('Bright Roofs');
  });

  test.each([
    [{ state: 'absent' as const }, 'npx touchline demo'],
    [{ state: 'making' as const, day: 12, days: 30 }, 'Day 12 of 30'],
    [{ state: 'ready' as const }, 'href="/demo"'],
  ])('with the demo %j it says %s', async (state, words) => {
    user = visitor(homeApp({ world, demoState: () => Promise.resolve(state) }));
    expect(await user.textOf('/')).toContain(words);
  });
});

describe('the demo', () => {
  const demo = homeWorld();
  beforeEach(() => {
    user = visitor(homeApp({ world, demo: { port: () => Promise.resolve(demo.port) } }));
  });

  test('is open to whoever sits here, under an address of its own', async () => {
    const first = await user.ask('/demo');
    expect(first.headers.get('location')).toBe(`/demo${root}`);
    const text = await user.textOf(`/demo${root}`);
    expect(text).toContain('This is the demo.');
    expect(text).toContain(`href="/demo${root}/campaigns/${ids.campaign}"`);
    await user.post(`/demo${root}/campaigns/${ids.campaign}/pause`);
    expect([demo.campaigns[0]?.status, world.campaigns[0]?.status]).toEqual(['paused', 'active']);
    expect(await user.textOf(`/demo${root}`)).toContain('The campaign is paused.');
  });

  test('and to nobody else', async () => {
    const address = { host: '0.0.0.0', publicUrl: 'https://follow-up.example.com' };
    user = visitor(homeApp({ world, address, demo: { port: () => Promise.resolve(demo.port) } }));
    expect((await user.ask(`https://follow-up.example.com/demo${root}`)).status).toBe(403);
    expect((await user.ask(`/demo${root}`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(403);
  });

  test('that is not made yet says how', async () => {
    user = visitor(homeApp({ world, demo: { port: () => Promise.resolve(undefined) } }));
    const answer = await user.ask('/demo');
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('npx touchline demo')]);
  });
});
