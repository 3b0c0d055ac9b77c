// The pages in a real browser: nothing for axe to find, nothing that scrolls sideways on a phone, everything by keyboard alone, and
// no script of a message ever runs.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Listening, listen } from '../../src/http/serve.ts';
import { facts, homeApp } from '../support/home-app.ts';
import { type HomeWorld, homeWorld, ids } from '../support/home-world.ts';
import { launchChromium, overhang, smallTargets, views, violations } from './chromium.ts';

const root = `/b/${ids.business}`;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);
afterAll(() => browser?.close());

let world: HomeWorld;
let server: Listening;
let context: BrowserContext;
let page: Page;

async function start(options: Parameters<typeof homeApp>[0] = {}): Promise<void> {
  server = await listen(homeApp({ world, ...options }), { host: '127.0.0.1', port: 0 });
}

beforeEach(() => {
  world = homeWorld(2);
});
afterEach(async () => {
  await context?.close();
  await server?.close();
});

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
  context = await browser.newContext(options);
  page = await context.newPage();
}

async function signIn(link = 'good'): Promise<void> {
  await page.goto(`${server.url}/sign-in/${link}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

describe('every page', () => {
  const outside: [string, string][] = [
    ['the first page', '/'],
    ['a login link', '/sign-in/good'],
    ['a page without a session', root],
    ['nothing there', '/nothing'],
    ['the demo', `/demo${root}`],
  ];
  const inside: [string, string][] = [
    ['what was said, and businesses', '/'],
    ['campaigns', root],
    ['people', `${root}/campaigns/${ids.campaign}`],
    ['people in no state', `${root}/campaigns/${ids.draft}?status=stopped`],
    ['a timeline with a wait', `${root}/people/${ids.ann}`],
    ['a timeline with every kind of moment', `${root}/people/${ids.cam}`],
    ['a name that is a page', `${root}/people/${ids.bob}`],
    ['stop', `${root}/people/${ids.ann}/stop`],
    ['the mailbox', `${root}/mailbox`],
    ['a letter', `${root}/mailbox/${ids.mail}`],
    ['a text message', `${root}/mailbox/${ids.text}`],
    ['the job form', `${root}/jobs/new`],
  ];

  /** Looks at the page that is open, in every window. */
  async function look(name: string): Promise<string[]> {
    const found: string[] = [];
    for (const { view, size, colorScheme } of views) {
      await page.setViewportSize(size);
      // Without motion: colours are looked at, not on their way from one scheme to the other.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const small = (await smallTargets(page)).map((target) => `small: ${target}`);
      const wide = await overhang(page);
      const here = [...(await violations(page)), ...small, ...(wide > 0 ? [`wider by ${wide} pixels`] : [])];
      found.push(...here.map((line) => `${name}, ${view}: ${line}`));
    }
    return found;
  }

  test('has nothing for axe to find in light, in dark and on a phone, fits its window and can be pressed', async () => {
    const demo = homeWorld();
    await start({
      facts: () => Promise.resolve({ ...facts, hasBusiness: false }),
      demoState: () => Promise.resolve({ state: 'making', day: 12, days: 30 }),
      demo: { port: () => Promise.resolve(demo.port) },
    });
    await open({ bypassCSP: true });
    const found: string[] = [];
    for (const [name, path] of outside) {
      await page.goto(`${server.url}${path}`);
      found.push(...(await look(name)));
    }
    await signIn();
    for (const [name, path] of inside) {
      if (path !== '/') await page.goto(`${server.url}${path}`);
      found.push(...(await look(name)));
    }
    await page.getByRole('button', { name: 'Complete the job' }).click();
    found.push(...(await look('the job form with errors')));
    expect(found).toEqual([]);
  }, 300_000);
});

describe('by keyboard alone', () => {
  /** Presses Tab until what has the focus is called that. */
  async function tabTo(name: string | RegExp): Promise<void> {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate<string>(
        `(document.activeElement.labels?.[0] ?? document.activeElement).textContent.replace(/\\s+/g, ' ').trim()`,
      );
      if (typeof name === 'string' ? focused === name : name.test(focused)) return;
    }
    throw new Error(`Tab never came to ${name}`);
  }
  async function press(name: string | RegExp): Promise<void> {
    await tabTo(name);
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  }
  const heading = (): Promise<string | null> => page.locator('h1').textContent();
  const said = (): Promise<string | null> => page.getByRole('status').textContent();

  test('sign in, stop somebody, pause and resume, complete a job, read a mail', async () => {
    world = homeWorld();
    await start();
    await open({ viewport: { width: 1280, height: 900 } });
    await page.goto(`${server.url}/sign-in/good`);
    await press('Sign in');
    expect(await heading()).toBe('Campaigns');

    await press('Gentle');
    await press('Ann Lee');
    await press('Stop messages');
    expect(await heading()).toBe('Stop messages to Ann Lee?');
    await press('Stop messages');
    expect(await said()).toContain('Stopped.');
    expect(world.timelines[0]?.stopReason).toBe('owner_stopped');

    await press('Campaigns');
    await press(/^Pause the campaign Gentle$/);
    expect(await said()).toContain('The campaign is paused.');
    await press(/^Resume the campaign Gentle$/);
    expect(await said()).toContain('The campaign goes on.');

    await press('Complete a job');
    await tabTo('Customer’s name');
    await page.keyboard.type('Dee Day');
    await tabTo('Email');
    await page.keyboard.type('dee@example.com');
    await tabTo('Phone');
    await page.keyboard.type('212 555 0101');
    await tabTo('They agreed in writing to get text messages');
    await page.keyboard.press('Space');
    await tabTo('Kind of work');
    await page.keyboard.type('Plu');
    await tabTo('Just now');
    await page.keyboard.press('ArrowDown');
    await press('Complete the job');
    expect(await said()).toContain('The job is completed');
    expect(world.jobs).toEqual([
      expect.objectContaining({ serviceType: 'plumbing', customer: expect.objectContaining({ smsConsent: true }) }),
    ]);

    await press(/^Read it/);
    expect(await heading()).toBe('Thank you, Ann');
    await press('Sign out');
    expect(await heading()).toBe('Touchline is running');
  }, 120_000);

  test('the first thing to reach is the way past the bar, and focus can be seen', async () => {
    await start();
    await open();
    await signIn();
    await page.goto(`${server.url}${root}`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the page');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate("document.querySelector('main').contains(document.activeElement)")).toBe(true);
  });
});

describe('a message that means harm', () => {
  test('is shown and does nothing: no script, no handler, no picture from elsewhere, no form', async () => {
    await start();
    await open();
    await signIn();
    const reached: string[] = [];
    await context.route(/example\//, (route) => {
      reached.push(route.request().url());
      return route.abort();
    });
    await page.goto(`${server.url}${root}/mailbox/${ids.mail}`);
    const frame = page.frameLocator('iframe');
    await frame.getByText('Hello Ann, thank you for having us.').click();
    await frame.getByRole('button', { name: 'Send' }).click();
    expect(await frame.getByText(/(?:script|handler) ran/).count()).toBe(0);
    expect(await page.title()).toContain('Thank you, Ann');
    expect(page.url()).toContain(ids.mail);
    expect(reached).toEqual([]);
    // Also when it is opened by itself.
    await page.goto(`${server.url}${root}/mailbox/${ids.mail}/html`);
    expect(await page.getByText(/(?:script|handler) ran/).count()).toBe(0);
    expect(await page.title()).toBe('Hello');
  });

  test('a name that is a script stays a name', async () => {
    await start();
    await open();
    await signIn();
    await page.goto(`${server.url}${root}/people/${ids.bob}`);
    expect(await page.locator('h1').textContent()).toContain('<img src=x');
    expect(await page.title()).toContain('<img src=x');
  });
});

test('a form that another site sends changes nothing', async () => {
  await start();
  await open();
  await signIn();
  const evil = `<form method="post" action="${server.url}${root}/campaigns/${ids.campaign}/pause"><button>Win</button></form>`;
  await context.route('http://evil.example/', (route) => route.fulfill({ contentType: 'text/html', body: evil }));
  await page.goto('http://evil.example/');
  const [answer] = await Promise.all([page.waitForResponse(/pause$/), page.getByRole('button').click()]);
  expect([401, 403]).toContain(answer.status());
  expect(world.campaigns[0]?.status).toBe('active');
});
