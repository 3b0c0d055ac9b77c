// Where Twilio's reports arrive: the product's own hooks, over its own connections. Most reports are lost on the way, as a million of
// them would be a campaign of their own; those that come, come twice and in the wrong order.
import { Hono } from 'hono';
import type pg from 'pg';
import { hooksPort } from '../../src/cli/hooks.ts';
import { callbackMarks } from '../../src/domain/callback-mark.ts';
import { addHooks } from '../../src/http/hooks.ts';
import { type Listening, listen } from '../../src/http/serve.ts';
import { accounts } from './accounts.ts';

/** Of the messages: how many are reported on. */
const share = 0.2;

/** By the message, so that a report that is repeated is lost or comes as the first one. */
function arrives(url: string): boolean {
  const id = new URL(url).searchParams.get('m') ?? '';
  return Number.parseInt(id.slice(-4), 16) / 0x1_00_00 < share;
}

/** @param now the virtual moment */
export async function startCallbacks(pool: pg.Pool, now: () => Date): Promise<Listening> {
  const app = new Hono();
  let publicUrl = '';
  app.use((context, next) => (arrives(context.req.url) ? next() : Promise.resolve(context.body(null, 204))));
  const port = hooksPort({
    pool,
    get publicUrl() {
      return publicUrl;
    },
    marks: callbackMarks(accounts.callbackSecret),
    keysOf: () => Promise.resolve([accounts.twilioToken]),
    now,
  });
  addHooks(app, port);
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  publicUrl = listening.url;
  return listening;
}
