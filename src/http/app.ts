// All of HTTP, put together from parts that are each there or not: the pages, what programs call, and where links of messages lead.
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { wallClock } from '../engine/clock.ts';
import { problemOf } from '../errors.ts';
import { addHeaders } from './headers.ts';
import type { PagesAddress } from './home/guard.ts';
import { addDemoHome, addKeptHome, type DemoHome, type KeptHome, type Surroundings } from './home/mount.ts';
import { problemPage } from './home/refusals.ts';
import { type ServerFacts, startPage } from './home/sign-in-pages.ts';
import { NothingThere } from './home/visit.ts';
import { notFoundPage, unavailablePage } from './page.ts';
import { addUnsubscribe, type UnsubscribePort } from './unsubscribe.ts';

/** Adds routes of their own (`addApi(app, port)`, `addHooks(app, port)`). They check for themselves who asks. */
export type AddRoutes = (app: Hono) => void;

export interface AppOptions {
  /** Resolves when requests can be served, rejects with the reason when not. */
  ready(): Promise<void>;
  /** Default: this machine only. */
  address?: PagesAddress;
  /** Default: the clock of this machine. */
  now?: () => Date;
  /** What the first page tells everybody who has not signed in. */
  facts?(): Promise<ServerFacts>;
  home?: KeptHome;
  demo?: DemoHome;
  /** Absent: this server made no links, so nobody can follow one. */
  unsubscribe?: UnsubscribePort;
  api?: AddRoutes;
  hooks?: AddRoutes;
  metrics?: AddRoutes;
}

/** An error that is not known may name hosts and files, which a stranger must not read; the terminal has it. */
function shown(error: unknown): { code: string; what: string; fix: string } {
  const { code, what, fix } = problemOf(error);
  if (code !== 'unexpected') return { code, what, fix };
  return { code: 'unavailable', what: 'The database cannot be used now.', fix: 'The terminal of the server says why.' };
}

function answerTo(error: Error, context: Context): Response | Promise<Response> {
  if (error instanceof NothingThere) return context.html(notFoundPage(), 404);
  const problem = problemOf(error);
  if (problem.code === 'not_found') return context.html(notFoundPage(), 404);
  if (problem.status >= 500) return context.html(unavailablePage(shown(error)), 503);
  return context.html(
    problemPage(problem, context.req.path.replace(/\/[^/]*$/, '') || '/'),
    problem.status as ContentfulStatusCode,
  );
}

function addHealth(app: Hono, ready: AppOptions['ready']): void {
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', async (context) => {
    try {
      await ready();
      return context.json({ status: 'ready' });
    } catch (error) {
      return context.json({ status: 'not_ready', ...shown(error) }, 503);
    }
  });
}

const thisMachine: PagesAddress = { host: '127.0.0.1', publicUrl: undefined };

export function createApp({ ready, facts, home, demo, unsubscribe, api, hooks, metrics, ...given }: AppOptions): Hono {
  const { address = thisMachine, now = wallClock } = given;
  const around: Surroundings = {
    address,
    now,
    ...(facts === undefined ? {} : { facts }),
    ...(home?.demo === undefined ? {} : { demoState: home.demo }),
  };
  const app = new Hono();
  addHeaders(app);
  addHealth(app, ready);
  if (unsubscribe !== undefined) addUnsubscribe(app, unsubscribe);
  api?.(app);
  hooks?.(app);
  metrics?.(app);
  if (demo !== undefined) addDemoHome(app, demo, around);
  if (home !== undefined) addKeptHome(app, home, around);
  else if (facts !== undefined) app.get('/', async (context) => context.html(startPage(await facts(), undefined)));
  app.notFound((context) => context.html(notFoundPage(), 404));
  app.onError(answerTo);
  return app;
}
