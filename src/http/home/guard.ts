// Who may talk to the pages at all: browsers that were sent to this server by its own name, and forms that stand on its own pages.
import type { Context } from 'hono';

/** Where people reach the pages. Requests to other names are refused, as another site could have pointed its name at us. */
export interface PagesAddress {
  /** What the server listens on. */
  host: string;
  publicUrl: string | undefined;
}

const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** As a URL writes it: an IPv6 address in brackets. */
const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host).toLowerCase();

const publicOf = ({ publicUrl }: PagesAddress): URL | undefined =>
  publicUrl !== undefined && URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;

/** Whether the request names this server. Ports are not compared: a name that leads elsewhere is what gives a stranger away. */
export function isOurName(url: string, address: PagesAddress): boolean {
  const { hostname } = new URL(url);
  return [...loopback, inUrl(address.host), publicOf(address)?.hostname].includes(hostname);
}

const ofProxies = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/** Whether the request comes from this machine, by its name and not through a proxy. */
export function isLocal(context: Context): boolean {
  const env = context.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined;
  const peer = env?.incoming?.socket?.remoteAddress;
  const isNear = peer === undefined || /^(?:::ffff:)?127\.|^::1$/.test(peer);
  const isForwarded = ofProxies.some((name) => context.req.header(name) !== undefined);
  return isNear && !isForwarded && loopback.includes(new URL(context.req.url).hostname);
}

/** Whether a form was sent from a page of ours. Every browser says one or the other; whoever says neither is no browser. */
export function isOwnForm(context: Context, address: PagesAddress): boolean {
  const site = context.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = context.req.header('origin');
  if (origin === undefined || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  return from.host === new URL(context.req.url).host || from.origin === publicOf(address)?.origin;
}
