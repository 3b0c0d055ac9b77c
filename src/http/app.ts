// All of HTTP, put together from parts that are each there or not: the pages, what programs call, and where links of messages lead.
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { problemOf } from '../errors.ts';
import type { HomePort } from './home/port.ts';
import type { SessionsPort } from './home/sessions.ts';
import { type Home, notFoundPage, startPage, styleHash, unavailablePage } from './page.ts';
import { addUnsubscribe, type UnsubscribePort } from './unsubscribe.ts';

/** Whether there is demo data to look at. `day` of `days` while it is being made. */
export interface DemoState {
  state: 'absent' | 'making' | 'ready';
  day?: number;
  days?: number;
}

/** The pages of the kept database, at `/`: for whoever signed in. */
export interface KeptHome {
  sessions: SessionsPort;
  port(userId: string): HomePort;
  /** Whether messages end in the built-in mailbox: nobody receives them, and every page says so. */
  mailboxOnly: boolean;
  /** Absent: no demo is offered. */
  demo?(): Promise<DemoState>;
}

/** The pages of the demo database, at `/demo`: without a login, and only for people on this machine. */
export interface DemoHome {
  /** Undefined as long as it is not made. */
  port(): Promise<HomePort | undefined>;
}

/** Adds routes of their own (`addApi(app, port)`, `addHooks(app, port)`). They check for themselves who asks. */
export type AddRoutes = (app: Hono) => void;

/** Where people reach the pages. Requests to other names are refused, as another site could have pointed its name at us. */
export interface PagesAddress {
  /** What the server listens on. */
  host: string;
  publicUrl: string | undefined;
}

export interface AppOptions {
  /** Resolves when requests can be served, rejects with the reason when not. */
  ready(): Promise<void>;
  /** Default: this machine only. */
  address?: PagesAddress;
  /** Default: the clock of this machine. */
  now?: () => Date;
  /** What the first page tells everybody who has not signed in. */
  facts?(): Promise<Home>;
  home?: KeptHome;
  demo?: DemoHome;
  /** Absent: this server made no links, so nobody can follow one. */
  unsubscribe?: UnsubscribePort;
  api?: AddRoutes;
  hooks?: AddRoutes;
}

/** An error that is not known may name hosts and files, which a stranger must not read; the terminal has it. */
function shown(error: unknown): { code: string; what: string; fix: string } {
  const { code, what, fix } = problemOf(error);
  if (code !== 'unexpected') return { code, what, fix };
  return { code: 'unavailable', what: 'The database cannot be used now.', fix: 'The terminal of the server says why.' };
}

const headersFor = (formAction: string): ReturnType<typeof secureHeaders> =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: [`'${styleHash}'`],
      baseUri: ["'none'"],
      formAction: [formAction],
      frameAncestors: ["'none'"],
    },
    // Browsers keep this for the host, and other programs on the same machine may not speak TLS.
    strictTransportSecurity: false,
    referrerPolicy: 'no-referrer',
  });
const headers = headersFor("'none'");
const formHeaders = headersFor("'self'");

export function createApp({ ready, facts, unsubscribe, api, hooks }: AppOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await (context.req.path.startsWith('/u/') ? formHeaders : headers)(context, next);
    context.header('Cache-Control', 'no-store');
  });
  if (unsubscribe !== undefined) addUnsubscribe(app, unsubscribe);
  api?.(app);
  hooks?.(app);
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', async (context) => {
    try {
      await ready();
      return context.json({ status: 'ready' });
    } catch (error) {
      return context.json({ status: 'not_ready', ...shown(error) }, 503);
    }
  });
  if (facts !== undefined) app.get('/', async (context) => context.html(startPage(await facts())));
  app.notFound((context) => context.html(notFoundPage(), 404));
  app.onError((error, context) => context.html(unavailablePage(shown(error)), 503));
  return app;
}
