// The people in a campaign, newest first.
import { html } from 'hono/html';
import { type EnrollmentStatus, enrollmentStatuses } from '../../generated/rows.ts';
import { icon } from '../icons.ts';
import type { Html } from '../page.ts';
import { campaignAction, nextWords } from './campaigns-page.ts';
import { backLink, framed, pill } from './frame.ts';
import { awayText, momentTag, zoneText } from './moment.ts';
import type { CampaignSummary, Page, PersonSummary, TouchResults } from './port.ts';
import { resultsTable } from './results.ts';
import { type BusinessVisit, rootOf } from './visit.ts';
import { campaignSigns, channelWords, enrollmentSigns, reasonWords, sentence, type Tone, touchSigns } from './words.ts';

export interface PeopleView {
  campaign: CampaignSummary;
  results: TouchResults[];
  status: EnrollmentStatus | null;
  page: Page<PersonSummary>;
  isFirstPage: boolean;
}

const shades: Readonly<Record<Tone, string>> = { good: 'done', wait: '', calm: '', mute: 'off', bad: 'trouble' };

function track({ touches }: PersonSummary): Html {
  const items = touches.map(({ channel, status }) => {
    const { words, icon: name, tone } = touchSigns[status];
    return html`<li class="${shades[tone]}">${icon(name)}${channelWords[channel]} <span class="unseen">${words}</span></li>`;
  });
  return html`<ol class="track" aria-label="Messages">${items}</ol>`;
}

function standing(visit: BusinessVisit, person: PersonSummary): Html {
  const { business, now } = visit;
  const { status, stopReason, nextDueAt, blockedBy, enrolledAt } = person;
  if (status === 'stopped') return html`${stopReason === null ? '' : sentence(reasonWords(stopReason))}`;
  if (status === 'completed')
    return html`Every message is settled. Began ${momentTag(enrolledAt, business.timeZone, now)}.`;
  if (blockedBy !== null) return html`Waits: ${reasonWords(blockedBy)}.`;
  if (nextDueAt === null) return html`No message is planned.`;
  if (nextDueAt <= now) return html`Next message is due now.`;
  return html`Next ${momentTag(nextDueAt, business.timeZone, now)}, ${awayText(nextDueAt, now)}`;
}

function personRow(visit: BusinessVisit, person: PersonSummary): Html {
  const { enrollmentId, name, status } = person;
  return html`<li class="row person"><div class="title"><h2><a href="${rootOf(visit)}/people/${enrollmentId}">${
    name || 'Somebody without a name'
  }</a></h2>${pill(enrollmentSigns[status])}</div>
${track(person)}
<p class="small soft">${standing(visit, person)}</p></li>`;
}

function tabs(path: string, { campaign, status }: PeopleView): Html {
  const counts = { active: campaign.active, completed: campaign.completed, stopped: campaign.stopped };
  const all = counts.active + counts.completed + counts.stopped;
  const tab = (value: EnrollmentStatus | null, words: string, number: number): Html =>
    html`<a href="${path}${value === null ? '' : `?status=${value}`}"${
      value === status ? html` aria-current="page"` : ''
    }>${words} <span class="figure soft small">${number.toLocaleString('en-US')}</span></a>`;
  return html`<nav class="tabs" aria-label="People by state">${tab(null, 'All', all)}${enrollmentStatuses.map((value) =>
    tab(value, enrollmentSigns[value].words, counts[value]),
  )}</nav>`;
}

/** Links to the newest and to the older rows of a list. */
export function pager(path: string, nextCursor: string | null, isFirstPage: boolean): Html | '' {
  if (nextCursor === null && isFirstPage) return '';
  const glue = path.includes('?') ? '&' : '?';
  const newest = isFirstPage ? '' : html`<a class="button" href="${path}">Newest</a>`;
  const older =
    nextCursor === null
      ? ''
      : html`<a class="button" href="${path}${glue}cursor=${encodeURIComponent(nextCursor)}">Older</a>`;
  return html`<nav class="actions" aria-label="Further pages">${newest}${older}</nav>`;
}

const legend = html`<ul class="legend" aria-hidden="true">${(['sent', 'pending', 'skipped', 'failed'] as const).map(
  (status) => html`<li>${icon(touchSigns[status].icon)}${touchSigns[status].words}</li>`,
)}</ul>`;

export function peoplePage(visit: BusinessVisit, view: PeopleView): Html {
  const { campaign, results, status, page, isFirstPage } = view;
  const path = `${rootOf(visit)}/campaigns/${campaign.id}`;
  const empty = html`<div class="card empty"><p>${
    status === null ? 'Nobody is in this campaign yet.' : 'Nobody here is in this state.'
  }</p>${status === null ? html`<a class="button first" href="${rootOf(visit)}/jobs/new">Complete a job</a>` : ''}</div>`;
  const people = html`<ul class="card rows">${page.rows.map((person) => personRow(visit, person))}</ul>${legend}`;
  const body = html`<div class="head"><div>${backLink(rootOf(visit), 'Campaigns')}
<div class="title"><h1>${campaign.name}</h1>${pill(campaignSigns[campaign.status])}</div>
<p>${nextWords(visit, campaign)}</p>
<p class="soft small">Times are those of ${visit.business.name}: ${zoneText(visit.business.timeZone, visit.now)}. A person’s own page
has theirs.</p></div>${campaignAction(visit, campaign)}</div>
${isFirstPage && status === null ? resultsTable(results) : ''}<div class="stack">${tabs(path, view)}${page.rows.length === 0 ? empty : people}
${pager(status === null ? path : `${path}?status=${status}`, page.nextCursor, isFirstPage)}</div>`;
  return framed(visit, campaign.name, 'campaigns', body);
}
