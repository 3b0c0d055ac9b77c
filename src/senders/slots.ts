// How many sends may run at once; the others wait in line.

export class Slots {
  private free: number;
  private readonly line: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  /** Waits for a slot; false when the signal was aborted before there was one. */
  async take(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.free > 0) {
      this.free -= 1;
      return true;
    }
    return new Promise((resolve) => {
      const leave = (): void => {
        this.line.splice(this.line.indexOf(enter), 1);
        resolve(false);
      };
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.line.push(enter);
    });
  }

  /** Passes a slot on. */
  give(): void {
    const next = this.line.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
