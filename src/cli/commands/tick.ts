// One bounded pass, for a cron or for trying: decide, reconcile, send what is due.
import type { Command } from 'commander';
import { wayOut } from '../../db/read/safe-mode.ts';
import { type TickReport, tick } from '../../engine/tick.ts';
import { type EngineOptions, openEngine } from '../engine.ts';
import type { Perform } from '../perform.ts';
import { exit } from '../problem.ts';
import { counted, listed } from '../words.ts';

/** `3 touches: 2 accepted and 1 retry`, or that there was nothing. */
export function describeOutcomes({ claimed, outcomes }: Pick<TickReport, 'claimed' | 'outcomes'>): string {
  if (claimed === 0) return 'nothing was due';
  const kinds = Object.entries(outcomes).map(([kind, number]) => `${number} ${kind}`);
  return `${counted(claimed, 'touch', 'touches')}: ${listed(kinds)}`;
}

function sentence(report: TickReport): string {
  const { decided, reconciled, corrected } = report;
  const parts = [
    decided > 0 ? `decided ${counted(decided, 'job')}` : '',
    reconciled > 0 ? `reconciled ${counted(reconciled, 'intent')}` : '',
    corrected > 0 ? `corrected ${counted(corrected, 'lane')}` : '',
    describeOutcomes(report),
  ].filter((part) => part !== '');
  const text = parts.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

export function addTick(parent: Command, perform: Perform): void {
  parent
    .command('tick')
    .description('do everything that is due now, once: decide waiting jobs, reconcile, send (email by SMTP_URL)')
    .option('--now <moment>', 'act as at this moment, like 2026-03-02T15:00:00Z; only where the clock is virtual')
    .option(
      '--sender <name>',
      'mailbox: keep messages in the database; memory: drop them; only where the clock is virtual',
    )
    .action(
      perform(async ({ config, open }, options: EngineOptions) => {
        const engine = await openEngine(config, await open('current'), options);
        try {
          const report = await tick(engine);
          if (report.safeMode === null) return { text: sentence(report), document: report };
          const text = `SAFE MODE, nothing is sent: ${report.safeMode} ${wayOut}`;
          return { text, document: report, exitCode: exit.refused };
        } finally {
          engine.close();
        }
      }),
    );
}
