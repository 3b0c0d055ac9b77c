// `GET /metrics`, for whoever watches over the server. This machine may read it; everybody else needs the key of the environment, as
// numbers and ids of businesses are nobody's business.
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { addHeaders } from './headers.ts';
import { isLocal } from './home/guard.ts';

export interface MetricsPort {
  /** What opens them from elsewhere; undefined: nothing does. */
  token: string | undefined;
  text(): Promise<{ contentType: string; body: string }>;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compared by hashes: equally long, so that the time it takes tells nothing of the key. */
function isKey(context: Context, token: string): boolean {
  const [, given] = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '') ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

const refusal =
  'Metrics are shown to this machine, and elsewhere to whoever sends TOUCHLINE_METRICS_TOKEN as a bearer token.\n';

/** Adds `/metrics`. */
export function addMetrics(app: Hono, { token, text }: MetricsPort): void {
  app.get('/metrics', async (context) => {
    const mayRead = isLocal(context) || (token !== undefined && isKey(context, token));
    if (!mayRead) return context.text(refusal, 401, { 'WWW-Authenticate': 'Bearer realm="metrics"' });
    const { contentType, body } = await text();
    return context.body(body, 200, { 'Content-Type': contentType });
  });
}

/** For a process that answers nothing else. */
export function metricsApp(port: MetricsPort): Hono {
  const app = new Hono();
  addHeaders(app);
  addMetrics(app, port);
  return app;
}
