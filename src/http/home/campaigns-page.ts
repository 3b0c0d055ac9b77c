// The businesses of somebody, and the campaigns of a business.
import { html } from 'hono/html';
import { mostCounted } from '../../engine/home.ts';
import type { Html } from '../page.ts';
import { framed, pill } from './frame.ts';
import { awayText, momentTag, zoneText } from './moment.ts';
import type { CampaignSummary } from './port.ts';
import { type BusinessVisit, rootOf, type Visit } from './visit.ts';
import { campaignSigns, count, serviceWords } from './words.ts';

export function businessesPage(visit: Visit): Html {
  const rows = visit.businesses.map(
    (business) => html`<li class="row"><h2><a href="${rootOf({ ...visit, business })}">${business.name}</a></h2>
<p class="soft">${zoneText(business.timeZone, visit.now)}${business.status === 'suspended' ? ', suspended' : ''}</p></li>`,
  );
  const body = html`<div class="head"><div><h1>Your businesses</h1></div></div><ul class="card rows">${rows}</ul>`;
  return framed(visit, 'Your businesses', 'none', body);
}

/** Pause, resume, or nothing, by the state of the campaign. */
export function campaignAction(visit: BusinessVisit, { id, name, status }: CampaignSummary): Html | '' {
  if (status !== 'active' && status !== 'paused') return '';
  const verb = status === 'active' ? 'pause' : 'resume';
  const words = status === 'active' ? 'Pause' : 'Resume';
  return html`<form method="post" action="${rootOf(visit)}/campaigns/${id}/${verb}"><button type="submit">${words}<span class="unseen">
the campaign ${name}</span></button></form>`;
}

/** When the next message of a campaign leaves, in words. */
export function nextWords(visit: BusinessVisit, campaign: CampaignSummary): Html {
  const { business, now } = visit;
  const { status, nextDueAt, parked, pausedAt } = campaign;
  if (status === 'paused') {
    return html`Paused${pausedAt === null ? '' : html` since ${momentTag(pausedAt, business.timeZone, now)}`}: no message leaves.`;
  }
  if (status === 'draft') return html`A draft sends nothing. Publish it with <code>touchline campaign publish</code>.`;
  if (status === 'archived') return html`Archived: it sends nothing any more.`;
  const waiting =
    parked === 0
      ? ''
      : ` ${parked > mostCounted ? 'More than ' : ''}${count(Math.min(parked, mostCounted), 'person is', 'people are')} on hold.`;
  if (nextDueAt === null) return html`No message is planned.${waiting}`;
  const when =
    nextDueAt <= now
      ? html`is due now`
      : html`${momentTag(nextDueAt, business.timeZone, now)}, ${awayText(nextDueAt, now)}`;
  return html`Next message: ${when}.${waiting}`;
}

function figure(label: string, value: number, words = value.toLocaleString('en-US')): Html {
  return html`<div${value === 0 ? html` class="zero"` : ''}><dt>${label}</dt><dd>${words}</dd></div>`;
}

function people(label: string, value: number): Html {
  return value > mostCounted ? figure(label, value, `${mostCounted.toLocaleString('en-US')}+`) : figure(label, value);
}

function campaignCard(visit: BusinessVisit, campaign: CampaignSummary): Html {
  const { id, name, status, serviceType, touches, active, completed, stopped, sent, parked } = campaign;
  const service = serviceType === null ? 'All services' : (serviceWords[serviceType] ?? serviceType);
  return html`<li class="card campaign"><header>
<div class="title"><h2><a href="${rootOf(visit)}/campaigns/${id}">${name}</a></h2>${pill(campaignSigns[status])}</div>
<p class="soft">${service}, ${count(touches, 'message')}</p></header>
<dl class="counts">${people('Active', active)}${parked > 0 ? people('On hold', parked) : ''}${people('Completed', completed)}${people(
    'Stopped',
    stopped,
  )}${figure('Sent', sent)}</dl>
<div class="next"><p>${nextWords(visit, campaign)}</p>${campaignAction(visit, campaign)}</div></li>`;
}

const none = html`<div class="card empty"><h2>There is no campaign yet</h2>
<p>Copy one of the three presets with its texts, look it over, and publish it:</p>
<pre><code>npx touchline campaign copy gentle
npx touchline campaign publish gentle</code></pre></div>`;

export function campaignsPage(visit: BusinessVisit, campaigns: CampaignSummary[]): Html {
  const { business, now } = visit;
  const root = rootOf(visit);
  const suspended = business.status === 'suspended' ? html` It is suspended: it sends nothing.` : '';
  const body = html`<div class="head"><div><h1>Campaigns</h1>
<p class="soft">Times on this page are those of ${business.name}: ${zoneText(business.timeZone, now)}.${suspended}</p></div>
<a class="button first" href="${root}/jobs/new">Complete a job</a></div>
${campaigns.length === 0 ? none : html`<ul class="stack">${campaigns.map((campaign) => campaignCard(visit, campaign))}</ul>`}`;
  return framed(visit, 'Campaigns', 'campaigns', body);
}
