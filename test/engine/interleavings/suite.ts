// Every pair at every lock, from both sides, with both orders of commits; and afterwards everything goes on to its end.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectInvariants } from '../../support/invariants.ts';
import { later, openWorld, type World } from '../world.ts';
import type { Action } from './actions.ts';
import type { Arrangement } from './arrangements.ts';
import type { Rows, Scene } from './scene.ts';
import { type Course, inTurn, interleave, type Turn } from './schedule.ts';
import { Session } from './session.ts';

/** Two functions at one moment, and what may be left of it. */
export interface Pair {
  /** What the pair proves. */
  name?: string;
  when: Arrangement;
  first: Action;
  second: Action;
  /** What is left when the first is done before the second begins, and the other way round. */
  inTurn: readonly [string, string];
  /** What else may be left when they meet. Default: nothing. */
  also?: readonly string[];
  /** What may be left when everything has gone on to its end. Default: not asked. */
  ends?: readonly string[];
  /** The second forbids what the first, a claim, does: once it has returned, no claim commits an intent. */
  fence?: boolean;
}

type Commits = 'at once' | 'last';

/** One way in which the two of a pair meet. */
interface Meeting {
  one: Action;
  other: Action;
  /** Null: before the commit of `one`. */
  at: { rows: Rows; waits: boolean } | null;
}

// Rows that exist in every scene.
const everywhere: readonly Rows[] = [
  'the email lane',
  'the sms lane',
  'the business',
  'the campaign',
  'the customer',
  'the first customer',
  'the sender',
];

function meetings({ when, first, second }: Pair): Meeting[] {
  const exist = (rows: Rows): boolean => everywhere.includes(rows) || when.has.includes(rows);
  return [
    [first, second],
    [second, first],
  ].flatMap(([one, other]) => {
    if (one === undefined || other === undefined) return [];
    const waits = one.waitsFor.filter(exist).map((rows) => ({ rows, waits: true }));
    const passes = one.passes.filter(exist).map((rows) => ({ rows, waits: false }));
    return [...waits, ...passes, null].map((at) => ({ one, other, at }));
  });
}

function titleOf({ one, at }: Meeting): string {
  if (at === null) return `${one.name} stands before its commit`;
  return at.waits ? `${one.name} waits for ${at.rows}` : `${one.name} finds ${at.rows} held`;
}

// When what a meeting left is due: now, after a lease and its horizon, after a retry, after a cap, as touch 2, and no later.
const lifeHours = [0, 0.1, 1, 25, 74, 100];

/** The world of one test file, and the three sessions that meet in it. */
class Stage {
  readonly world: World;
  readonly sessions: readonly [Session, Session, Session];
  readonly scenes: Scene[] = [];

  private constructor(world: World, sessions: [Session, Session, Session]) {
    this.world = world;
    this.sessions = sessions;
  }

  static async open(name: string): Promise<Stage> {
    const world = await openWorld(name);
    const open = (session: string): Promise<Session> => Session.open(session, world.database);
    return new Stage(world, [await open('first'), await open('second'), await open('holder')]);
  }

  async close(): Promise<void> {
    for (const session of this.sessions) session.close();
    await this.world.close();
  }

  private async turn(action: Action, session: Session, scene: Scene): Promise<Turn> {
    return {
      session,
      role: action.role ?? 'touchline_worker',
      statements: [...(action.before === undefined ? [] : [action.before(scene)]), await action.statement(scene)],
      neverWaits: action.waitsFor.length === 0,
    };
  }

  /** Plays one meeting in a scene of its own, and says what is left. */
  private async play(pair: Pair, run: (scene: Scene, first: Turn, second: Turn) => Promise<Course>): Promise<Played> {
    const scene = await pair.when.arrange(this.world);
    this.scenes.push(scene);
    const [one, two] = this.sessions;
    try {
      const first = await this.turn(pair.first, one, scene);
      const second = await this.turn(pair.second, two, scene);
      const course = await run(scene, first, second);
      if (pair.fence === true) await expectFence(scene, course.events);
      expect(course.answers, 'the answers').not.toContain('"error"');
      await scene.settleAll();
      return { left: await scene.state(), course };
    } finally {
      await scene.leave();
    }
  }

  async meet(pair: Pair, meeting: Meeting, otherCommits: Commits): Promise<Played> {
    const holder = this.sessions[2];
    return this.play(pair, (scene, first, second) => {
      const [one, other] = meeting.one === pair.first ? [first, second] : [second, first];
      const { at } = meeting;
      const stop = at === null ? null : { holder, rows: scene.lock(at.rows), waits: at.waits };
      return interleave({ one, other, stop, otherCommits });
    });
  }

  async takeTurns(pair: Pair, reverse: boolean): Promise<string> {
    const { left } = await this.play(pair, (_, first, second) =>
      reverse ? inTurn(second, first) : inTurn(first, second),
    );
    return left;
  }

  /** Lets everything that the meetings left go on to its end, and says what is left then. */
  async goOn(): Promise<Set<string>> {
    for (const scene of this.scenes) await scene.reopen();
    const now = this.world.now;
    for (const hours of lifeHours) {
      this.world.at(later(now, hours));
      await this.world.tick();
    }
    const scenes = this.scenes.splice(0);
    const { rows } = await this.world.database.query(
      `select e.id, e.status from touchline.campaign_enrollments e
       where e.business_id = any ($1)
         and (e.status = 'active' or exists (
           select from touchline.touch_queue q where (q.business_id, q.enrollment_id) = (e.business_id, e.id)))`,
      [scenes.map(({ business }) => business.id)],
    );
    expect(rows, 'enrollments that did not come to their end').toEqual([]);
    await expectInvariants(this.world.database, { now: this.world.now });
    const ends = new Set<string>();
    for (const scene of scenes) ends.add(await scene.state());
    return ends;
  }
}

interface Played {
  left: string;
  course: Course;
}

async function expectFence(scene: Scene, events: readonly string[]): Promise<void> {
  if ((await scene.claimed()) === 0) return;
  const order = events.filter((event) => event === 'first commits' || event === 'second returns');
  expect(order, 'a claim wrote an intent after the fence was there').toEqual(['first commits', 'second returns']);
}

function describePair(stage: () => Stage, pair: Pair): void {
  const allowed = [...new Set([...pair.inTurn, ...(pair.also ?? [])])];
  const proves = pair.name === undefined ? '' : `: ${pair.name}`;
  describe(`${pair.first.name} × ${pair.second.name}, when ${pair.when.name}${proves}`, () => {
    it('one after the other', async () => {
      expect([await stage().takeTurns(pair, false), await stage().takeTurns(pair, true)]).toEqual(pair.inTurn);
    });

    it.each(meetings(pair).map((meeting) => [titleOf(meeting), meeting] as const))('%s', async (_, meeting) => {
      const atOnce = await stage().meet(pair, meeting, 'at once');
      expect(allowed).toContain(atOnce.left);
      if (atOnce.course.otherPassed) {
        const last = await stage().meet(pair, meeting, 'last');
        expect(allowed).toContain(last.left);
      }
    });

    it('goes on to the end', async () => {
      const ends = await stage().goOn();
      if (pair.ends !== undefined) expect([...ends].toSorted()).toEqual(pair.ends.toSorted());
    }, 60_000);
  });
}

/** Tests of pairs, in a database of this name. */
export function interleavings(name: string, pairs: readonly Pair[]): void {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open(name);
  });
  afterAll(() => stage.close());
  for (const pair of pairs) describePair(() => stage, pair);
}
