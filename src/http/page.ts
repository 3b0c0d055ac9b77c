// What every page has around it. Plain HTML with its style inside: it works without a network, a script or a font.
import { html, raw } from 'hono/html';
import { brandMark } from './icons.ts';
import { style } from './style.ts';

export type Html = ReturnType<typeof html>;

const mark = encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M6 2v20" stroke="#0b6450" stroke-width="3" stroke-linecap="round"/><circle cx="15" cy="12" r="5" fill="#0b6450"/></svg>',
);

/** A whole document. `top` stands before the main part: bar, banner. */
export function document(title: string, top: Html | '', body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:image/svg+xml,${raw(mark)}">
<style>${raw(style)}</style>
</head>
<body>
${top}
<main id="main">
${body}
</main>
</body>
</html>
`;
}

/** The bar of a page that belongs to no business yet. */
export const bareBar = html`<header class="bar"><div><a class="brand" href="/">${brandMark}<span>Touchline</span></a></div></header>`;

/** A page for somebody who has not signed in, or whom something went wrong for. */
export function page(title: string, body: Html): Html {
  return document(title, bareBar, body);
}

/** A page for customers: nothing on it is ours to advertise. */
export function customerPage(title: string, body: Html): Html {
  return document(title, '', html`<div class="stack aside">${body}</div>`);
}

export function notFoundPage(): Html {
  return page(
    'Not found · Touchline',
    html`<div class="stack aside"><h1>There is nothing at this address</h1>
<p><a href="/">The start page</a> says what is there.</p></div>`,
  );
}

export function unavailablePage({ what, fix }: { what: string; fix: string }): Html {
  return page(
    'Unavailable · Touchline',
    html`<div class="stack aside"><h1>Touchline is running, but cannot answer</h1>
<p>${what} ${fix}</p>
<p><a href="/">Try again</a></p></div>`,
  );
}
