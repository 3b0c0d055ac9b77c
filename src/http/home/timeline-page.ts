// One person's way through a campaign: every moment by the clock where they live, what was and what is to come clearly apart.
import { html } from 'hono/html';
import { type Icon, icon } from '../icons.ts';
import type { Html } from '../page.ts';
import { backLink, framed, pill } from './frame.ts';
import { clockText, dayText, momentTag, partOfDay, zoneText } from './moment.ts';
import type { Timeline, TimelineMoment } from './port.ts';
import { type BusinessVisit, rootOf } from './visit.ts';
import { channelWords, enrollmentSigns, reasonWords, sentence, serviceWords, type Tone } from './words.ts';

type Kind = TimelineMoment['kind'];

interface Shape {
  icon: Icon;
  tone: Tone;
  /** `{it}` is "Email 2". */
  title: string;
}

const shapes: Readonly<Record<Kind, Shape>> = {
  job_completed: { icon: 'wrench', tone: 'mute', title: 'Job completed' },
  enrolled: { icon: 'flag', tone: 'mute', title: 'Follow-up planned' },
  planned: { icon: 'ring', tone: 'calm', title: '{it} is planned' },
  deferred: { icon: 'clock', tone: 'wait', title: '{it} waits' },
  parked: { icon: 'pause', tone: 'wait', title: '{it} is on hold' },
  sending: { icon: 'plane', tone: 'calm', title: '{it} is on its way' },
  sent: { icon: 'check', tone: 'good', title: '{it} sent' },
  presumed_sent: { icon: 'check', tone: 'good', title: '{it} counts as sent' },
  unknown: { icon: 'question', tone: 'bad', title: 'Nobody knows yet whether {it} arrived' },
  held: { icon: 'hand', tone: 'bad', title: '{it} is held for you to decide' },
  failed: { icon: 'cross', tone: 'bad', title: '{it} failed' },
  skipped: { icon: 'skip', tone: 'mute', title: '{it} skipped' },
  cancelled: { icon: 'skip', tone: 'mute', title: '{it} is not sent any more' },
  opted_out: { icon: 'stop', tone: 'bad', title: 'Said stop' },
  reviewed: { icon: 'star', tone: 'good', title: 'Left a review' },
  replied: { icon: 'reply', tone: 'good', title: 'Answered' },
  stopped: { icon: 'stop', tone: 'mute', title: 'Follow-up stopped' },
  completed: { icon: 'check', tone: 'good', title: 'Follow-up completed' },
};

const zoneSources: Readonly<Record<string, string>> = {
  explicit: 'as it is recorded for them',
  address: 'known from their address',
  area_code: 'known from the area code of their phone',
  business: 'the time of your business, as theirs is not known',
};

function titleOf({ timeZone }: Timeline, { kind, channel, touchNumber, at, isAhead }: TimelineMoment): string {
  const it =
    channel === null ? 'A message' : `${channelWords[channel]}${touchNumber === null ? '' : ` ${touchNumber}`}`;
  if (kind !== 'deferred') return shapes[kind].title.replace('{it}', it);
  return `${it} ${isAhead ? 'waits' : 'waited'} until ${clockText(at, timeZone)}, their ${partOfDay(at, timeZone)}`;
}

function entry(visit: BusinessVisit, timeline: Timeline, moment: TimelineMoment): Html {
  const { kind, at, channel, reason, detail, mailboxId } = moment;
  const { icon: name, tone } = shapes[kind];
  const title = titleOf(timeline, moment);
  const why = reason === null ? undefined : sentence(reasonWords(reason, channel));
  const extra =
    kind === 'job_completed' ? (serviceWords[timeline.job.serviceType] ?? timeline.job.serviceType) : detail;
  return html`<li><span class="dot ${tone}">${icon(kind === 'planned' && channel !== null ? channel : name)}</span><div class="what">${momentTag(at, timeline.timeZone, visit.now)}
<div><h3>${title}</h3>${why === undefined ? '' : html`<p class="why">${why}</p>`}${
    extra === null ? '' : html`<p class="soft small">${extra}</p>`
  }${
    mailboxId === null
      ? ''
      : html`<a href="${rootOf(visit)}/mailbox/${mailboxId}">Read it<span class="unseen">: ${title}</span></a>`
  }</div></div></li>`;
}

function ways(visit: BusinessVisit, timeline: Timeline): Html {
  const [past, ahead] = [false, true].map((isAhead) => timeline.moments.filter((moment) => moment.isAhead === isAhead));
  const list = (moments: TimelineMoment[] = [], kind = ''): Html =>
    html`<ol class="way ${kind}">${moments.map((moment) => entry(visit, timeline, moment))}</ol>`;
  const nothing = html`<p class="soft">Nothing more is sent because of this job.</p>`;
  const today = `It is ${clockText(visit.now, timeline.timeZone)} there now, ${dayText(visit.now, timeline.timeZone)}.`;
  return html`<div class="card pad stack wide">
<section class="stack" aria-labelledby="past"><h2 id="past">What happened</h2>${list(past)}</section>
<section class="stack" aria-labelledby="ahead"><div><h2 id="ahead">What is to come</h2><p class="soft small">${today}</p></div>${
    ahead?.length === 0 ? nothing : list(ahead, 'ahead')
  }</section></div>`;
}

function factsOf(visit: BusinessVisit, timeline: Timeline): Html {
  const { customer, job, timeZone, timeZoneSource } = timeline;
  return html`<section class="card pad stack" aria-labelledby="facts"><h2 id="facts">About this follow-up</h2><dl class="stack">
<div><dt class="soft small">Campaign</dt><dd><a href="${rootOf(visit)}/campaigns/${timeline.campaignId}">${timeline.campaignName}</a></dd></div>
<div><dt class="soft small">Job</dt><dd>${serviceWords[job.serviceType] ?? job.serviceType}${
    job.externalId === null ? '' : html`<br><span class="soft small">${job.externalId}</span>`
  }</dd></div>
<div><dt class="soft small">Email</dt><dd>${customer.email ?? 'none'}</dd></div>
<div><dt class="soft small">Phone</dt><dd>${customer.phone ?? 'none'}</dd></div>
<div><dt class="soft small">Their time</dt><dd>${zoneText(timeZone, visit.now)}<br><span class="soft small">${
    zoneSources[timeZoneSource] ?? timeZoneSource
  }</span></dd></div></dl></section>`;
}

export function timelinePage(visit: BusinessVisit, timeline: Timeline): Html {
  const root = rootOf(visit);
  const { customer, status, stopReason, enrollmentId, timeZone } = timeline;
  const name = customer.name || 'Somebody without a name';
  const stop = html`<a class="button" href="${root}/people/${enrollmentId}/stop">Stop messages</a>`;
  const reason = status === 'stopped' && stopReason !== null ? html`<p>${sentence(reasonWords(stopReason))}</p>` : '';
  const body = html`<div class="head"><div>${backLink(`${root}/campaigns/${timeline.campaignId}`, timeline.campaignName)}
<div class="title"><h1>${name}</h1>${pill(enrollmentSigns[status])}</div>${reason}
<p class="soft">Every time here is ${name}’s: ${zoneText(timeZone, visit.now)}.</p></div>${status === 'active' ? stop : ''}</div>
<div class="two">${ways(visit, timeline)}${factsOf(visit, timeline)}</div>`;
  return framed(visit, name, 'campaigns', body);
}

/** Asks before the follow-up of somebody ends. */
export function stopPage(visit: BusinessVisit, timeline: Timeline): Html {
  const path = `${rootOf(visit)}/people/${timeline.enrollmentId}`;
  const name = timeline.customer.name || 'this person';
  const left = timeline.moments.filter(({ isAhead, touchNumber }) => isAhead && touchNumber !== null);
  const numbers = new Set(left.map(({ touchNumber }) => touchNumber)).size;
  const body = html`<div class="stack aside">${backLink(path, name)}<h1>Stop messages to ${name}?</h1>
<p>${numbers === 1 ? 'One message is still planned and will not be sent.' : `${numbers} messages are still planned and will not be sent.`}
This cannot be undone; a new completed job begins a new follow-up.</p>
<p>A message that is being handed over in this moment may still arrive.</p>
<div class="actions"><form method="post" action="${path}/stop"><button class="grave" type="submit">Stop messages</button></form>
<a class="button" href="${path}">Keep sending</a></div></div>`;
  return framed(visit, `Stop messages to ${name}`, 'campaigns', body);
}
