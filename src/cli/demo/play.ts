// Plays the story: goes from one moment at which something happens or is due to the next, as a worker sleeps, and ticks there.
// Time is the story's; the engine, its functions and the mailbox are the real ones.
import { recordMailboxMessage } from '../../db/engine/mailbox.ts';
import { engineStore } from '../../db/engine/store.ts';
import { clockAt } from '../../engine/clock.ts';
import type { MessageLinks } from '../../engine/compose.ts';
import type { Message } from '../../engine/ports.ts';
import type { Engine } from '../../engine/process-batch.ts';
import { tick } from '../../engine/tick.ts';
import { mailboxSender } from '../../senders/mailbox.ts';
import type { Database } from '../database.ts';
import { happen, raiseBusiness, react, type StandingBusiness } from './act.ts';
import { demoBusinesses } from './businesses.ts';
import { promisedReactions, type Reaction, reactTo } from './reactions.ts';
import { type Happening, type StoryOptions, tellStory } from './story.ts';

/** How far the story is. */
export interface DemoProgress {
  day: number;
  days: number;
  /** Messages in the mailbox. */
  sent: number;
}

export interface PlayOptions extends StoryOptions {
  userId: string;
  links: MessageLinks;
  onProgress: (progress: DemoProgress) => void;
  signal: AbortSignal | undefined;
}

interface Response {
  at: Date;
  message: Message;
  reaction: Reaction;
}

const dayMs = 86_400_000;

/** Takes from the front of a list in order what is not later than `now`. */
function takeUntil<Timed extends { at: Date }>(list: Timed[], now: number): Timed[] {
  const next = list.findIndex(({ at }) => at.getTime() > now);
  return list.splice(0, next === -1 ? list.length : next);
}

/** The story while it goes on. */
class Stage {
  moment: Date;
  sent = 0;
  private readonly engine: Engine;
  private readonly database: Database;
  private readonly options: PlayOptions;
  private readonly standing = new Map<string, StandingBusiness>();
  private readonly happenings: Happening[];
  private readonly responses: Response[] = [];
  private readonly arrived: Message[] = [];
  private readonly ordinals = new Map<string, number>();
  private readonly promised = promisedReactions();
  private dueAtMs = Number.POSITIVE_INFINITY;

  constructor(database: Database, options: PlayOptions) {
    this.database = database;
    this.options = options;
    this.moment = options.from;
    this.happenings = tellStory(options);
    const sender = mailboxSender((message) => this.keep(message));
    this.engine = {
      store: engineStore(database.pool),
      // Within a moment of the story no time passes, however busy the machine is: no deadline does either.
      clock: { ...clockAt(() => this.moment), monotonicMs: () => this.moment.getTime() },
      senders: () => sender,
      links: options.links,
      worker: 'demo',
    };
  }

  private async keep(message: Message): Promise<void> {
    await recordMailboxMessage(this.database.pool, message, this.moment);
    this.arrived.push(message);
  }

  async raise(): Promise<void> {
    for (const business of demoBusinesses) {
      const raised = await this.database.run((client) =>
        raiseBusiness(client, business, this.options.userId, this.moment),
      );
      this.standing.set(business.key, raised).set(raised.id, raised);
    }
  }

  /** Goes on to the next moment at which something happens or is due, and does it. */
  async goOn(): Promise<void> {
    const end = this.options.to.getTime();
    const ahead = [this.happenings[0]?.at, this.responses[0]?.at].map((at) => at?.getTime() ?? end);
    this.moment = new Date(Math.min(this.dueAtMs, end, ...ahead));
    const now = this.moment.getTime();
    const happened = await this.happenUntilNow(now);
    if (happened) await this.lookAhead();
    if (this.dueAtMs > now && now < end) return;
    await this.tick();
    await this.lookAhead();
    // What is still due was busy: a worker would look again, too.
    this.dueAtMs = Math.max(this.dueAtMs, now + 1000);
  }

  private async lookAhead(): Promise<void> {
    const wait = await this.engine.store.msUntilNextDue(this.moment);
    this.dueAtMs = wait === null ? Number.POSITIVE_INFINITY : this.moment.getTime() + wait;
  }

  /** Everything that happens by itself or in answer to a message until now; whether there was anything. */
  private async happenUntilNow(now: number): Promise<boolean> {
    const responses = takeUntil(this.responses, now);
    const happenings = takeUntil(this.happenings, now);
    for (const response of responses) {
      await this.act(response.message.businessId, (client, own) => react(client, own, response));
    }
    for (const happening of happenings) {
      await this.act(happening.business, (client, own) => happen(client, own, happening));
    }
    return responses.length + happenings.length > 0;
  }

  private async act(
    business: string,
    work: (client: Parameters<typeof happen>[0], own: StandingBusiness) => Promise<void>,
  ): Promise<void> {
    const own = this.standing.get(business);
    if (own !== undefined) await this.database.run((client) => work(client, own));
  }

  /** One pass of the engine; then what customers will do about the messages it sent. */
  private async tick(): Promise<void> {
    await tick(this.engine, { ...(this.options.signal === undefined ? {} : { signal: this.options.signal }) });
    const order = (one: Message, other: Message): number => (one.recipient < other.recipient ? -1 : 1);
    for (const message of this.arrived.splice(0).sort(order)) {
      this.sent += 1;
      this.answer(message);
    }
    this.responses.sort((one, other) => one.at.getTime() - other.at.getTime() || order(one.message, other.message));
  }

  private answer(message: Message): void {
    const { recipient, channel } = message;
    const business = this.standing.get(message.businessId)?.business.key ?? '';
    const ordinal = (this.ordinals.get(recipient) ?? 0) + 1;
    this.ordinals.set(recipient, ordinal);
    const arrival = { business, recipient, channel, ordinal };
    const answer = reactTo(this.options.seed, arrival, this.promised(channel));
    if (answer === undefined) return;
    this.responses.push({ message, reaction: answer.reaction, at: new Date(this.moment.getTime() + answer.afterMs) });
  }
}

/**
 * Plays the whole story into an empty database with a virtual clock.
 * @returns how many messages are in the mailbox
 * @throws the reason of `signal` when it is aborted
 */
export async function playStory(database: Database, options: PlayOptions): Promise<number> {
  const { from, to, signal, onProgress } = options;
  const stage = new Stage(database, options);
  await stage.raise();
  const days = Math.round((to.getTime() - from.getTime()) / dayMs);
  let day = 0;
  while (stage.moment.getTime() < to.getTime()) {
    signal?.throwIfAborted();
    await stage.goOn();
    const today = Math.floor((stage.moment.getTime() - from.getTime()) / dayMs);
    if (today > day) {
      day = today;
      onProgress({ day, days, sent: stage.sent });
    }
  }
  return stage.sent;
}
