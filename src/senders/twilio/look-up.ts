// Whether Twilio has a message: told from its list of what was sent to that number. The list does not show our callback URL, so a
// message is recognised by whom it is to and from, when it was made, and its words.
//
// Not asked by day, though the list can be: the day is that of leaving, and a message that still queues has none. Everything to one
// person fits on a page; where it does not, the answer is unknown.
import type { Evidence, LookUpWindow, Message } from '../../engine/ports.ts';
import type { HttpAnswer, HttpFailure } from '../web/exchange.ts';
import { objectIn } from '../web/outcome.ts';
import { messageSid } from './outcome.ts';

/** What an account sends from: one of the two. */
export interface TwilioSource {
  from: string | null;
  messagingServiceSid: string | null;
}

interface Listed {
  sid: string;
  /** Null where it cannot be read. */
  madeAt: number | null;
  body: string;
  from: unknown;
  service: unknown;
}

export const pageSize = 1_000;

// Twilio tells seconds, and its clock need not be ours.
const clockSlackMs = 60_000;

const unknown = (errorCode: string, errorMessage: string): Evidence => ({ kind: 'unknown', errorCode, errorMessage });

/** Letters and digits: smart encoding changes signs, a trial account writes its own words in front, and neither makes it another text. */
const gist = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Null for a message to us, undefined for what cannot be read. */
function readListed(item: unknown): Listed | null | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const {
    sid,
    date_created: made,
    body,
    from,
    messaging_service_sid: service,
    direction,
  } = item as Record<string, unknown>;
  if (direction === 'inbound') return null;
  const id = messageSid(sid);
  if (id === undefined) return undefined;
  const madeAt = typeof made === 'string' ? Date.parse(made) : Number.NaN;
  const text = typeof body === 'string' ? body : '';
  return { sid: id, madeAt: Number.isNaN(madeAt) ? null : madeAt, body: text, from, service };
}

function mayBe(listed: Listed, message: Message, source: TwilioSource, { from, to }: LookUpWindow): boolean {
  const { madeAt, body } = listed;
  if (madeAt !== null && (madeAt < from.getTime() - clockSlackMs || madeAt > to.getTime() + clockSlackMs)) return false;
  const { messagingServiceSid } = source;
  if (messagingServiceSid === null ? listed.from !== source.from : listed.service !== messagingServiceSid) return false;
  // An account may have bodies deleted at once: one without words can be anybody's.
  return body === '' || gist(body).endsWith(gist(message.text));
}

/** Whether exactly these words; what only may be the message proves nothing. */
const isExact = ({ body, madeAt }: Listed, { text }: Message): boolean =>
  madeAt !== null && body.trim() === text.trim();

function judge(found: readonly Listed[], message: Message, isOver: boolean): Evidence {
  const [only, other] = found;
  if (only === undefined) {
    return isOver ? { kind: 'absent' } : unknown('not_listed_yet', 'It is not listed, and the list may lag.');
  }
  if (other !== undefined) return unknown('several_fit', 'More than one message in the list fits.');
  if (!isExact(only, message)) return unknown('words_differ', `${only.sid} may be this message; its words differ.`);
  return { kind: 'accepted', provider: 'twilio', providerId: only.sid };
}

/** What a page of the list of messages to the recipient says. */
export function evidenceIn(
  answer: HttpAnswer | HttpFailure,
  message: Message,
  source: TwilioSource,
  window: LookUpWindow,
): Evidence {
  if ('isWritten' in answer) return unknown(answer.errorCode, answer.errorMessage);
  const { messages, next_page_uri: next } = objectIn(answer) ?? {};
  if (answer.status !== 200 || !Array.isArray(messages)) {
    return unknown(`http_${answer.status}`, 'The list of messages could not be read.');
  }
  const found = messages.map(readListed);
  if (found.includes(undefined)) return unknown('unreadable_answer', 'Not all messages of the list could be read.');
  const fitting = found.flatMap((listed) => (listed && mayBe(listed, message, source, window) ? [listed] : []));
  if (typeof next === 'string' && fitting.length === 0) {
    return unknown('list_too_long', 'The list of messages to this number has more than one page.');
  }
  return judge(fitting, message, window.isOver);
}
