// What an action did, told on the page after it. Only a name from this table travels, in a cookie that the next page clears: no words
// of anybody else can be put into a page with it.
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { reasonWords, sentence } from './words.ts';

export interface Said {
  words: string;
  tone: 'good' | 'wait';
}

const good = (words: string): Said => ({ words, tone: 'good' });
const wait = (words: string): Said => ({ words, tone: 'wait' });

const table = {
  signed_in: good('You are signed in, on this computer, for 30 days.'),
  paused: wait('The campaign is paused. Nobody in it gets a message until you resume it, and nobody falls out of it.'),
  resumed: good(
    'The campaign goes on. Every waiting message moved by as long as the pause was, so no gap got shorter.',
  ),
  stopped: good('Stopped. Nothing more is sent because of this job.'),
  over_already: wait('It was over already; nothing was changed.'),
  job_enrolled: good('The job is completed and the follow-up is planned. This is every message, and when it leaves.'),
  job_queued: wait('The job is completed. Its follow-up begins when the one that is running has ended.'),
  job_conflict: wait(
    'The job is completed. They are already being written to, and your policy is to ask first: until that is decided nobody writes to them because of this job.',
  ),
  job_imported: good('The job is recorded. Nobody is written to because of it.'),
  job_undecided: wait('The job is completed. Whether it is followed up is decided within a minute.'),
} as const;

const refused = 'job_refused_';
const cookie = 'touchline_said';

export type SaidName = keyof typeof table | `${typeof refused}${string}`;

function meaning(name: string): Said | undefined {
  if (name.startsWith(refused)) {
    return wait(`The job is completed, and nobody is written to: ${sentence(reasonWords(name.slice(refused.length)))}`);
  }
  return Object.hasOwn(table, name) ? table[name as keyof typeof table] : undefined;
}

/** Leaves word for the next page. */
export function say(context: Context, name: SaidName): void {
  setCookie(context, cookie, name, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 60 });
}

/** What was left for this page, and takes it away. */
export function hear(context: Context): Said | undefined {
  const name = getCookie(context, cookie);
  if (name === undefined) return undefined;
  deleteCookie(context, cookie, { path: '/' });
  return /^[a-z_]{1,60}$/.test(name) ? meaning(name) : undefined;
}
