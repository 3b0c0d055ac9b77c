// The API under /api/v1: JSON in and out, one key per program, and a problem (RFC 9457) where something is wrong.
import { Hono } from 'hono';
import { RequestRefused } from '../../errors/request.ts';
import { problemOf } from '../../errors.ts';
import { getEnrollment } from './enrollments.ts';
import { jobsPath, postJob } from './jobs.ts';
import { getMailbox } from './mailbox.ts';
import type { ApiPort } from './port.ts';
import { problemAnswer } from './problem.ts';
import { type ApiEnv, authenticate } from './who.ts';

function refuseMethod(allow: string): () => never {
  return () => {
    throw new RequestRefused('method_not_allowed', { why: `It takes ${allow}.` }, { headers: { Allow: allow } });
  };
}

/** Adds `/api/v1/…`. */
export function addApi(app: Hono, port: ApiPort): void {
  const api = new Hono<ApiEnv>();
  api.use('/api/v1/*', authenticate(port));
  api.post(jobsPath, postJob(port)).all(jobsPath, refuseMethod('POST'));
  api.get('/api/v1/enrollments/:id', getEnrollment(port)).all('/api/v1/enrollments/:id', refuseMethod('GET, HEAD'));
  api.get('/api/v1/mailbox', getMailbox(port)).all('/api/v1/mailbox', refuseMethod('GET, HEAD'));
  api.all('/api/v1/*', () => {
    throw new RequestRefused('route_not_found');
  });
  api.onError((error, context) => {
    if (!(error instanceof RequestRefused) && problemOf(error).status >= 500) port.tell?.(error);
    return problemAnswer(context, error);
  });
  app.route('/', api);
}
