// POST /api/v1/jobs: a job is done. The same external_id again answers the same; the same Idempotency-Key again answers the very same.
import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { z } from 'zod';
import { RequestRefused } from '../../errors/request.ts';
import { readJson } from './body.ts';
import { checkBody } from './check.ts';
import { jobAnswer, jobRequest } from './contract.ts';
import type { Answer, ApiPort, CompletedJob, JobRequest, Once } from './port.ts';
import { type ApiEnv, businessFor } from './who.ts';

type Asked = z.output<typeof jobRequest>;

export const jobsPath = '/api/v1/jobs';

function choiceOf({ campaign_id, do_not_send }: Asked): Record<string, unknown> {
  if (typeof campaign_id === 'string') return { chosen_campaign_id: campaign_id };
  if (do_not_send === true) return { campaign_choice: 'none' };
  return do_not_send === false || campaign_id === null ? { campaign_choice: 'automatic' } : {};
}

function requestOf(asked: Asked): JobRequest {
  const { campaign_id: _campaign, do_not_send: _silence, customer, ...job } = asked;
  const { sms_consent: consent, ...person } = customer ?? {};
  const consenting = consent === undefined || consent === null ? {} : { sms_consent: { source: 'api', ...consent } };
  return {
    job: { ...job, ...choiceOf(asked), source: 'api' },
    customer: customer === undefined ? null : { ...person, ...consenting },
  };
}

function shape({ answer, isNew }: CompletedJob): Answer {
  const found = jobAnswer.parse(answer);
  const enrollment = found.enrollment_id === null ? null : `/api/v1/enrollments/${found.enrollment_id}`;
  return { status: isNew ? 201 : 200, body: { ...found, links: { enrollment, mailbox: '/api/v1/mailbox' } } };
}

// A structured-field string of the draft, or its bare content, as most programs send it.
function keyIn(header: string): string {
  const [, quoted, bare] = /^(?:"((?:[ !#-[\]-~]|\\["\\])*)"|([!#-~][!-~]*))$/.exec(header.trim()) ?? [];
  const key = quoted?.replaceAll(/\\(["\\])/g, '$1') ?? bare ?? '';
  if (key.length >= 1 && key.length <= 255) return key;
  throw new RequestRefused('malformed_header', { what: 'The header Idempotency-Key cannot be read.' });
}

function onceOf(header: string | undefined, asked: Asked): Once | null {
  if (header === undefined) return null;
  const bodyHash = createHash('sha256').update(JSON.stringify(asked)).digest();
  return { route: `POST ${jobsPath}`, key: keyIn(header), bodyHash };
}

export function postJob(port: ApiPort): (context: Context<ApiEnv>) => Promise<Response> {
  return async (context) => {
    const businessId = businessFor(context, 'write');
    const asked = checkBody(jobRequest, await readJson(context.req.raw));
    const once = onceOf(context.req.header('idempotency-key'), asked);
    const { status, body, replayed } = await port.completeJob(businessId, requestOf(asked), shape, once);
    if (replayed) context.header('Idempotent-Replay', 'true');
    // Parsed again, as the names of a stored answer come back in another order.
    return context.json(jobAnswer.parse(body), status as 200);
  };
}
