// What each kind of page lets a browser do: nothing that is not in it.
import type { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { styleHash } from './style.ts';

type Policy = NonNullable<NonNullable<Parameters<typeof secureHeaders>[0]>['contentSecurityPolicy']>;

const nothing: Policy = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};
const own: Policy = { ...nothing, styleSrc: [`'${styleHash}'`], imgSrc: ['data:'], formAction: ["'self'"] };

// Browsers keep strictTransportSecurity for the host, and other programs on the same machine may not speak TLS.
const withPolicy = (contentSecurityPolicy: Policy, referrerPolicy: string): ReturnType<typeof secureHeaders> =>
  secureHeaders({ contentSecurityPolicy, referrerPolicy, strictTransportSecurity: false });

const policies = {
  programs: withPolicy(nothing, 'no-referrer'),
  customers: withPolicy(own, 'no-referrer'),
  // Forms must say where they come from, and where there is no TLS that is all that tells them from a stranger's.
  pages: withPolicy({ ...own, frameSrc: ["'self'"] }, 'same-origin'),
  // A message as somebody wrote it: walled off wherever it is opened. Mail keeps its style inside its elements.
  messages: withPolicy(
    { ...nothing, sandbox: [], styleSrc: ["'unsafe-inline'"], imgSrc: ['data:'], frameAncestors: ["'self'"] },
    'no-referrer',
  ),
};

const messagePath = /\/b\/[^/]+\/mailbox\/[^/]+\/html$/;

function policyOf(path: string): keyof typeof policies {
  if (path.startsWith('/u/')) return 'customers';
  if (messagePath.test(path)) return 'messages';
  return /^\/(?:api|hooks|healthz|readyz|metrics)(?:\/|$)/.test(path) ? 'programs' : 'pages';
}

/** Every answer: what it may do, and that nobody keeps a copy. */
export function addHeaders(app: Hono): void {
  app.use(async (context, next) => {
    await policies[policyOf(context.req.path)](context, next);
    context.header('Cache-Control', 'no-store');
  });
}
