// The demo beside a running server: made in the background where there is nothing to look at yet, and kept going by a worker of its own.
import { homePort } from '../db/home.ts';
import { hasBusiness } from '../db/read/businesses.ts';
import type { HomePort } from '../engine/home.ts';
import type { AppOptions } from '../http/app.ts';
import type { Database } from './database.ts';
import { demoUserId, fillDemo, openDemo } from './demo/index.ts';
import { linksOf, tokensOf } from './links.ts';
import type { Cli } from './perform.ts';
import { describe, inOneLine } from './problem.ts';
import { openWorker } from './worker.ts';

type DemoState = Awaited<ReturnType<NonNullable<NonNullable<AppOptions['home']>['demo']>>>;

export interface DemoBeside {
  state(): DemoState;
  /** What its pages show; undefined as long as it is not made. */
  port(): HomePort | undefined;
  /** Makes it where it belongs, and works for it until the signal is aborted. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** When nobody looks at its pages any more. */
  close(): Promise<void>;
}

export interface DemoOptions {
  /** Where it is looked at. */
  base: () => string;
  /** False: it is shown if it is there, and nothing happens in it. */
  works: boolean;
}

class Beside implements DemoBeside {
  private readonly cli: Cli;
  private readonly kept: Database;
  private readonly options: DemoOptions;
  private current: DemoState = { state: 'absent' };
  private demo: Database | undefined;

  constructor(cli: Cli, kept: Database, options: DemoOptions) {
    this.cli = cli;
    this.kept = kept;
    this.options = options;
  }

  state(): DemoState {
    return this.current;
  }

  port(): HomePort | undefined {
    return this.demo && homePort(this.demo.pool, { role: 'authenticated', userId: demoUserId });
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      this.demo = (await openDemo(this.kept)) ?? (await this.make(signal));
      if (this.demo === undefined) return;
      this.current = { state: 'ready' };
      this.cli.say(`Made-up businesses to look around in: ${this.options.base()}`);
      if (this.options.works) await this.work(this.demo, signal);
    } catch (error) {
      this.current = { state: 'absent' };
      if (!signal.aborted) this.cli.say(`There is no demo: ${inOneLine(describe(error))}`);
    }
  }

  async close(): Promise<void> {
    await this.demo?.close();
  }

  /** Only while the kept database is empty: whoever has a business of their own does not look for one. */
  private async make(signal: AbortSignal): Promise<Database | undefined> {
    if (!this.options.works || signal.aborted || (await this.kept.run(hasBusiness))) return undefined;
    this.current = { state: 'making' };
    this.cli.say('Making a demo month in the background …');
    const tokens = tokensOf(this.cli.config, this.kept);
    await fillDemo(this.kept, {
      signal,
      onProgress: ({ day, days }) => {
        this.current = { state: 'making', day, days };
      },
      ...(tokens === undefined ? {} : { links: linksOf(tokens, this.options.base()) }),
    });
    return openDemo(this.kept);
  }

  private async work(demo: Database, signal: AbortSignal): Promise<void> {
    // Its people are made up: whatever the settings say, it writes to nobody.
    const config = { ...this.cli.config, smtpUrl: undefined, publicUrl: undefined };
    const worker = await openWorker(config, demo, () => undefined, { sender: 'mailbox', base: this.options.base });
    try {
      await worker.run(signal);
    } finally {
      await worker.close();
    }
  }
}

/** The demo beside a kept database; nothing is made or opened before `run`. */
export function demoBeside(cli: Cli, kept: Database, options: DemoOptions): DemoBeside {
  return new Beside(cli, kept, options);
}
