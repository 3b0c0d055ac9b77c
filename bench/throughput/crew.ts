// Processes that work on one queue together, as a rival is run in production; the bench tells them when to begin and to pause.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Order, Word } from './members/member.ts';

/** How the processes of a crew are started. */
export interface CrewSpec {
  /** The Node that runs them, and what comes before the file. */
  command: readonly [string, ...string[]];
  file: URL;
  processes: number;
  /** What the n-th of them is given. */
  setting(index: number): object;
}

/** Ends after this long without a touch handled: something is broken. */
const patienceMs = 60_000;

class MemberProcess {
  readonly child: ChildProcess;
  private readonly waiting = new Map<Word['word'], () => void>();
  private failure: Error | null = null;
  private readonly hear: (touches: number) => void;

  constructor(spec: CrewSpec, index: number, hear: (touches: number) => void) {
    const [node, ...before] = spec.command;
    this.hear = hear;
    this.child = spawn(node, [...before, spec.file.pathname, JSON.stringify(spec.setting(index))], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child.on('message', (word: Word) => this.heard(word));
    this.child.on('exit', (code) => this.fails(`A process of ${spec.file.pathname} ended with ${code}.`));
  }

  private heard(word: Word): void {
    if (word.word === 'handled') this.hear(word.touches);
    else if (word.word === 'failed') this.fails(word.why ?? 'failed');
    this.waiting.get(word.word)?.();
    this.waiting.delete(word.word);
  }

  private fails(why: string): void {
    this.failure ??= new Error(why);
    for (const wake of this.waiting.values()) wake();
  }

  /** @throws Error what went wrong in it */
  check(): void {
    if (this.failure !== null) throw this.failure;
  }

  tell(order: Order): void {
    this.child.send(order);
  }

  async says(word: Word['word']): Promise<void> {
    this.check();
    await new Promise<void>((resolve) => this.waiting.set(word, resolve));
    this.check();
  }

  async end(): Promise<void> {
    const gone = this.child.exitCode === null ? once(this.child, 'exit') : undefined;
    if (this.child.connected) this.child.disconnect();
    await gone;
  }
}

export class Crew {
  private members: MemberProcess[] = [];
  private handled = 0;

  /** Starts the processes one after the other: the first may have tables to make. */
  static async start(spec: CrewSpec): Promise<Crew> {
    const crew = new Crew();
    for (let index = 0; index < spec.processes; index += 1) {
      const member = new MemberProcess(spec, index, (touches) => {
        crew.handled += touches;
      });
      crew.members.push(member);
      await member.says('ready');
    }
    return crew;
  }

  /** Has the queue filled. */
  async fill(chains: number, waiting: number): Promise<void> {
    const [first] = this.members;
    first?.tell({ order: 'fill', chains, waiting });
    await first?.says('filled');
  }

  /**
   * Lets it work until `touches` are handled and nothing is in flight.
   * @throws Error when one of them fails, or nothing is handled for a minute
   */
  async handle(touches: number, moment: string, isInFlight: () => Promise<boolean>): Promise<void> {
    this.handled = 0;
    for (const member of this.members) member.tell({ order: 'begin', moment });
    let [last, lastAtMs] = [0, performance.now()];
    while (this.handled < touches) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (const member of this.members) member.check();
      if (this.handled > last) [last, lastAtMs] = [this.handled, performance.now()];
      if (performance.now() - lastAtMs > patienceMs)
        throw new Error(`Only ${last} of ${touches} touches were handled.`);
    }
    while (await isInFlight()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async pause(): Promise<void> {
    const paused = this.members.map((member) => member.says('paused'));
    for (const member of this.members) member.tell({ order: 'pause' });
    await Promise.all(paused);
  }

  async end(): Promise<void> {
    for (const member of this.members) await member.end();
  }
}
