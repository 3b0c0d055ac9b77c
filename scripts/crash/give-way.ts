// Who waits for the processor: workers and database, never the providers. A provider that gets no time takes a message long after it
// was handed over, and would speak of lateness that is not the worker's.
import { setPriority } from 'node:os';

const behind = 10;

/** Puts a process, and those it will start, behind the others. */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, behind);
  } catch {
    // It has ended already, or belongs to an account that may not be moved.
  }
}
