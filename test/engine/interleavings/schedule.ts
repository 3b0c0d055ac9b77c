// Two transactions in every order that locks allow. `one` is stopped at a lock that a third session holds, or before its commit;
// `other` then does its part, to its end or until it waits; then everything is let go.
import { expect } from 'vitest';
import type { Session, Statement } from './session.ts';

/** One function of the surface, in a transaction of its own. */
export interface Turn {
  session: Session;
  role: string;
  /** The function, after what the same transaction does before. */
  statements: readonly Statement[];
  /** It skips what somebody holds, so it may be seen waiting nowhere. */
  neverWaits: boolean;
}

/** Where `one` is stopped. */
interface Stop {
  holder: Session;
  rows: Statement;
  /** Whether `one` waits there; else it passes by, and its statement ends while the rows are held. */
  waits: boolean;
}

export interface Schedule {
  one: Turn;
  other: Turn;
  /** Null: before its commit. */
  stop: Stop | null;
  /** Whether `other` commits as soon as it can, or only when `one` has, if the locks allow it. */
  otherCommits: 'at once' | 'last';
}

/** What was seen: `<session> returns` and `<session> commits`, in order. */
export interface Course {
  events: string[];
  /** What both returned, as JSON. */
  answers: string;
  /** Whether `other` ended while `one` stood still. If not, there is only one order of commits. */
  otherPassed: boolean;
}

type Log = Pick<Course, 'events' | 'answers'>;

async function start(turn: Turn, { events }: Log): Promise<void> {
  await turn.session.begin(turn.role);
  turn.session.start(turn.statements, () => events.push(`${turn.session.name} returns`));
}

async function commit({ session }: Turn, log: Log): Promise<void> {
  log.answers += JSON.stringify(await session.rows());
  // Before it is sent: whoever waited for this session's locks may be heard before its answer.
  log.events.push(`${session.name} commits`);
  await session.commit();
}

/** Commits whoever is ready, in the given preference, until nobody is left. */
async function finish(turns: readonly Turn[], log: Log): Promise<void> {
  const left = [...turns];
  const sessions = turns.map(({ session }) => session);
  while (left.length > 0) {
    let ready: Turn | undefined;
    for (const turn of left) {
      if (ready === undefined && (await turn.session.waitsFor(sessions)).length === 0) ready = turn;
    }
    if (ready !== undefined) {
      await commit(ready, log);
      left.splice(left.indexOf(ready), 1);
    }
  }
}

async function run({ one, other, stop, otherCommits }: Schedule): Promise<Course> {
  const log: Log = { events: [], answers: '' };
  const watched = [one.session, other.session, ...(stop === null ? [] : [stop.holder])];
  await stop?.holder.hold(stop.rows);
  await start(one, log);
  const holders = stop?.waits === true ? [stop.holder.name] : [];
  expect(await one.session.waitsFor(watched), `whom ${one.session.name} waits for`).toEqual(holders);

  await start(other, log);
  const waitsFor = await other.session.waitsFor(watched);
  if (other.neverWaits) expect(waitsFor, `whom ${other.session.name} waits for`).toEqual([]);
  const otherPassed = waitsFor.length === 0;
  const left = otherPassed && otherCommits === 'at once' ? [one] : [one, other];
  if (left.length === 1) await commit(other, log);
  await stop?.holder.rollback();
  await finish(left, log);
  return { ...log, otherPassed };
}

/** Runs a schedule; whatever fails, nobody is left inside a transaction. */
export async function interleave(schedule: Schedule): Promise<Course> {
  const { one, other, stop } = schedule;
  try {
    return await run(schedule);
  } finally {
    await stop?.holder.rollback();
    await Promise.all([one.session.rollback(), other.session.rollback()]);
  }
}

/** One after the other. */
export async function inTurn(first: Turn, second: Turn): Promise<Course> {
  const log: Log = { events: [], answers: '' };
  for (const turn of [first, second]) {
    try {
      await start(turn, log);
      await commit(turn, log);
    } finally {
      await turn.session.rollback();
    }
  }
  return { ...log, otherPassed: true };
}
