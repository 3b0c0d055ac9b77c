// A worker's next fault: happens when the armed point is passed for the n-th time, once.
import type { FromWorker } from './messages.ts';
import { type Arming, type CrashPoint, nameOf, type Provider } from './points.ts';

/** The connection to the database is to break here. */
export class Cut extends Error {
  override readonly name = 'Cut';
  /** As when the server ends a connection. */
  readonly code = '08006';
}

const tell = (message: FromWorker): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });

const forever = (): Promise<never> => new Promise(() => undefined);

export class Armed {
  private arming: Arming | undefined;
  private left = 0;
  private readonly goOn: () => Promise<void>;

  /** @param goOn resolves when the parent has done its part */
  constructor(goOn: () => Promise<void>) {
    this.goOn = goOn;
  }

  arm(arming: Arming | undefined): void {
    this.arming = arming;
    this.left = arming?.after ?? 0;
  }

  /** Whether anything can happen at this point. */
  awaits(point: CrashPoint, provider?: Provider): boolean {
    return this.arming?.point === point && (this.arming.provider === undefined || this.arming.provider === provider);
  }

  /** Says that a point is passed; resolves at once unless the fault is due there. Throws Cut where the connection is to break. */
  async pass(point: CrashPoint, provider?: Provider): Promise<void> {
    const { arming } = this;
    if (arming === undefined || !this.awaits(point, provider)) return;
    this.left -= 1;
    if (this.left >= 0) return;
    this.arming = undefined;
    await tell({ kind: 'reached', name: nameOf(arming), fault: arming.fault });
    await this.happen(arming.fault);
  }

  private async happen(fault: Arming['fault']): Promise<void> {
    switch (fault) {
      case 'kill':
        process.kill(process.pid, 'SIGKILL');
        await forever();
        break;
      case 'freeze':
        process.kill(process.pid, 'SIGSTOP');
        break;
      case 'crash_database':
        await this.goOn();
        break;
      case 'cut':
        throw new Cut('The connection was cut by the campaign.');
    }
  }
}
