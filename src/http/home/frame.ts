// What stands around every page of a business: the bar, what the last action did, and that nobody receives anything where that is so.
import { html } from 'hono/html';
import { brandMark, icon } from '../icons.ts';
import { document, type Html } from '../page.ts';
import type { Said } from './said.ts';
import { type BusinessVisit, rootOf, type Visit } from './visit.ts';
import type { Sign } from './words.ts';

type Section = 'campaigns' | 'mailbox' | 'job' | 'none';

const sections: readonly { section: Section; path: string; words: string }[] = [
  { section: 'campaigns', path: '', words: 'Campaigns' },
  { section: 'mailbox', path: '/mailbox', words: 'Mailbox' },
  { section: 'job', path: '/jobs/new', words: 'Complete a job' },
];

function navigation(visit: BusinessVisit, here: Section): Html {
  const links = sections.map(
    ({ section, path, words }) =>
      html`<li><a href="${rootOf(visit)}${path}"${section === here ? html` aria-current="page"` : ''}>${words}</a></li>`,
  );
  return html`<nav aria-label="Business"><ul>${links}</ul></nav>`;
}

function bar({ place, businesses, ...visit }: Visit & Partial<BusinessVisit>, here: Section): Html {
  const { business } = visit;
  const brand = html`<a class="brand" href="${place.base}/">${brandMark}<span>Touchline</span>${
    business === undefined ? '' : html`<span>${business.name}</span>`
  }</a>`;
  const signOut = html`<form class="out" method="post" action="/sign-out"><button class="plain" type="submit">Sign out</button></form>`;
  return html`<a class="skip" href="#main">Skip to the page</a>
<header class="bar"><div>${brand}${business === undefined ? '' : navigation({ ...visit, place, businesses, business }, here)}${
    place.isDemo ? html`<a class="button plain out" href="/">Leave the demo</a>` : signOut
  }</div></header>`;
}

function banner({ isDemo, mailboxOnly }: Visit['place']): Html | '' {
  if (!mailboxOnly && !isDemo) return '';
  const demo = isDemo ? html`<strong>This is the demo.</strong> Its people are made up. ` : '';
  return html`<aside class="banner" aria-label="Where messages go"><div>${icon('info')}<p>${demo}Messages go to the built-in mailbox:
<strong>nobody receives them.</strong></p></div></aside>`;
}

/** Whoever waits for a message must read here why none leaves; whoever runs the server, what to do. */
function stoppedBanner(reason: string | undefined): Html | '' {
  if (reason === undefined) return '';
  return html`<aside class="banner" aria-label="Safe mode"><div>${icon('info')}<p><strong>Safe mode: nothing is sent.</strong> ${reason}
Whoever runs this server ends it with <code>touchline reconcile</code>.</p></div></aside>`;
}

function saidLine({ words, tone }: Said): Html {
  return html`<div class="said ${tone}" role="status">${icon(tone === 'good' ? 'check' : 'info')}<p>${words}</p></div>`;
}

/** A page for somebody who is signed in, or in the demo. */
export function framed(visit: Visit & Partial<BusinessVisit>, title: string, here: Section, body: Html): Html {
  const { business, place } = visit;
  const said = visit.said();
  const name = [title, business?.name, place.isDemo ? 'Touchline demo' : 'Touchline'].filter(Boolean).join(' · ');
  const top = html`${bar(visit, here)}${stoppedBanner(visit.stopped)}${banner(place)}`;
  return document(name, top, html`${said === undefined ? '' : saidLine(said)}${body}`);
}

/** A state: sign and words in a pill. */
export function pill({ words, icon: name, tone }: Sign): Html {
  return html`<span class="pill ${tone}">${icon(name)}${words}</span>`;
}

export function backLink(path: string, words: string): Html {
  return html`<a class="back" href="${path}">${icon('back')}${words}</a>`;
}
