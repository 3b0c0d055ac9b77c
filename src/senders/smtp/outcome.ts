// What a failed conversation with a mail server means (delivery.md, outcome classes; rules.md 20).
//
// A reply of 400 or more says that nothing was accepted, also after the final dot. Whom it is about depends on where it came:
// until MAIL FROM the server speaks about us (the account), from RCPT TO on about the message. 4xx about us, and 421 ("closing the
// channel") wherever it comes, is a rate answer: the account waits a minute and no attempt is counted, as the message did nothing
// wrong and would use up its attempts while a server restarts.
//
// Without a reply it depends on how far we were: before the final dot nothing can have been accepted; after it nobody knows.
import type { Outcome } from '../../engine/ports.ts';

/**
 * How far a conversation is. `connecting`: TCP, banner, EHLO, TLS, login; `sender`: MAIL FROM is written; `recipient`: it was
 * answered; `body`: the server asked for the message; `dot`: the end of the message is on its way.
 */
export type Progress = 'connecting' | 'sender' | 'recipient' | 'body' | 'dot';

export interface Failure {
  progress: Progress;
  message: string;
  /** nodemailer's, like ECONNECTION. */
  code?: string | undefined;
  /** The command that was answered, like `RCPT TO`. */
  command?: string | undefined;
  /** The server's reply, whole. */
  response?: string | undefined;
  responseCode?: number | undefined;
}

/** The code of a conversation that was ended because the deadline had passed before the message was begun. */
export const deadlinePassed = 'deadline_passed';

type Kind = 'rejected' | 'retry' | 'rate_limited' | 'account_error' | 'ambiguous' | 'not_started';

const aboutMessage = new Set(['RCPT TO', 'DATA']);
// Authentication is required, too weak or wrong: servers say so to any command, and never about one message.
const aboutLogin = new Set([530, 534, 535, 538]);
// "Bad sequence of commands": the conversation went wrong, not the message.
const outOfStep = 503;
// In answer to MAIL FROM, which names the size: too big, now or ever.
const tooBig = 552;

function kindOfReply({ command, responseCode: reply = 0 }: Failure): Kind {
  if (reply === 421) return 'rate_limited';
  if (aboutLogin.has(reply)) return 'account_error';
  if (aboutMessage.has(command ?? '')) return reply < 500 || reply === outOfStep ? 'retry' : 'rejected';
  if (reply === tooBig) return 'rejected';
  return reply < 500 ? 'rate_limited' : 'account_error';
}

function kindWithoutReply({ progress, code, command }: Failure): Kind {
  if (progress === 'dot') return 'ambiguous';
  // nodemailer itself refused: an address, or a size above what the server announced.
  if (code === 'EENVELOPE' || (code === 'EMESSAGE' && command === 'MAIL FROM')) return 'rejected';
  return progress === 'recipient' || progress === 'body' ? 'retry' : 'account_error';
}

function kindOf(failure: Failure): Kind {
  const { progress, code, responseCode = 0 } = failure;
  if (code === deadlinePassed) return 'not_started';
  const isReply = responseCode >= 400 && responseCode <= 599;
  // After the dot only a whole reply to the message counts, no half a line before a cut and nothing that cannot be read.
  if (progress === 'dot') return isReply && code === 'EMESSAGE' ? kindOfReply(failure) : 'ambiguous';
  return isReply ? kindOfReply(failure) : kindWithoutReply(failure);
}

const places: Readonly<Record<Progress, string>> = {
  connecting: 'while connecting',
  sender: 'before MAIL FROM was answered',
  recipient: 'before the message was asked for',
  body: 'in the middle of the message',
  dot: 'after the end of the message and before its answer',
};

/** The outcome of a conversation that failed. */
export function outcomeOf(failure: Failure): Outcome {
  const { response, responseCode, code, message, progress } = failure;
  const errorCode = responseCode === undefined ? (code ?? 'failed') : String(responseCode);
  const errorMessage = response?.replaceAll(/\s+/g, ' ').trim() ?? `${message} (${places[progress]})`;
  return { kind: kindOf(failure), provider: 'smtp', errorCode, errorMessage };
}

/** The server's id of an accepted message, from the answer to its final dot: `250 2.0.0 Ok: queued as 4Xyz`. */
export function queueIdOf(response: string): string {
  const named = /\b(?:queued(?: mail)?(?: for delivery)?(?: as|:)?|id[=:])\s*<?([\w.@+-]+)/i.exec(response)?.[1];
  return (named ?? response.replace(/^\d{3}[ -](?:\d\.\d+\.\d+ )?/, '')).slice(0, 200).trim();
}
