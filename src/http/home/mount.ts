// The pages, mounted: those of the kept database at / for whoever signed in, those of the demo at /demo for this machine.
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { businessesPage } from './campaigns-page.ts';
import { isLocal, isOurName, isOwnForm, type PagesAddress } from './guard.ts';
import type { HomePort } from './port.ts';
import { foreignFormPage, onlyHerePage, otherNamePage, tooLargePage } from './refusals.ts';
import { addBusinessPages } from './routes.ts';
import { hear, say } from './said.ts';
import type { SessionsPort } from './sessions.ts';
import {
  confirmSignInPage,
  type DemoState,
  demoMissingPage,
  nothingYetPage,
  type ServerFacts,
  signInFailedPage,
  signInFirstPage,
  startPage,
} from './sign-in-pages.ts';
import { type PagesContext, type PagesEnv, type Place, rootOf, type Visit } from './visit.ts';

/** The pages of the kept database, at `/`: for whoever signed in. */
export interface KeptHome {
  sessions: SessionsPort;
  port(userId: string): HomePort;
  /** Whether messages end in the built-in mailbox: nobody receives them, and every page says so. */
  mailboxOnly: boolean;
  /** Why nothing is sent from this database (safe mode); undefined: it may send. */
  stopped?(): Promise<string | undefined>;
  /** Absent: no demo is offered. */
  demo?(): Promise<DemoState>;
}

/** The pages of the demo database, at `/demo`: without a login, and only for people on this machine. */
export interface DemoHome {
  /** Undefined as long as it is not made. */
  port(): Promise<HomePort | undefined>;
}

/** What both have around them. */
export interface Surroundings {
  address: PagesAddress;
  now: () => Date;
  facts?: () => Promise<ServerFacts>;
  demoState?: () => Promise<DemoState>;
}

const cookie = 'touchline_session';
const largestBody = 64 * 1024;

/** Strangers' names, forms and floods end here, before anybody is asked who they are. */
function guard(address: PagesAddress): MiddlewareHandler {
  const limit = bodyLimit({ maxSize: largestBody, onError: (context) => context.html(tooLargePage(), 413) });
  return async (context, next) => {
    if (!isOurName(context.req.url, address)) {
      return context.html(otherNamePage(new URL(context.req.url).hostname), 421);
    }
    const isChange = context.req.method !== 'GET' && context.req.method !== 'HEAD';
    if (isChange && !isOwnForm(context, address)) return context.html(foreignFormPage(), 403);
    return limit(context, next);
  };
}

async function visitOf(
  context: Context,
  visited: Omit<Visit, 'businesses' | 'said' | 'stopped'>,
  home?: KeptHome,
): Promise<Visit> {
  const [businesses, stopped] = await Promise.all([visited.port.businesses(), home?.stopped?.()]);
  return { ...visited, businesses, stopped, said: () => hear(context) };
}

/** The first page of somebody: their one business, or the list of them; undefined: they have none. */
function firstPage(context: Context, visit: Visit): Response | Promise<Response> | undefined {
  const [business, second] = visit.businesses;
  if (business === undefined) return undefined;
  if (second !== undefined) return context.html(businessesPage(visit));
  return context.redirect(rootOf({ ...visit, business }));
}

function addSignIn(pages: Hono<PagesEnv>, { sessions }: KeptHome, { publicUrl }: PagesAddress): void {
  pages.get('/sign-in/:token', (context) => context.html(confirmSignInPage()));
  pages.post('/sign-in/:token', async (context) => {
    const opened = await sessions.open(context.req.param('token'));
    if (opened.outcome !== 'opened') return context.html(signInFailedPage(opened.outcome), 410);
    setCookie(context, cookie, opened.token, {
      httpOnly: true,
      sameSite: 'Lax',
      secure: publicUrl?.startsWith('https:') === true,
      path: '/',
      expires: opened.expiresAt,
    });
    say(context, 'signed_in');
    return context.redirect('/', 303);
  });
  pages.post('/sign-out', async (context) => {
    const token = getCookie(context, cookie);
    if (token !== undefined) await sessions.end(token);
    deleteCookie(context, cookie, { path: '/' });
    return context.redirect('/', 303);
  });
}

/** Adds the pages of the kept database. */
export function addKeptHome(app: Hono, home: KeptHome, around: Surroundings): void {
  const { address, now, facts, demoState } = around;
  const place: Place = { base: '', isDemo: false, mailboxOnly: home.mailboxOnly };
  const pages = new Hono<PagesEnv>();
  for (const path of ['/', '/b/*', '/sign-in/*', '/sign-out']) pages.use(path, guard(address));
  addSignIn(pages, home, address);

  const signedIn = async (context: PagesContext): Promise<Visit | undefined> => {
    const token = getCookie(context, cookie);
    const userId = token === undefined ? undefined : await home.sessions.userId(token);
    if (userId === undefined) return undefined;
    return visitOf(context, { place, port: home.port(userId), now: now() }, home);
  };
  pages.get('/', async (context) => {
    const visit = await signedIn(context);
    if (visit === undefined) {
      return facts === undefined
        ? context.html(signInFirstPage())
        : context.html(startPage(await facts(), await demoState?.()));
    }
    return firstPage(context, visit) ?? context.html(nothingYetPage(visit, await facts?.(), await demoState?.()));
  });
  pages.use('/b/*', async (context, next) => {
    const visit = await signedIn(context);
    if (visit === undefined) return context.html(signInFirstPage(), 401);
    context.set('visit', visit);
    return next();
  });
  addBusinessPages(pages, '');
  app.route('/', pages);
}

/** Adds the pages of the demo. Its people are made up, and still nobody but who sits here sees them. */
export function addDemoHome(app: Hono, home: DemoHome, { address, now, demoState }: Surroundings): void {
  const place: Place = { base: '/demo', isDemo: true, mailboxOnly: true };
  const pages = new Hono<PagesEnv>();
  const enter: MiddlewareHandler<PagesEnv> = async (context, next) => {
    if (!isLocal(context)) return context.html(onlyHerePage(), 403);
    const port = await home.port();
    if (port === undefined) return context.html(demoMissingPage(await demoState?.()), 404);
    context.set('visit', await visitOf(context, { place, port, now: now() }));
    return next();
  };
  for (const path of ['/demo', '/demo/*']) pages.use(path, guard(address));
  for (const path of ['/demo', '/demo/', '/demo/b/*']) pages.use(path, enter);
  for (const path of ['/demo', '/demo/']) {
    pages.get(
      path,
      (context) => firstPage(context, context.get('visit')) ?? context.html(demoMissingPage(undefined), 404),
    );
  }
  addBusinessPages(pages, '/demo');
  app.route('/', pages);
}
