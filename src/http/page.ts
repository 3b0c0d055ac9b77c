// The page of a fresh installation. Plain HTML with its style inside: it works without a network, a script or a font.
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';

export interface Home {
  version: string;
  /** Of the Postgres server, like `17.10`. */
  postgresVersion: string;
  embedded: boolean;
  /** Whether a business exists yet. Nothing more is told, as nobody has signed in. */
  hasBusiness: boolean;
}

type Html = ReturnType<typeof html>;

const style = `
:root { color-scheme: light dark; }
body { font: 1.0625rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; color: #1d2327; background: #fff; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
pre { background: #f1f3f4; padding: .75rem 1rem; border-radius: .4rem; overflow-x: auto; }
code { font: .9375rem/1.5 ui-monospace, monospace; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; }
a { color: #0b57d0; }
button { font: inherit; padding: .5rem 1.25rem; border: 1px solid currentcolor; border-radius: .4rem; background: #0b57d0; color: #fff; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e8ea; background: #15181b; }
  pre { background: #22272b; }
  a { color: #8ab4f8; }
}
`;

/** What the Content-Security-Policy allows as style. */
export const styleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`;

/** A whole page around what stands in its main part. */
export function page(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

const command = (text: string): Html => html`<pre tabindex="0"><code>${text}</code></pre>`;

const addBusiness = html`<li>Add your business. The time zone decides when nobody is written to.
${command('npx touchline business add --name "Ann\'s Plumbing" --time-zone America/New_York')}</li>`;

const setUp = html`<li>Copy one of the three presets with its texts; <code>npx touchline campaign list</code> shows them.
${command('npx touchline campaign copy gentle')}</li>
<li>Look for what is missing, such as the postal address that every email needs.
${command('npx touchline doctor')}</li>`;

export function startPage({ version, postgresVersion, embedded, hasBusiness }: Home): Html {
  const server = embedded ? ' (the embedded one, for trying and small installs)' : '';
  return page(
    'Touchline',
    html`<h1>Touchline is running</h1>
<p>Follow-up campaigns for completed jobs: an email or a text after the work, and silence the moment somebody answers or says stop.</p>
<h2>What is there</h2>
<dl>
<dt>Version</dt><dd>${version}</dd>
<dt>Database</dt><dd>PostgreSQL ${postgresVersion}${server}, schema up to date</dd>
<dt>Sending</dt><dd>Email leaves by the mail server of SMTP_URL while <code>touchline work</code> runs; without it nobody is written to. SMS has no provider yet.</dd>
<dt>Browser</dt><dd>Only this page. There is no dashboard and no HTTP API yet; the command line does the work.</dd>
</dl>
<h2>What to do next</h2>
<p>In another terminal, ${embedded ? 'in the same folder' : 'with the same DATABASE_URL'}:</p>
<ol>
${hasBusiness ? '' : addBusiness}
${setUp}
</ol>
<p><code>npx touchline --help</code> lists every command. For programs: <a href="/healthz">/healthz</a> says that the server is
alive, <a href="/readyz">/readyz</a> that it reaches its database.</p>`,
  );
}

export function notFoundPage(): Html {
  return page(
    'Not found · Touchline',
    html`<h1>There is nothing at this address</h1>
<p><a href="/">The start page</a> says what is there.</p>`,
  );
}

export function unavailablePage({ what, fix }: { what: string; fix: string }): Html {
  return page(
    'Unavailable · Touchline',
    html`<h1>Touchline is running, but cannot answer</h1>
<p>${what} ${fix}</p>
<p><a href="/">Try again</a></p>`,
  );
}
