// Where a scenario plays: a world on the engine, whole or with a wrapped piece, and what the invariants said of it.
import type { Clock } from '../../src/engine/clock.ts';
import type { EngineStore, Message, Outcome, Sender } from '../../src/engine/ports.ts';
import type { World } from '../../test/engine/world.ts';
import { violations } from '../../test/support/violations.ts';
import type { Wrap } from './mutant.ts';

/** What happens to a submission: taken and answered, taken without an answer, lost on its way; or an answer instead. */
export type Fate = 'accept' | 'accept silently' | 'lose' | Outcome;

export class Stage {
  readonly world: World;
  readonly start: Date;
  /** Invariants that were broken when asked, each with one of its rows. */
  readonly broken = new Map<string, unknown>();
  private readonly wrap: Partial<Wrap>;

  constructor(world: World, wrap: Partial<Wrap> = {}) {
    this.world = world;
    this.start = world.now;
    this.wrap = wrap;
    this.sender = world.sender;
    this.store = world.engine.store;
    this.clock = world.engine.clock;
  }

  /** A moment some hours after the start. */
  after(hours: number): Date {
    return new Date(this.start.getTime() + hours * 3_600_000);
  }

  /** Goes there, and ticks once there. */
  async tickAt(hours: number): Promise<void> {
    this.world.at(this.after(hours));
    await this.world.tick();
  }

  /** Goes there as a worker sleeps, and ticks at every due moment. */
  runUntil(hours: number): Promise<void> {
    return this.world.runUntil(this.after(hours));
  }

  /** A piece below the wrapped one. */
  set sender(sender: Sender) {
    const wrapped = this.wrap.sender?.(sender) ?? sender;
    this.world.engine.senders = () => wrapped;
  }

  set store(store: EngineStore) {
    this.world.engine.store = this.wrap.store?.(store) ?? store;
  }

  set clock(clock: Clock) {
    this.world.engine.clock = this.wrap.clock?.(clock) ?? clock;
  }

  /** A provider that deals with each submission as it is told at that moment. */
  provider(fateOf: (message: Message) => Fate | Promise<Fate>, can: Partial<Sender> = {}): void {
    const { sender } = this.world;
    this.sender = {
      ...can,
      send: async (message, signal, mayBegin) => {
        const fate = await fateOf(message);
        if (typeof fate === 'object') return fate;
        if (fate === 'lose') return { kind: 'ambiguous', errorCode: 'timeout' };
        const outcome = await sender.send(message, signal, mayBegin);
        return fate === 'accept' || outcome.kind !== 'accepted' ? outcome : { kind: 'ambiguous', errorCode: 'timeout' };
      },
    };
  }

  /** Asks every invariant about this moment. */
  async judge(): Promise<void> {
    const client = await this.world.database.pool.connect();
    try {
      await client.query('begin');
      for (const { invariant, detail } of await violations(client, { now: this.world.now })) {
        this.broken.set(invariant, detail);
      }
    } finally {
      await client.query('rollback');
      client.release();
    }
  }
}
