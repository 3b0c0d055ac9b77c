// A worker that comes to an empty database must not plan for one for ever. While there are hardly any messages, every index that
// begins with the business looks as good as the key, and a plan that takes it walks through all messages for each of them.

const firstAt = 250;
const factor = 4;

/** Counts messages, and lets the server count its tables whenever there were four times as many as the last time. */
export class Statistics {
  private readonly refresh: () => Promise<unknown>;
  private handled = 0;
  private refreshAt = firstAt;

  /** @param refresh runs refresh_statistics in a transaction of its own */
  constructor(refresh: () => Promise<unknown>) {
    this.refresh = refresh;
  }

  /** So many messages were claimed. */
  note(count: number): void {
    this.handled += count;
  }

  /** To be called before a claim, outside of its transaction. */
  async keepUp(): Promise<void> {
    if (this.handled < this.refreshAt) return;
    this.refreshAt = this.handled * factor;
    await this.refresh();
  }
}
