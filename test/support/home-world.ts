// A business in memory, with somebody in every state the pages can show. It keeps what actions do, so that pages can be tried on it.
import type {
  BusinessSummary,
  CampaignSummary,
  HomePort,
  JobForm,
  JobResult,
  MailboxMessageView,
  PersonSummary,
  Timeline,
  TimelineMoment,
  TouchResults,
} from '../../src/engine/home.ts';
import { TouchlineError } from '../../src/errors.ts';

/** A Tuesday morning in New York, an hour earlier in Chicago. */
export const now = new Date('2026-03-03T14:30:00Z');
export const hours = (count: number): Date => new Date(now.getTime() + count * 3_600_000);

export const ids = {
  business: '01980000-0000-7000-8000-00000000000b',
  otherBusiness: '01980000-0000-7000-8000-00000000000c',
  campaign: '01980000-0000-7000-8000-0000000000c1',
  pausedCampaign: '01980000-0000-7000-8000-0000000000c2',
  draft: '01980000-0000-7000-8000-0000000000c3',
  ann: '01980000-0000-7000-8000-0000000000e1',
  bob: '01980000-0000-7000-8000-0000000000e2',
  cam: '01980000-0000-7000-8000-0000000000e3',
  mail: '01980000-0000-7000-8000-0000000000f1.1',
  text: '01980000-0000-7000-8000-0000000000f2.1',
} as const;

/** What somebody typed who means harm; it must reach the page as words. */
const hostile = `<img src=x onerror="document.title='owned'"> & "Bob's" <b>`;

function campaign(changes: Partial<CampaignSummary> & Pick<CampaignSummary, 'id' | 'name'>): CampaignSummary {
  return {
    serviceType: 'plumbing',
    status: 'active',
    touches: 4,
    active: 0,
    completed: 0,
    stopped: 0,
    parked: 0,
    sent: 0,
    nextDueAt: null,
    pausedAt: null,
    ...changes,
  };
}

function moment(changes: Partial<TimelineMoment> & Pick<TimelineMoment, 'at' | 'kind'>): TimelineMoment {
  return {
    touchNumber: null,
    channel: null,
    reason: null,
    detail: null,
    isAhead: false,
    mailboxId: null,
    ...changes,
  };
}

const email = (touchNumber: number) => ({ touchNumber, channel: 'email' as const });
const sms = (touchNumber: number) => ({ touchNumber, channel: 'sms' as const });

const annsWay: TimelineMoment[] = [
  moment({ at: hours(-52), kind: 'job_completed' }),
  moment({ at: hours(-51), kind: 'enrolled' }),
  moment({ at: hours(-28), kind: 'deferred', ...email(1), reason: 'quiet_hours' }),
  moment({ at: hours(-26), kind: 'sent', ...email(1), mailboxId: ids.mail }),
  moment({ at: hours(23.5), kind: 'deferred', ...sms(2), reason: 'quiet_hours', isAhead: true }),
  moment({ at: hours(120), kind: 'planned', ...email(3), isAhead: true }),
  moment({ at: hours(290), kind: 'planned', ...sms(4), isAhead: true }),
];

const everyKind: TimelineMoment[] = [
  moment({ at: hours(-400), kind: 'job_completed' }),
  moment({ at: hours(-400), kind: 'enrolled' }),
  moment({ at: hours(-376), kind: 'presumed_sent', ...email(1) }),
  moment({ at: hours(-300), kind: 'unknown', ...sms(2), detail: 'The provider did not answer.' }),
  moment({ at: hours(-290), kind: 'held', ...sms(2) }),
  moment({ at: hours(-280), kind: 'failed', ...sms(2), reason: 'rejected', detail: '550 5.1.1 no such user' }),
  moment({ at: hours(-200), kind: 'skipped', ...sms(2), reason: 'no_consent' }),
  moment({ at: hours(-120), kind: 'sending', ...email(3) }),
  moment({ at: hours(-119), kind: 'sent', ...email(3), mailboxId: ids.text }),
  moment({ at: hours(-118), kind: 'opted_out', channel: 'sms' }),
  moment({ at: hours(-117), kind: 'replied', channel: 'email' }),
  moment({ at: hours(-116), kind: 'reviewed' }),
  moment({ at: hours(-116), kind: 'stopped', reason: 'review_clicked' }),
  moment({ at: hours(-116), kind: 'cancelled', ...sms(4) }),
  moment({ at: hours(-100), kind: 'completed' }),
];

const bobsWay: TimelineMoment[] = [
  moment({ at: hours(-30), kind: 'job_completed' }),
  moment({ at: hours(-30), kind: 'enrolled' }),
  moment({ at: hours(-2), kind: 'parked', ...email(1), reason: 'campaign_paused', isAhead: true }),
];

function timeline(changes: Partial<Timeline> & Pick<Timeline, 'enrollmentId' | 'customer' | 'moments'>): Timeline {
  return {
    campaignId: ids.campaign,
    campaignName: 'Gentle',
    job: { id: ids.ann, externalId: 'INV-2041', serviceType: 'plumbing', completedAt: hours(-52) },
    status: 'active',
    stopReason: null,
    timeZone: 'America/Chicago',
    timeZoneSource: 'area_code',
    ...changes,
  };
}

function timelines(): Timeline[] {
  return [
    timeline({
      enrollmentId: ids.ann,
      customer: { id: ids.ann, name: 'Ann Lee', email: 'ann@example.com', phone: '+13125550142' },
      moments: annsWay,
    }),
    timeline({
      enrollmentId: ids.bob,
      customer: { id: ids.bob, name: hostile, email: null, phone: null },
      timeZone: 'America/New_York',
      timeZoneSource: 'business',
      moments: bobsWay,
    }),
    timeline({
      enrollmentId: ids.cam,
      customer: { id: ids.cam, name: 'Cameron Featherstonehaugh-Villanueva', email: 'cam@example.com', phone: null },
      status: 'stopped',
      stopReason: 'review_clicked',
      timeZone: 'Asia/Kolkata',
      timeZoneSource: 'explicit',
      moments: everyKind,
    }),
  ];
}

function personOf({ enrollmentId, customer, status, stopReason, moments }: Timeline): PersonSummary {
  const isParked = moments.some(({ kind }) => kind === 'parked');
  const states = enrollmentId === ids.cam ? (['sent', 'skipped', 'failed', 'cancelled'] as const) : undefined;
  return {
    enrollmentId,
    customerId: customer.id,
    name: customer.name,
    status,
    stopReason,
    currentTouch: 2,
    touches: [1, 2, 3, 4].map((number) => ({
      number,
      channel: number % 2 === 0 ? 'sms' : 'email',
      status: states?.[number - 1] ?? (number === 1 && !isParked ? 'sent' : 'pending'),
    })),
    enrolledAt: hours(-51),
    nextDueAt: status === 'active' && !isParked ? hours(23.5) : null,
    blockedBy: isParked ? 'campaign_paused' : null,
  };
}

/** An email whose sender tries everything a mail may hold. */
const hostileHtml = `<!doctype html><html lang="en"><head><title>Hello</title></head><body style="margin:0;background:#fffdf5">
<p style="color:#225522;font:16px sans-serif" onclick="top.location='https://evil.example'">Hello Ann, thank you for having us.</p>
<script>top.document.title = 'owned'; document.body.append('script ran');</script>
<img src="https://tracker.example/pixel.png" alt="" onerror="document.body.append('handler ran')">
<form action="https://evil.example"><button>Send</button></form></body></html>`;

const messages: MailboxMessageView[] = [
  {
    id: ids.text,
    channel: 'sms',
    recipient: '+13125550142',
    subject: null,
    preview: 'Hi Ann, thanks again for having us over. Would you leave us a short review?',
    acceptedAt: hours(-3),
    enrollmentId: ids.ann,
    fromName: "Ann's Plumbing",
    text: 'Hi Ann, thanks again for having us over 🙂 Would you leave us a short review? https://g.page/r/anns-plumbing/review Reply STOP to end.',
    html: null,
  },
  {
    id: ids.mail,
    channel: 'email',
    recipient: 'ann@example.com',
    subject: 'Thank you, Ann',
    preview: 'Hello Ann, thank you for having us. If something is not right, answer this mail.',
    acceptedAt: hours(-26),
    enrollmentId: ids.ann,
    fromName: "Ann's Plumbing",
    text: 'Hello Ann, thank you for having us.\n\nIf something is not right, answer this mail.',
    html: hostileHtml,
  },
];

export interface HomeWorld {
  port: HomePort;
  jobs: JobForm[];
  campaigns: CampaignSummary[];
  timelines: Timeline[];
  /** What completing a job answers. */
  answer: JobResult;
}

function mine(businessId: string): void {
  if (businessId !== ids.business) throw new TouchlineError('TL201');
}

const campaigns = (): CampaignSummary[] => [
  campaign({
    id: ids.campaign,
    name: 'Gentle',
    active: 112,
    parked: 3,
    completed: 1431,
    stopped: 287,
    sent: 4210,
    nextDueAt: hours(1.75),
  }),
  campaign({
    id: ids.pausedCampaign,
    name: 'Roof check',
    serviceType: null,
    status: 'paused',
    touches: 2,
    active: 9,
    parked: 9,
    pausedAt: hours(-30),
  }),
  campaign({ id: ids.draft, name: 'Winter service', serviceType: 'hvac', status: 'draft', touches: 1 }),
];

const results: TouchResults[] = [
  {
    ...{
      number: 1,
      channel: 'email',
      sent: 1204,
      delivered: 1180,
      opened: 640,
      clicked: 212,
      bounced: 9,
      complained: 0,
    },
    ...{ failed: 3, skipped: 41 },
  },
  {
    ...{ number: 2, channel: 'sms', sent: 388, delivered: 380, opened: 0, clicked: 0, bounced: 0, complained: 0 },
    ...{ failed: 0, skipped: 702 },
  },
];

type Keeping = Omit<HomeWorld, 'port'>;

function portOf(world: Keeping, summaries: BusinessSummary[]): HomePort {
  const find = (id: string): CampaignSummary => {
    const found = world.campaigns.find((each) => each.id === id);
    if (found === undefined) throw new TouchlineError('TL201');
    return found;
  };
  return {
    businesses: () => Promise.resolve(summaries),
    campaigns: (businessId) => Promise.resolve(mine(businessId)).then(() => world.campaigns),
    results: async (businessId, campaignId) => {
      mine(businessId);
      return campaignId === ids.campaign ? results : [];
    },
    people: async (businessId, campaignId, { status, cursor }) => {
      mine(businessId);
      if (campaignId !== ids.campaign) return { rows: [], nextCursor: null };
      const rows = world.timelines.map(personOf).filter((person) => status === null || person.status === status);
      return cursor === null
        ? { rows: rows.slice(0, 2), nextCursor: rows.length > 2 ? 'after two' : null }
        : { rows: rows.slice(2), nextCursor: null };
    },
    timeline: async (businessId, id) => {
      mine(businessId);
      return world.timelines.find(({ enrollmentId }) => enrollmentId === id);
    },
    mailbox: async (businessId, { cursor }) => {
      mine(businessId);
      return cursor === null
        ? { rows: messages.slice(0, 1), nextCursor: 'next' }
        : { rows: messages.slice(1), nextCursor: null };
    },
    mailboxMessage: async (businessId, id) => {
      mine(businessId);
      return messages.find((message) => message.id === id);
    },
    completeJob: async (businessId, job) => {
      mine(businessId);
      world.jobs.push(job);
      return world.answer;
    },
    pause: async (_businessId, id) => void Object.assign(find(id), { status: 'paused', pausedAt: now }),
    resume: async (_businessId, id) => void Object.assign(find(id), { status: 'active', pausedAt: null }),
    stop: async (_businessId, id) => {
      const found = world.timelines.find(({ enrollmentId }) => enrollmentId === id);
      if (found === undefined || found.status !== 'active') return false;
      const past = found.moments.filter(({ isAhead }) => !isAhead);
      found.moments = [...past, moment({ at: now, kind: 'stopped', reason: 'owner_stopped' })];
      Object.assign(found, { status: 'stopped', stopReason: 'owner_stopped' });
      return true;
    },
  };
}

const businessesThere: BusinessSummary[] = [
  {
    id: ids.business,
    name: "Ann's Plumbing",
    timeZone: 'America/New_York',
    country: 'US',
    status: 'active',
  },
  {
    id: ids.otherBusiness,
    name: 'Bright Roofs',
    timeZone: 'America/Denver',
    country: 'US',
    status: 'suspended',
  },
];

/** @param count how many businesses: none, one or two */
export function homeWorld(count = 1): HomeWorld {
  const world: Keeping = {
    jobs: [],
    timelines: timelines(),
    answer: { decision: 'enrolled', reason: null, enrollmentId: ids.ann },
    campaigns: campaigns(),
  };
  return Object.assign(world, { port: portOf(world, businessesThere.slice(0, count)) });
}
