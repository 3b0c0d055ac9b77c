// The form that completes a job.
import { html } from 'hono/html';
import { serviceTypes } from '../../generated/rows.ts';
import { icon } from '../icons.ts';
import type { Html } from '../page.ts';
import { backLink, framed } from './frame.ts';
import type { Field, TypedJob, Wrong } from './job-form.ts';
import { wallText, zoneText } from './moment.ts';
import { type BusinessVisit, rootOf } from './visit.ts';
import { count, serviceWords } from './words.ts';

export interface JobView {
  typed: TypedJob;
  wrong: Wrong;
  /** What the database said against the job as a whole. */
  refused?: { what: string; fix: string };
}

function wrongLine(wrong: Wrong, field: Field): Html | '' {
  const words = wrong[field];
  return words === undefined
    ? ''
    : html`<p class="wrong" id="${field}-wrong">${icon('cross')}<span>${words}</span></p>`;
}

/** Ties a field to its hint and its error. */
function tied(wrong: Wrong, field: Field, hint = false): Html {
  const isWrong = wrong[field] !== undefined;
  const ids = [hint ? `${field}-hint` : '', isWrong ? `${field}-wrong` : ''].filter((id) => id !== '').join(' ');
  return html`${isWrong ? html` aria-invalid="true"` : ''}${ids === '' ? '' : html` aria-describedby="${ids}"`}`;
}

function person({ typed, wrong }: JobView): Html {
  return html`<div class="field"><label for="name">Customer’s name</label>
<input id="name" name="name" value="${typed.name}" required maxlength="120" autocomplete="off"${tied(wrong, 'name')}>${wrongLine(wrong, 'name')}</div>
<div class="pair"><div class="field"><label for="email">Email</label>
<input id="email" name="email" type="email" value="${typed.email}" maxlength="254" autocomplete="off"${tied(wrong, 'email')}>${wrongLine(wrong, 'email')}</div>
<div class="field"><label for="phone">Phone</label>
<input id="phone" name="phone" type="tel" value="${typed.phone}" maxlength="40" autocomplete="off"${tied(wrong, 'phone')}>${wrongLine(wrong, 'phone')}</div></div>
<div class="field"><div class="choice"><input type="checkbox" id="smsConsent" name="sms_consent" value="yes"${typed.smsConsent ? html` checked` : ''}${tied(
    wrong,
    'smsConsent',
    true,
  )}><div><label for="smsConsent">They agreed in writing to get text messages</label>
<p class="hint" id="smsConsent-hint">Without it they get emails only: nobody is texted who did not agree.</p></div></div>${wrongLine(wrong, 'smsConsent')}</div>`;
}

function work({ typed, wrong }: JobView): Html {
  const options = serviceTypes.map(
    (type) =>
      html`<option value="${type}"${type === typed.serviceType ? html` selected` : ''}>${serviceWords[type] ?? type}</option>`,
  );
  return html`<div class="field"><label for="serviceType">Kind of work</label>
<select id="serviceType" name="service_type" required${tied(wrong, 'serviceType')}><option value="">Choose…</option>${options}</select>${wrongLine(
    wrong,
    'serviceType',
  )}</div>`;
}

const whenWords = [
  ['now', 'Just now'],
  ['day', 'A day ago'],
  ['three_days', 'Three days ago'],
  ['exact', 'At another time:'],
] as const;

function when({ business, now }: BusinessVisit, { typed, wrong }: JobView): Html {
  const choices = whenWords.map(
    ([value, words]) =>
      html`<div class="choice"><input type="radio" id="when-${value}" name="when" value="${value}"${
        typed.when === value ? html` checked` : ''
      }><label for="when-${value}">${words}</label></div>`,
  );
  return html`<fieldset><legend>When was the work done?</legend>${choices}${wrongLine(wrong, 'when')}
<div class="field"><label class="hint" for="exact">Day and time, ${zoneText(business.timeZone, now)}</label>
<input id="exact" name="exact" type="datetime-local" value="${typed.exact}" max="${wallText(now, business.timeZone)}"${tied(
    wrong,
    'exact',
  )}>${wrongLine(wrong, 'exact')}</div></fieldset>`;
}

function summary({ wrong, refused }: JobView): Html | '' {
  const fields = Object.keys(wrong) as Field[];
  if (refused !== undefined) {
    return html`<div class="alert" role="alert"><h2>The job was not completed</h2><p>${refused.what} ${refused.fix}</p></div>`;
  }
  if (fields.length === 0) return '';
  const links = fields.map(
    (field) => html`<li><a href="#${field === 'when' ? 'when-now' : field}">${wrong[field]}</a></li>`,
  );
  return html`<div class="alert" role="alert"><h2>${count(fields.length, 'thing')} to put right</h2><ul class="stack">${links}</ul></div>`;
}

export function jobPage(visit: BusinessVisit, view: JobView): Html {
  const root = rootOf(visit);
  const isWrong = view.refused !== undefined || Object.keys(view.wrong).length > 0;
  const body = html`<div class="head"><div>${backLink(root, 'Campaigns')}<h1>Complete a job</h1>
<p class="soft aside">The live campaign for this kind of work follows up: when each message leaves is planned at once, and you see the plan
before anything is sent.</p></div></div>
<form class="sheet" method="post" action="${root}/jobs" novalidate>${summary(view)}
<input type="hidden" name="key" value="${view.typed.key}">${person(view)}${work(view)}${when(visit, view)}
<div class="actions"><button class="first" type="submit">Complete the job</button><a class="button" href="${root}">Cancel</a></div></form>`;
  return framed(visit, isWrong ? 'Not completed yet: Complete a job' : 'Complete a job', 'job', body);
}
