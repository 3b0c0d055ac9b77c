// The worker processes: started, armed, killed, frozen and replaced. Only children of this process are ever signalled.
import { type ChildProcess, fork } from 'node:child_process';
import { giveWay } from './give-way.ts';
import type { FromWorker, ToWorker, WorkerOrders } from './messages.ts';
import { type Arming, armings, nameOf } from './points.ts';
import { asCompiled } from './programs.ts';

interface Member {
  child: ChildProcess;
  name: string;
  armings: readonly Omit<Arming, 'after'>[];
  /** Frozen, or was: another one has taken its place, and it ends some time after it has come back. */
  replaced: boolean;
}

export interface FleetOptions {
  /** The worker's. */
  program: string;
  workers: number;
  orders: Omit<WorkerOrders, 'name'>;
  random: () => number;
  /** How long a frozen worker stays so: longer than any horizon. */
  freezeMs: number;
  crashDatabase: () => Promise<void>;
  /** Points that an earlier part of the campaign reached. */
  reachedBefore: ReadonlySet<string>;
  say: (line: string) => void;
}

/** A worker is armed with so many points while some were never reached: the rare ones are then not waited for in turn. */
const newAtOnce = 8;

/** What a worker that was given up has for going on as if nothing had been, in milliseconds. */
const backForMs = 5_000;

export class Fleet {
  /** How often each armed point was reached, by name. */
  readonly reached = new Map<string, number>();
  kills = 0;
  freezes = 0;
  /** Workers that ended by themselves: none may. */
  died = 0;
  private readonly members = new Set<Member>();
  private readonly options: FleetOptions;
  private readonly queue: Omit<Arming, 'after'>[];
  private started = 0;
  private draining = false;
  private ending = false;

  constructor(options: FleetOptions) {
    this.options = options;
    this.queue = armings.toSorted(() => options.random() - 0.5);
    for (let place = 0; place < options.workers; place += 1) this.spawn();
  }

  /** The armed points that were not reached yet. */
  get missing(): string[] {
    return armings.map(nameOf).filter((name) => !this.isReached(name));
  }

  private isReached(name: string): boolean {
    return this.reached.has(name) || this.options.reachedBefore.has(name);
  }

  private spawn(): void {
    this.started += 1;
    const name = `worker-${this.started}`;
    const orders: WorkerOrders = { ...this.options.orders, name };
    const child = fork(this.options.program, [JSON.stringify(orders)], asCompiled);
    giveWay(child.pid);
    const member: Member = { child, name, armings: [], replaced: false };
    this.members.add(member);
    child.on('message', (message) => this.hear(member, message as FromWorker));
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') this.kills += 1;
      else if (!this.ending && code !== 0) {
        this.died += 1;
        this.options.say(`${name} ended with ${code ?? signal}`);
      }
      this.disarm(member);
      this.members.delete(member);
      if (!this.ending && !member.replaced) this.spawn();
    });
  }

  private send(member: Member, message: ToWorker): void {
    if (member.child.connected) member.child.send(message, () => undefined);
  }

  /** What it was armed with and did not meet is for others. */
  private disarm(member: Member): void {
    const isNew = (arming: Omit<Arming, 'after'>): boolean => !this.isReached(nameOf(arming));
    this.queue.unshift(...member.armings.filter(isNew));
    this.queue.push(...member.armings.filter((arming) => !isNew(arming)));
    member.armings = [];
  }

  private arm(member: Member): void {
    // When all were reached they come again, one at a time, and so seldom that most of the time messages are sent.
    if (this.queue.length === 0) this.queue.push(...armings);
    const most = this.missing.length === 0 ? 1 : newAtOnce;
    const added = this.queue.splice(0, Math.max(0, most - member.armings.length));
    member.armings = [...member.armings, ...added];
    const after = (arming: Omit<Arming, 'after'>): number =>
      Math.floor(this.options.random() * (this.isReached(nameOf(arming)) ? 5_000 : 20));
    this.send(member, { kind: 'arm', armings: added.map((arming) => ({ ...arming, after: after(arming) })) });
  }

  private hear(member: Member, message: FromWorker): void {
    if (message.kind === 'ready') {
      if (this.draining) this.send(member, { kind: 'drain' });
      this.arm(member);
    } else if (message.kind === 'error') this.options.say(`${member.name}: ${message.words}`);
    else if (message.kind === 'reached') void this.meet(member, message);
  }

  private async meet(member: Member, { name, fault }: Extract<FromWorker, { kind: 'reached' }>): Promise<void> {
    this.reached.set(name, (this.reached.get(name) ?? 0) + 1);
    member.armings = member.armings.filter((arming) => nameOf(arming) !== name);
    if (fault === 'kill') return;
    if (fault === 'freeze') return this.thawLater(member);
    if (fault === 'crash_database') {
      await this.options.crashDatabase();
      this.send(member, { kind: 'go_on' });
    }
    this.arm(member);
  }

  /** Another worker takes its place at once: a few freezes at a time would otherwise leave nobody, and nothing would be tried. */
  private thawLater(member: Member): void {
    this.freezes += 1;
    this.disarm(member);
    member.replaced = true;
    if (!this.ending) this.spawn();
    const thaw = setTimeout(() => {
      member.child.kill('SIGCONT');
      setTimeout(() => this.send(member, { kind: 'end' }), backForMs).unref();
    }, this.options.freezeMs);
    // The end of the campaign wakes everybody, and must not wait for this.
    thaw.unref();
  }

  private anyOf(choice: number): Member | undefined {
    const awake = [...this.members].filter(({ replaced }) => !replaced);
    return awake[Math.floor(choice * awake.length)];
  }

  kill(choice: number): void {
    this.anyOf(choice)?.child.kill('SIGKILL');
  }

  freeze(choice: number): void {
    const member = this.anyOf(choice);
    if (member === undefined) return;
    member.child.kill('SIGSTOP');
    this.thawLater(member);
  }

  /** Says that time has jumped. */
  jump(): void {
    for (const member of this.members) this.send(member, { kind: 'jump' });
  }

  /** Moves the time of one worker, until the next jump of all. */
  skew(choice: number, byMs: number): void {
    const member = this.anyOf(choice);
    if (member !== undefined) this.send(member, { kind: 'skew', byMs });
  }

  /** Nobody claims from here on; what is under way goes on to its end. */
  drain(): void {
    this.draining = true;
    for (const member of this.members) this.send(member, { kind: 'drain' });
  }

  async end(): Promise<void> {
    this.ending = true;
    const ends = [...this.members].map(({ child }) => {
      child.kill('SIGCONT');
      return new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve();
        else child.once('exit', () => resolve());
      });
    });
    for (const member of this.members) this.send(member, { kind: 'end' });
    await Promise.all(ends);
  }
}
