// What a provider accepted, on disk: one JSON line each, there for good before the provider answers. What kills a process, the
// provider's own too, cannot make it forget.
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, readFile } from 'node:fs/promises';

/** One message that a provider accepted, as far as the provider can know it. */
export interface AcceptedLine {
  provider: 'smtp' | 'resend' | 'twilio';
  providerId: string;
  /** The message's idempotency key (Resend), or the one that its callback address names (Twilio); null where there is none. */
  sendLogId: string | null;
  /** From the callback address. */
  businessId: string | null;
  senderAccountId: string | null;
  channel: 'email' | 'sms';
  recipient: string;
  /** Of everything that was submitted. */
  bodyHash: string;
  /** RFC 3339. */
  acceptedAt: string;
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The lines of a log; a last one that was cut by a crash is none. */
export async function readAcceptances(path: string): Promise<AcceptedLine[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AcceptedLine);
}

/** Appends lines; those that come together share one fsync. */
export class AcceptanceFile {
  private readonly file: FileHandle;
  private waiting: { line: string; done: () => void; fail: (error: unknown) => void }[] = [];
  private writing = false;

  private constructor(file: FileHandle) {
    this.file = file;
  }

  static async open(path: string): Promise<AcceptanceFile> {
    return new AcceptanceFile(await open(path, 'a'));
  }

  private async write(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0);
      try {
        await this.file.appendFile(batch.map(({ line }) => `${line}\n`).join(''));
        await this.file.datasync();
        for (const { done } of batch) done();
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    this.writing = false;
  }

  /** Resolves when the line is on disk. */
  append(line: AcceptedLine): Promise<void> {
    return new Promise((done, fail) => {
      this.waiting.push({ line: JSON.stringify(line), done, fail });
      void this.write();
    });
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
