// Pages for whoever has not signed in: what there is, how to get in, and why a link did not work.
import { html } from 'hono/html';
import { icon } from '../icons.ts';
import { bareBar, document, type Html, page } from '../page.ts';
import { framed } from './frame.ts';
import type { Opened } from './sessions.ts';
import type { Visit } from './visit.ts';

/** What the first page tells everybody, signed in or not. */
export interface ServerFacts {
  version: string;
  /** Of the Postgres server, like `17.10`. */
  postgresVersion: string;
  embedded: boolean;
  /** Whether a business exists yet. Nothing more is told, as nobody has signed in. */
  hasBusiness: boolean;
}

/** Whether there is demo data to look at. `day` of `days` while it is being made. */
export interface DemoState {
  state: 'absent' | 'making' | 'ready';
  day?: number;
  days?: number;
}

const command = (text: string): Html => html`<pre><code>${text}</code></pre>`;

const loginStep = html`<li><div><h3>Sign in</h3><p>Open the link this prints. It works once, for 15 minutes.</p>${command('npx touchline login')}</div></li>`;

const steps = html`<li><div><h3>Add your business</h3><p>Its time zone decides when nobody is written to.</p>
${command('npx touchline business add --name "Ann\'s Plumbing" --time-zone America/New_York')}</div></li>
<li><div><h3>Copy a campaign with its texts</h3><p><code>npx touchline campaign list</code> shows the three presets.</p>
${command('npx touchline campaign copy gentle')}</div></li>
<li><div><h3>Look for what is missing</h3><p>Such as the postal address that every email needs. Then publish the campaign.</p>
${command('npx touchline doctor\nnpx touchline campaign publish Gentle')}</div></li>`;

/** How far the demo is, or how to get it. */
function demoOffer(demo: DemoState | undefined): Html | '' {
  if (demo === undefined) return '';
  const about = 'Three businesses, 200 completed jobs and a month of messages, made up and clearly apart from yours.';
  if (demo.state === 'ready') {
    return html`<section class="offer" aria-labelledby="demo"><div><h2 id="demo">See a month of it first</h2><p>${about}</p></div>
<a class="button first" href="/demo">Look at the demo</a></section>`;
  }
  if (demo.state === 'making') {
    const { day = 0, days = 30 } = demo;
    return html`<section class="offer" aria-labelledby="demo"><div><h2 id="demo">A demo is being made</h2>
<p>Day ${day} of ${days}. ${about}</p><progress aria-label="Days made" value="${day}" max="${days}"></progress></div>
<a class="button" href="">Look again</a></section>`;
  }
  return html`<section class="offer" aria-labelledby="demo"><div><h2 id="demo">See a month of it first</h2><p>${about} It takes less than a minute:</p>
${command('npx touchline demo')}</div></section>`;
}

function whatIsThere({ version, postgresVersion, embedded }: ServerFacts): Html {
  const server = embedded ? ' (the embedded one, for trying and small installs)' : '';
  return html`<section class="stack" aria-labelledby="there"><h2 id="there">What is there</h2><dl class="facts">
<dt>Version</dt><dd>${version}</dd><dt>Database</dt><dd>PostgreSQL ${postgresVersion}${server}, schema up to date</dd>
<dt>For programs</dt><dd><a href="/healthz">/healthz</a> says that the server is alive, <a href="/readyz">/readyz</a> that it reaches its
database</dd></dl></section>`;
}

/** The first page: signed in or not, with a business or without. */
export function startPage(facts: ServerFacts, demo: DemoState | undefined): Html {
  const where = facts.embedded ? 'in the same folder' : 'with the same DATABASE_URL';
  const todo = facts.hasBusiness
    ? html`<section class="stack" aria-labelledby="next"><h2 id="next">Sign in</h2>
<p>In another terminal, ${where}. The link it prints works once, for 15 minutes.</p>${command('npx touchline login')}</section>`
    : html`<section class="stack" aria-labelledby="next"><h2 id="next">What to do next</h2><p>In another terminal, ${where}:</p>
<ol class="steps">${steps}${loginStep}</ol></section>`;
  return document(
    'Touchline',
    bareBar,
    html`<div class="stack wide aside"><div class="stack"><h1>Touchline is running</h1>
<p>Follow-up campaigns for completed jobs: an email or a text after the work, and silence the moment somebody answers or says stop.</p></div>
${demoOffer(demo)}${todo}${whatIsThere(facts)}</div>`,
  );
}

/** For somebody who is signed in and has no business to look at. */
export function nothingYetPage(visit: Visit, facts: ServerFacts | undefined, demo: DemoState | undefined): Html {
  const lost = html`<p>There are businesses on this server, and you are a member of none. <code>npx touchline business list</code> shows
who owns them, and <code>npx touchline login --user ID</code> signs in as that user.</p>`;
  const todo = html`<p>In another terminal:</p><ol class="steps">${steps}</ol><p><a class="button" href="${visit.place.base}/">Look again</a></p>`;
  const body = html`<div class="stack wide aside"><h1>${facts?.hasBusiness === true ? 'Nothing to show you' : 'Your first business'}</h1>
${demoOffer(demo)}<section class="stack" aria-label="What to do next">${facts?.hasBusiness === true ? lost : todo}</section></div>`;
  return framed(visit, 'Welcome', 'none', body);
}

/** At the address of a login link: looking uses nothing up, as programs follow every link they see. */
export function confirmSignInPage(): Html {
  return page(
    'Sign in · Touchline',
    html`<div class="stack aside"><h1>Sign in to Touchline</h1><p>This link signs you in on this computer for 30 days. It works once.</p>
<form method="post"><button class="first" type="submit">Sign in</button></form></div>`,
  );
}

export function signInFirstPage(): Html {
  return page(
    'Sign in · Touchline',
    html`<div class="stack aside"><h1>Sign in first</h1><p>You are not signed in, or your session is over. Open the link that this prints:</p>
${command('npx touchline login')}</div>`,
  );
}

const failures: Readonly<Record<Exclude<Opened['outcome'], 'opened'>, [string, string]>> = {
  used: [
    'This link was used already',
    'A login link works once. If it was not you who used it, end the session you find there.',
  ],
  expired: ['This link is too old', 'A login link works for 15 minutes.'],
  unknown: ['This is no login link', 'It is incomplete, or older than a day.'],
};

export function signInFailedPage(outcome: Exclude<Opened['outcome'], 'opened'>): Html {
  const [title, why] = failures[outcome];
  return page(
    `${title} · Touchline`,
    html`<div class="stack aside"><h1>${title}</h1><p>${icon('info')} ${why} This makes a new one:</p>${command('npx touchline login')}</div>`,
  );
}

export function demoMissingPage(demo: DemoState | undefined): Html {
  return page(
    'Demo · Touchline',
    html`<div class="stack aside"><h1>There is no demo yet</h1>${demoOffer(demo ?? { state: 'absent' })}</div>`,
  );
}
