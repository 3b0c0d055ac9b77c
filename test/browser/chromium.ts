// The browser of the tests, and the rules of accessibility it is asked about.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is: CHROMIUM_PATH, or where systems put it. @throws with what helps when there is none */
function chromiumPath(): string {
  const path = process.env.CHROMIUM_PATH ?? places.find((place) => existsSync(place));
  if (path !== undefined) return path;
  throw new Error(
    'No Chromium was found. Install one (apt-get install chromium), or set CHROMIUM_PATH to where it is.',
  );
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** What axe has against a page, one line each. The context must bypass the policy, which lets no script in. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  // Frames hold messages as somebody wrote them, behind a wall that no script passes.
  const found = await page.evaluate<Violation[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(tags)}, iframes: false }).then(({ violations }) => violations)`,
  );
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 160)}`));
}

/** How far the page is wider than its window, in pixels. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Things to press that are smaller than 24 by 24 pixels and stand in no sentence. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
    .filter((target) => target.closest('p') === null && !target.matches('.skip'))
    .map((target) => [target.outerHTML.slice(0, 100), target.getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 22 || height < 22 || Math.max(width, height) < 24)
    .map(([html, { width, height }]) => width + 'x' + height + ' ' + html)`);
}

/** Windows in which every page is looked at. */
export const views = [
  { view: 'light', size: { width: 1280, height: 900 }, colorScheme: 'light' },
  { view: 'dark', size: { width: 1280, height: 900 }, colorScheme: 'dark' },
  { view: 'on a phone', size: { width: 360, height: 740 }, colorScheme: 'light' },
] as const;
