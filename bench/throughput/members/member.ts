// A process of a crew, seen from inside: it hears from the bench when to begin and to pause, and says how many touches it handled.
// Also run by a newer Node than ours, with its types stripped: nothing but erasable syntax, and no package is imported by name.

/** What the bench tells a member. */
export type Order =
  | { order: 'fill'; chains: number; waiting: number }
  | { order: 'begin'; moment: string }
  | { order: 'pause' };

/** What a member tells the bench. */
export type Word =
  | { word: 'ready' | 'filled' | 'paused' | 'failed'; why?: string }
  | { word: 'handled'; touches: number };

export interface Member {
  /** Adds the first touch of so many chains, and touches that are due in a year. The first member of a crew is asked to. */
  fill?(chains: number, waiting: number): Promise<void>;
  /** Begins to work, without waiting for anything. */
  begin(moment: string): Promise<void>;
  /** Ends what runs, and is silent until it is told to begin. */
  pause(): Promise<void>;
}

const say = (word: Word): void => void process.send?.(word);
let handled = 0;

/** Counts touches that are handled. */
export function count(touches: number): void {
  handled += touches;
}

function tell(): void {
  if (handled === 0) return;
  say({ word: 'handled', touches: handled });
  handled = 0;
}

async function obey(member: Member, order: Order): Promise<void> {
  switch (order.order) {
    case 'fill':
      await member.fill?.(order.chains, order.waiting);
      say({ word: 'filled' });
      break;
    case 'begin':
      await member.begin(order.moment);
      break;
    case 'pause':
      await member.pause();
      say({ word: 'paused' });
  }
}

/** Says that it failed, and ends. */
export function fail(error: unknown): void {
  say({ word: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
}

/** Serves the bench until it lets go. */
export function serve(member: Member): void {
  process.on('message', (order: Order) => {
    obey(member, order).catch(fail);
  });
  process.on('disconnect', () => process.exit());
  setInterval(tell, 10);
  say({ word: 'ready' });
}

/** The arguments of this process, as the crew was given them. */
export function setting<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T;
}
