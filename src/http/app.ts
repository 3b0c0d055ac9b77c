// The whole of HTTP for now: is it alive, is it ready, a page that says what to do next, and where unsubscribe links lead. No route
// shows anything of a business, so none asks who is there.
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { problemOf } from '../errors.ts';
import { type Home, notFoundPage, startPage, styleHash, unavailablePage } from './page.ts';
import { addUnsubscribe, type UnsubscribePort } from './unsubscribe.ts';

/** What the pages need to know; the composition root answers from the database. */
export interface HomePort {
  /** Resolves when requests can be served, rejects with the reason when not. */
  ready(): Promise<void>;
  home(): Promise<Home>;
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

/** @param unsubscribe absent: this server made no links, so nobody can follow one */
export function createApp(port: HomePort, unsubscribe?: UnsubscribePort): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await (context.req.path.startsWith('/u/') ? formHeaders : headers)(context, next);
    context.header('Cache-Control', 'no-store');
  });
  if (unsubscribe !== undefined) addUnsubscribe(app, unsubscribe);
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', async (context) => {
    try {
      await port.ready();
      return context.json({ status: 'ready' });
    } catch (error) {
      return context.json({ status: 'not_ready', ...shown(error) }, 503);
    }
  });
  app.get('/', async (context) => context.html(startPage(await port.home())));
  app.notFound((context) => context.html(notFoundPage(), 404));
  app.onError((error, context) => context.html(unavailablePage(shown(error)), 503));
  return app;
}
