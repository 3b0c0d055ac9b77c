// The home page's port on a database: every call is one transaction in the name of who is signed in.
import type pg from 'pg';
import { readEmail, readPhone } from '../domain/import/address.ts';
import { derivedId, splitName } from '../domain/import/person.ts';
import { Refusal } from '../domain/import/refusal.ts';
import type { HomePort, JobForm, JobResult } from '../engine/home.ts';
import { type ErrorCode, errorTable, problemOf, TouchlineError } from '../errors.ts';
import { pauseCampaign, resumeCampaign } from './call/campaigns.ts';
import { stopEnrollment } from './call/enrollments.ts';
import { type CustomerFields, completeJob } from './call/jobs.ts';
import { type Identity, withRole } from './client.ts';
import { myBusinesses, requireMine } from './read/home/businesses.ts';
import { homeCampaigns } from './read/home/campaigns.ts';
import { homeMailbox, homeMessage } from './read/home/mailbox.ts';
import { isId } from './read/home/page.ts';
import { homePeople } from './read/home/people.ts';
import { homeResults } from './read/home/results.ts';
import { homeTimeline } from './read/home/timeline.ts';

/** Who is signed in. */
type Person = Extract<Identity, { role: 'authenticated' }>;

/** An error of the database's own functions as an error of ours; any other as it is. */
function asOurs(error: unknown): unknown {
  if (error instanceof TouchlineError || !(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  if (!Object.hasOwn(errorTable, code)) return error;
  const { what, why, fix } = problemOf(error);
  return new TouchlineError(code as ErrorCode, { what, why, fix, cause: error });
}

/** What people typed, read as an import reads it. */
function typed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new TouchlineError('TL402', {
      what: error.message,
      why: 'Nothing was changed.',
      fix: error.fix,
      cause: error,
    });
  }
}

const smsConsent = { status: 'opted_in', source: 'dashboard', consent_form: 'written' } as const;

// The form knows no id of a customer. A job that is known says whose it is; else the same person is the one of the same name and
// address, as for an import without ids.
const around = `
  select b.country, (
    select j.customer_id from touchline.jobs j where j.business_id = b.id and j.external_id = $2) as customer_id
  from touchline.businesses b
  where b.id = $1`;

async function customerOf(client: pg.ClientBase, businessId: string, form: JobForm): Promise<CustomerFields> {
  type Around = { country: string | null; customer_id: string | null };
  const { rows } = await client.query<Around>(around, [businessId, form.externalId.trim()]);
  const { name, smsConsent: mayText, ...given } = form.customer;
  const person = splitName(name);
  const email = typed(() => readEmail(given.email ?? ''));
  const phone = typed(() => readPhone(given.phone ?? '', rows[0]?.country ?? 'US'));
  const known = rows[0]?.customer_id ?? null;
  return {
    ...(known === null ? { external_id: derivedId(person, email, phone) } : { id: known }),
    ...person,
    ...(email === null ? {} : { email }),
    ...(phone === null ? {} : { phone }),
    ...(mayText && phone !== null ? { sms_consent: smsConsent } : {}),
  };
}

async function complete(
  client: pg.ClientBase,
  businessId: string,
  form: JobForm,
  now: Date | null,
): Promise<JobResult> {
  await requireMine(client, businessId);
  const job = {
    external_id: form.externalId,
    service_type: form.serviceType,
    ...(form.completedAt === null ? {} : { completed_at: form.completedAt.toISOString() }),
  };
  const answer = await completeJob(client, businessId, job, await customerOf(client, businessId, form), now);
  return {
    decision: answer.decision as JobResult['decision'],
    reason: answer.reason as JobResult['reason'],
    enrollmentId: answer.enrollment_id,
  };
}

/** Refuses what cannot be an id before the server does, in the words for an id that names nothing. */
function named(id: string, what: string): string {
  if (isId(id)) return id;
  const why = 'It does not exist, or belongs to another business.';
  throw new TouchlineError('TL201', { what: `There is no such ${what}.`, why, fix: `Check the id of the ${what}.` });
}

/**
 * The port of one person.
 * @param pool connections of whoever may become `authenticated`
 * @param now the moment, for a database with a clock of its own; null: the server's
 */
export function homePort(pool: pg.Pool, identity: Person, now: () => Date | null = () => null): HomePort {
  const call = <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
    withRole(pool, identity, work).catch((error: unknown) => {
      throw asOurs(error);
    });
  return {
    businesses: () => call(myBusinesses),
    campaigns: (businessId) => call((client) => homeCampaigns(client, businessId)),
    results: (businessId, campaignId) => call((client) => homeResults(client, businessId, campaignId, now())),
    people: (businessId, campaignId, options) => call((client) => homePeople(client, businessId, campaignId, options)),
    timeline: (businessId, id) => call((client) => homeTimeline(client, businessId, id, now())),
    mailbox: (businessId, options) => call((client) => homeMailbox(client, businessId, options)),
    mailboxMessage: (businessId, id) => call((client) => homeMessage(client, businessId, id)),
    completeJob: (businessId, form) => call((client) => complete(client, businessId, form, now())),
    pause: (businessId, id) =>
      call(async (client) => {
        await requireMine(client, businessId);
        await pauseCampaign(client, businessId, named(id, 'campaign'), null, now());
      }),
    resume: (businessId, id) =>
      call(async (client) => {
        await requireMine(client, businessId);
        await resumeCampaign(client, businessId, named(id, 'campaign'), now());
      }),
    stop: (businessId, id) =>
      call(async (client) => {
        await requireMine(client, businessId);
        return stopEnrollment(client, businessId, named(id, 'enrollment'), 'owner_stopped', now());
      }),
  };
}
