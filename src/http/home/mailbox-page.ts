// The built-in mailbox: what customers would have got, as they would have seen it.
import { html } from 'hono/html';
import { smsSegments } from '../../domain/segments.ts';
import { icon } from '../icons.ts';
import type { Html } from '../page.ts';
import { backLink, framed } from './frame.ts';
import { momentTag, zoneText } from './moment.ts';
import { pager } from './people-page.ts';
import type { MailboxMessageView, MailboxSummary, Page } from './port.ts';
import { type BusinessVisit, rootOf } from './visit.ts';
import { channelWords, count } from './words.ts';

function mailRow(visit: BusinessVisit, { id, channel, recipient, subject, preview, acceptedAt }: MailboxSummary): Html {
  return html`<li class="row mail"><p>${icon(channel)} <span class="unseen">${channelWords[channel]} to</span>${recipient}</p>
<div><h2><a href="${rootOf(visit)}/mailbox/${id}">${subject ?? 'Text message'}</a></h2><p class="preview small">${preview}</p></div>
<p class="small soft">${momentTag(acceptedAt, visit.business.timeZone, visit.now)}</p></li>`;
}

const nothing = html`<div class="card empty"><h2>No message yet</h2>
<p class="aside">When a message is due, it arrives here instead of at the customer. Complete a job, and its first message follows after the
delay of its campaign.</p></div>`;

export function mailboxPage(visit: BusinessVisit, page: Page<MailboxSummary>, isFirstPage: boolean): Html {
  const { business, now } = visit;
  const rows = html`<ul class="card rows">${page.rows.map((row) => mailRow(visit, row))}</ul>`;
  const body = html`<div class="head"><div><h1>Mailbox</h1>
<p class="soft aside">What customers would have got, newest first. Times are those of ${business.name}: ${zoneText(
    business.timeZone,
    now,
  )}.</p></div></div>
${page.rows.length === 0 ? nothing : rows}${pager(`${rootOf(visit)}/mailbox`, page.nextCursor, isFirstPage)}`;
  return framed(visit, 'Mailbox', 'mailbox', body);
}

function segmentWords(text: string): string {
  const { segments, characters, encoding, costly } = smsSegments(text);
  const cost = `${count(segments, 'segment')}, ${count(characters, 'character')} (${encoding})`;
  if (encoding === 'GSM-7') return `${cost}. Carriers bill by the segment.`;
  return `${cost}. ${costly.join(' ')} ${costly.length === 1 ? 'makes' : 'make'} it cost more: with plain letters a segment holds 160 characters instead of 70.`;
}

function bubble({ text, recipient }: MailboxMessageView): Html {
  return html`<section class="card phone" aria-label="The message as ${recipient} sees it"><p class="bubble">${text}</p>
<p class="soft small">${segmentWords(text)}</p></section>`;
}

function letter(visit: BusinessVisit, { id, html: source, text, ...message }: MailboxMessageView): Html {
  const facts = html`<dl class="facts"><dt>From</dt><dd>${message.fromName ?? visit.business.name}</dd>
<dt>To</dt><dd>${message.recipient}</dd><dt>Subject</dt><dd><strong>${message.subject ?? '(none)'}</strong></dd></dl>`;
  if (source === null)
    return html`<div class="card letter">${facts}<div class="pad"><p class="words">${text}</p></div></div>`;
  return html`<div class="stack"><div class="card letter">${facts}
<iframe sandbox src="${rootOf(visit)}/mailbox/${id}/html" title="The email as ${message.recipient} sees it"></iframe></div>
<p class="soft small">Shown walled off: links in it do not work here, and nothing in it can run or load anything.</p>
<details class="card pad"><summary>The same as plain text</summary><p class="words">${text}</p></details></div>`;
}

export function messagePage(visit: BusinessVisit, message: MailboxMessageView): Html {
  const { business, now } = visit;
  const root = rootOf(visit);
  const { channel, subject, recipient, acceptedAt, enrollmentId } = message;
  const title = subject ?? `Text message to ${recipient}`;
  const person =
    enrollmentId === null ? '' : html`<a class="button" href="${root}/people/${enrollmentId}">Their timeline</a>`;
  const body = html`<div class="head"><div>${backLink(`${root}/mailbox`, 'Mailbox')}<h1>${title}</h1>
<p class="soft">${channelWords[channel]}, accepted ${momentTag(acceptedAt, business.timeZone, now)}</p></div>${person}</div>
${channel === 'sms' ? bubble(message) : letter(visit, message)}`;
  return framed(visit, title, 'mailbox', body);
}
