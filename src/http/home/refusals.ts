// Why a request to the pages was not followed: for people who did nothing wrong, and for programs that did.
import { html } from 'hono/html';
import type { Problem } from '../../errors.ts';
import { type Html, page } from '../page.ts';

const refusal = (title: string, ...lines: string[]): Html =>
  page(
    `${title} · Touchline`,
    html`<div class="stack aside"><h1>${title}</h1>${lines.map((line) => html`<p>${line}</p>`)}</div>`,
  );

export const otherNamePage = (hostname: string): Html =>
  refusal(
    'This server does not go by that name',
    `It was asked for as ${hostname}, and answers only to localhost, to the address of HOST and to that of PUBLIC_URL: another site could have pointed its own name at this server.`,
    'Open it by one of those, or set PUBLIC_URL to the address people use.',
  );

export const foreignFormPage = (): Html =>
  refusal(
    'This did not come from a page of this server',
    'Nothing was changed. A form of another site, or a program, sent it.',
    'Open the page here and press its button; programs use the HTTP API with a key.',
  );

export const tooLargePage = (): Html =>
  refusal('That was too much text', 'A form of these pages never sends more than 64 kB. Nothing was changed.');

export const onlyHerePage = (): Html =>
  refusal(
    'The demo is for this machine only',
    'Open it on the computer where Touchline runs, at localhost or 127.0.0.1.',
  );

export function problemPage({ what, why, fix }: Problem, back: string): Html {
  return page(
    'That did not happen · Touchline',
    html`<div class="stack aside"><h1>That did not happen</h1><p>${what} ${why}</p><p>${fix}</p><p><a class="button" href="${back}">Back</a></p></div>`,
  );
}
