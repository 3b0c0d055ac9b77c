// Where an unsubscribe link leads. GET shows a button and changes nothing, as programs follow every link of a mail; POST acts at once,
// whoever sends it and whatever is in its body: a mail program's one click (RFC 8058) comes without cookies and follows no redirect.
// The answers are the same for every token, so that nobody learns from them who is written to.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { customerPage, type Html } from './page.ts';

export interface UnsubscribePort {
  /** Resolves when the wish is kept, and also when the token means nothing. */
  unsubscribe(token: string): Promise<void>;
}

const askPage = (): Html =>
  customerPage(
    'Unsubscribe',
    html`<h1>Stop these emails?</h1>
<p>You will not be written to at this address any more.</p>
<form method="post"><button class="first" type="submit">Unsubscribe</button></form>`,
  );

const donePage = (): Html =>
  customerPage(
    'Unsubscribed',
    html`<h1>You are unsubscribed</h1>
<p>You will not be written to at this address any more. You can close this page.</p>`,
  );

/** Adds `/u/{token}`. */
export function addUnsubscribe(app: Hono, port: UnsubscribePort): void {
  // Clicks that come while the same one is being written down wait for it instead of writing it down again.
  const running = new Map<string, Promise<void>>();
  const once = (token: string): Promise<void> => {
    const known = running.get(token);
    if (known !== undefined) return known;
    const work = port.unsubscribe(token).finally(() => running.delete(token));
    running.set(token, work);
    return work;
  };
  app.get('/u/:token', (context) => context.html(askPage()));
  app.post('/u/:token', async (context) => {
    await once(context.req.param('token'));
    return context.html(donePage());
  });
}
