// A worker's next faults: each happens when its point is passed for the n-th time, once.
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
  private readonly armings: Arming[] = [];
  private readonly goOn: () => Promise<void>;

  /** @param goOn resolves when the parent has done its part */
  constructor(goOn: () => Promise<void>) {
    this.goOn = goOn;
  }

  arm(armings: readonly Arming[]): void {
    this.armings.push(...armings);
  }

  private at(point: CrashPoint, provider?: Provider): Arming[] {
    return this.armings.filter(
      (arming) => arming.point === point && (arming.provider === undefined || arming.provider === provider),
    );
  }

  /** Whether anything can happen at this point. */
  awaits(point: CrashPoint, provider?: Provider): boolean {
    return this.at(point, provider).length > 0;
  }

  /** Says that a point is passed; resolves at once unless a fault is due there. Throws Cut where the connection is to break. */
  async pass(point: CrashPoint, provider?: Provider): Promise<void> {
    const passed = this.at(point, provider);
    for (const arming of passed) arming.after -= 1;
    const due = passed.find(({ after }) => after < 0);
    if (due === undefined) return;
    this.armings.splice(this.armings.indexOf(due), 1);
    await tell({ kind: 'reached', name: nameOf(due), fault: due.fault });
    await this.happen(due.fault);
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
