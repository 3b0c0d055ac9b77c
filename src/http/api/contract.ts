// Every shape that goes in or out of the API, in one place. Names are those of SQL, moments are RFC 3339 in UTC. What a value may be
// beyond its type, like the length of a name, is a rule of the tables and is answered from there.
import { z } from 'zod';
import {
  channels,
  consentForms,
  consentMethods,
  customerStatuses,
  enrollmentStatuses,
  jobDecisionReasons,
  jobDecisions,
  serviceTypes,
  stopReasons,
  timeZoneSources,
  touchStatuses,
} from '../../generated/rows.ts';

// Postgres keeps neither NUL nor half of a surrogate pair.
const unstorable = /[\0\p{Surrogate}]/u;
const text = z.string().refine((value) => !unstorable.test(value), 'It holds a character that cannot be kept.');
const id = text.regex(
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  'It must be an id, like 01a2119b-e55a-762f-8de6-772051a6ef38.',
);
const moment = z.iso.datetime({
  offset: true,
  error: (issue) =>
    issue.code === 'invalid_format' ? 'It must be a moment with its zone, like 2026-03-01T12:00:00Z.' : undefined,
});

const consentRequest = z.strictObject({
  status: z.enum(['opted_in', 'opted_out']),
  method: z.enum(consentMethods).optional(),
  consent_form: z.enum(consentForms).optional(),
  text_shown: text.optional(),
  notes: text.optional(),
  ip: z.union([z.ipv4(), z.ipv6()], 'It must be an IP address, like 192.0.2.1.').optional(),
  occurred_at: moment.optional(),
});

const customerRequest = z.strictObject({
  id: id.optional(),
  external_id: text.optional(),
  first_name: text.nullish(),
  last_name: text.nullish(),
  email: text.nullish(),
  phone: text.nullish(),
  country: text.nullish(),
  state: text.nullish(),
  time_zone: text.nullish(),
  time_zone_source: z.enum(timeZoneSources).nullish(),
  tags: z.array(text).optional(),
  sms_consent: consentRequest.nullish(),
});

/** Body of `POST /api/v1/jobs`. */
export const jobRequest = z
  .strictObject({
    external_id: text,
    service_type: z.enum(serviceTypes).optional(),
    title: text.nullish(),
    notes: text.nullish(),
    completed_at: moment.optional(),
    campaign_id: id.nullish(),
    do_not_send: z.boolean().optional(),
    customer: customerRequest.optional(),
  })
  .refine(({ campaign_id, do_not_send }) => do_not_send !== true || typeof campaign_id !== 'string', {
    message: 'A campaign is chosen or nothing is sent: give one of campaign_id and do_not_send.',
    path: ['do_not_send'],
  });

/** The fields of the object at a place of the request, by its JSON pointer. */
export const requestFields: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(jobRequest.shape),
  '/customer': Object.keys(customerRequest.shape),
  '/customer/sms_consent': Object.keys(consentRequest.shape),
};

/** A moment of Postgres as RFC 3339 in UTC. */
const utc = z.string().transform((value) => new Date(value).toISOString());
const shownUtc = z.union([utc, z.date().transform((value) => value.toISOString())]);

const touchAnswer = z
  .object({
    touch_number: z.int(),
    channel: z.enum(channels),
    status: z.enum(touchStatuses),
    scheduled_at: utc.nullable().default(null),
    due_at: utc.nullable().default(null),
    sent_at: utc.nullable().default(null),
    /** What would skip it as things stand, or did. */
    obstacle: z.string().nullable().default(null),
    skip_reason: z.string().optional(),
  })
  .transform(({ skip_reason, obstacle, ...touch }) => ({ ...touch, obstacle: skip_reason ?? obstacle }));

/** Answer of `POST /api/v1/jobs`. */
export const jobAnswer = z.object({
  job_id: z.string(),
  customer_id: z.string(),
  /** Null: not decided yet, the worker does it. */
  decision: z.enum(jobDecisions).nullable(),
  reason: z.enum(jobDecisionReasons).nullable(),
  decide_after: utc.nullable().default(null),
  campaign_id: z.string().nullable(),
  enrollment_id: z.string().nullable(),
  touches: z.array(touchAnswer),
  links: z.object({ enrollment: z.string().nullable(), mailbox: z.string() }).optional(),
});

/** A moment of somebody's way, past or planned. */
const timelineAnswer = z.object({
  at: shownUtc,
  kind: z.string(),
  touch_number: z.int().nullable(),
  channel: z.enum(channels).nullable(),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  /** Whether it has not happened yet. */
  is_ahead: z.boolean(),
  /** The message, where the built-in mailbox keeps it. */
  mailbox_id: z.string().nullable(),
});

/** Answer of `GET /api/v1/enrollments/{id}`. */
export const enrollmentAnswer = z.object({
  id: z.string(),
  status: z.enum(enrollmentStatuses),
  stop_reason: z.enum(stopReasons).nullable(),
  enrolled_at: utc,
  stopped_at: utc.nullable(),
  completed_at: utc.nullable(),
  current_touch: z.int(),
  /** Why the current touch waits for something other than time. */
  blocked_by: z.string().nullable(),
  campaign: z.object({ id: z.string(), name: z.string(), version: z.int() }),
  job: z.object({
    id: z.string(),
    external_id: z.string().nullable(),
    service_type: z.enum(serviceTypes),
    completed_at: utc.nullable(),
  }),
  customer: z.object({
    id: z.string(),
    external_id: z.string().nullable(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    time_zone: z.string().nullable(),
    sms_consent_status: z.string(),
    status: z.enum(customerStatuses),
  }),
  touches: z.array(touchAnswer),
  timeline: z.array(timelineAnswer),
});

/** Query of `GET /api/v1/mailbox`. */
export const mailboxQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^(?:[1-9]\d?|100)$/, 'It must be a whole number from 1 to 100.')
    .optional(),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,200}$/, 'It must be the next_cursor of an earlier page.')
    .optional(),
});

/** A row of the answer of `GET /api/v1/mailbox`. */
export const mailboxAnswer = z.object({
  id: z.string(),
  channel: z.enum(channels),
  recipient: z.string(),
  from_name: z.string().nullable(),
  subject: z.string().nullable(),
  text: z.string(),
  accepted_at: shownUtc,
  enrollment_id: z.string().nullable(),
  touch_number: z.int().nullable(),
});
