// Sleeping until a moment, or until somebody rings. A ring that comes while nobody sleeps ends the next sleep at once.
import type { Clock } from '../engine/clock.ts';

export class Alarm {
  private readonly clock: Clock;
  private bell = new AbortController();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  ring(): void {
    // A reason spares the error with its stack that is made without one.
    this.bell.abort('rung');
  }

  async sleep(ms: number): Promise<void> {
    await this.clock.sleep(ms, this.bell.signal);
    if (this.bell.signal.aborted) this.bell = new AbortController();
  }
}
