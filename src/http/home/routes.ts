// The addresses of the pages, under the base of one database. Reading is GET; every change is a POST that leads back with a line about
// what it did.
import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { problemOf } from '../../errors.ts';
import { enrollmentStatuses } from '../../generated/rows.ts';
import { campaignsPage } from './campaigns-page.ts';
import { emptyJob, readJob, typedJob } from './job-form.ts';
import { jobPage } from './job-page.ts';
import { mailboxPage, messagePage } from './mailbox-page.ts';
import { peoplePage } from './people-page.ts';
import type { CampaignSummary, JobResult, Timeline } from './port.ts';
import { type SaidName, say } from './said.ts';
import { stopPage, timelinePage } from './timeline-page.ts';
import { type BusinessVisit, businessOf, NothingThere, type PagesContext, type PagesEnv, rootOf } from './visit.ts';

function found<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new NothingThere(what);
  return thing;
}

async function campaignOf({ port, business }: BusinessVisit, context: PagesContext): Promise<CampaignSummary> {
  const campaigns = await port.campaigns(business.id);
  return found(
    campaigns.find(({ id }) => id === context.req.param('campaign')),
    'campaign',
  );
}

async function timelineOf({ port, business }: BusinessVisit, context: PagesContext): Promise<Timeline> {
  return found(await port.timeline(business.id, context.req.param('enrollment') ?? ''), 'enrollment');
}

async function people(context: PagesContext): Promise<Response> {
  const visit = businessOf(context);
  const campaign = await campaignOf(visit, context);
  const status = enrollmentStatuses.find((value) => value === context.req.query('status')) ?? null;
  const cursor = context.req.query('cursor') ?? null;
  const page = await visit.port.people(visit.business.id, campaign.id, { status, cursor });
  const results = await visit.port.results(visit.business.id, campaign.id);
  return context.html(peoplePage(visit, { campaign, results, status, page, isFirstPage: cursor === null }));
}

async function mailbox(context: PagesContext): Promise<Response> {
  const visit = businessOf(context);
  const cursor = context.req.query('cursor') ?? null;
  return context.html(mailboxPage(visit, await visit.port.mailbox(visit.business.id, { cursor }), cursor === null));
}

function saidOf({ decision, reason }: JobResult): SaidName {
  if (decision === null) return 'job_undecided';
  return decision === 'refused' ? `job_refused_${reason ?? 'none_chosen'}` : `job_${decision}`;
}

async function completeJob(context: PagesContext): Promise<Response> {
  const visit = businessOf(context);
  const typed = typedJob(await context.req.parseBody());
  const answer = readJob(typed, visit.business, visit.now);
  if ('wrong' in answer) return context.html(jobPage(visit, { typed, wrong: answer.wrong }), 422);
  try {
    const result = await visit.port.completeJob(visit.business.id, answer.job);
    say(context, saidOf(result));
    const { enrollmentId } = result;
    return context.redirect(`${rootOf(visit)}${enrollmentId === null ? '' : `/people/${enrollmentId}`}`, 303);
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status !== 422) throw error;
    return context.html(jobPage(visit, { typed, wrong: {}, refused: problem }), 422);
  }
}

async function move(context: PagesContext, verb: 'pause' | 'resume'): Promise<Response> {
  const visit = businessOf(context);
  const { id } = await campaignOf(visit, context);
  await visit.port[verb](visit.business.id, id);
  say(context, verb === 'pause' ? 'paused' : 'resumed');
  return context.redirect(`${rootOf(visit)}/campaigns/${id}`, 303);
}

async function stop(context: PagesContext): Promise<Response> {
  const visit = businessOf(context);
  const { enrollmentId } = await timelineOf(visit, context);
  const isStopped = await visit.port.stop(visit.business.id, enrollmentId);
  say(context, isStopped ? 'stopped' : 'over_already');
  return context.redirect(`${rootOf(visit)}/people/${enrollmentId}`, 303);
}

/** Adds the pages of a business. Whoever gets here is signed in, or in the demo. */
export function addBusinessPages(app: Hono<PagesEnv>, base: string): void {
  const at = `${base}/b/:business`;
  app.get(at, async (context) => {
    const visit = businessOf(context);
    return context.html(campaignsPage(visit, await visit.port.campaigns(visit.business.id)));
  });
  app.get(`${at}/campaigns/:campaign`, people);
  app.post(`${at}/campaigns/:campaign/pause`, (context) => move(context, 'pause'));
  app.post(`${at}/campaigns/:campaign/resume`, (context) => move(context, 'resume'));
  app.get(`${at}/people/:enrollment`, async (context) => {
    const visit = businessOf(context);
    return context.html(timelinePage(visit, await timelineOf(visit, context)));
  });
  app.get(`${at}/people/:enrollment/stop`, async (context) => {
    const visit = businessOf(context);
    return context.html(stopPage(visit, await timelineOf(visit, context)));
  });
  app.post(`${at}/people/:enrollment/stop`, stop);
  app.get(`${at}/mailbox`, mailbox);
  app.get(`${at}/mailbox/:message`, async (context) => {
    const visit = businessOf(context);
    const id = context.req.param('message');
    return context.html(messagePage(visit, found(await visit.port.mailboxMessage(visit.business.id, id), 'message')));
  });
  app.get(`${at}/mailbox/:message/html`, async (context) => {
    const { port, business } = businessOf(context);
    const message = await port.mailboxMessage(business.id, context.req.param('message'));
    return context.html(found(message?.html ?? undefined, 'message'));
  });
  app.get(`${at}/jobs/new`, (context) =>
    context.html(jobPage(businessOf(context), { typed: emptyJob(`page-${randomUUID()}`), wrong: {} })),
  );
  app.post(`${at}/jobs`, completeJob);
}
