// The whole of HTTP for now: is it alive, is it ready, and a page that says what to do next. No route reads or writes
// anything of a business, so none asks who is there.
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { problemOf } from '../errors.ts';
import { type Home, notFoundPage, startPage, styleHash, unavailablePage } from './page.ts';

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

const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: [`'${styleHash}'`],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  // Browsers keep this for the host, and other programs on the same machine may not speak TLS.
  strictTransportSecurity: false,
  referrerPolicy: 'no-referrer',
});

export function createApp(port: HomePort): Hono {
  const app = new Hono();
  app.use(headers, async (context, next) => {
    await next();
    context.header('Cache-Control', 'no-store');
  });
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
