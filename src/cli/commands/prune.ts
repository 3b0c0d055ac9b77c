// `prune`: lets go what is old and no longer needed, and shows what that is.
import { type Command, InvalidArgumentError } from 'commander';
import { type RetentionRule, readRetention } from '../../db/call/prune.ts';
import { systemClock } from '../../engine/clock.ts';
import { momentOf } from '../engine.ts';
import type { Answer, Cli, GlobalOptions, Perform } from '../perform.ts';
import { CommandProblem, exit, usage } from '../problem.ts';
import { type PrunedTable, Pruner } from '../prune/run.ts';
import { type Column, table } from '../table.ts';

interface PruneOptions {
  table?: string;
  olderThan?: number;
  limit?: number;
  seconds?: number;
  dryRun?: boolean;
  now?: string;
}

function readCount(text: string): number {
  if (!/^(?:0|[1-9]\d{0,8})$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

const byItself = ({ how }: RetentionRule): boolean => how === 'automatic';

/** The rules of what is to be pruned: one table, or all that have an age of their own. */
function chosenRules(rules: readonly RetentionRule[], { table: name, olderThan }: PruneOptions): RetentionRule[] {
  if (name === undefined) {
    if (olderThan === undefined) return rules.filter(byItself);
    throw usage('--older-than is about one table.', 'Add --table NAME, or leave it out.');
  }
  const rule = rules.find(({ table_name: known }) => known === name);
  if (rule === undefined)
    throw usage(`There is no table "${name}".`, 'touchline prune --dry-run lists those that are pruned.');
  const { how, default_days: usual, least_days: least, rule: words } = rule;
  if (least === null) {
    const what = how === 'kept' ? `Rows of ${name} are kept.` : `Rows of ${name} are not pruned by themselves.`;
    const why = `Why: ${words}.`;
    const fix = how === 'kept' ? 'Nothing needs to be done.' : 'Prune what they belong to.';
    throw new CommandProblem({ code: 'kept_on_purpose', what, why, fix, exitCode: exit.refused });
  }
  if (olderThan === undefined && usual === null) {
    throw usage(`${name} has no age of its own.`, `Say --older-than DAYS, ${least} or more.`);
  }
  if (olderThan !== undefined && olderThan < least) {
    throw usage(`${name} is kept for ${least} days at least.`, `Say --older-than ${least} or more.`);
  }
  return [rule];
}

const numbers = new Intl.NumberFormat('en-US');

interface Line {
  table: string;
  age: string;
  gone: string;
  rule: string;
}

function columnsOf(dryRun: boolean): Column<Line>[] {
  return [
    { title: 'TABLE', value: (line) => line.table },
    { title: 'OLDER THAN', value: ({ age }) => age, align: 'right' },
    { title: dryRun ? 'WOULD GO' : 'WENT', value: ({ gone }) => gone, align: 'right' },
    { title: 'ROWS THAT', value: ({ rule }) => rule },
  ];
}

function goneWords({ gone, table: name }: PrunedTable): string {
  const others = Object.entries(gone).filter(([other]) => other !== name);
  const parts = others.map(([other, rows]) => `${numbers.format(rows)} ${other}`);
  return [numbers.format(gone[name] ?? 0), ...parts].join(' + ');
}

function linesOf(rules: readonly RetentionRule[], pruned: readonly PrunedTable[], onlyOne: boolean): Line[] {
  return rules.flatMap((rule): Line[] => {
    const done = pruned.find(({ table: name }) => name === rule.table_name);
    const words = { table: rule.table_name, rule: rule.rule };
    if (done !== undefined) return [{ ...words, age: `${done.older_than_days} days`, gone: goneWords(done) }];
    return rule.how === 'asked' && !onlyOne ? [{ ...words, age: 'if asked', gone: '-' }] : [];
  });
}

function answerOf(cli: Cli, rules: readonly RetentionRule[], pruned: PrunedTable[], options: PruneOptions): Answer {
  const dryRun = options.dryRun === true;
  const lines = linesOf(rules, pruned, options.table !== undefined);
  const complete = pruned.every((one) => one.complete);
  const asked = lines.some(({ age }) => age === 'if asked');
  const text = [
    table(lines, columnsOf(dryRun), (title) => cli.paint('bold', title), 'Nothing is pruned.'),
    asked
      ? 'Those that go only if asked: --table NAME --older-than DAYS. What is never pruned, and why: docs/retention.md.'
      : '',
    dryRun ? 'This was a dry run: nothing was deleted.' : '',
    complete ? '' : 'A bound was reached before the end: run it again to go on.',
  ];
  return {
    text: text.filter(Boolean).join('\n'),
    document: { dry_run: dryRun, complete, tables: pruned },
  };
}

async function prune(cli: Cli, options: PruneOptions, json: boolean): Promise<Answer> {
  const { olderThan: olderThanDays = null, limit = Number.POSITIVE_INFINITY, seconds, dryRun = false } = options;
  const now = momentOf(options.now);
  const database = await cli.open('current');
  const rules = await database.run(readRetention);
  const untilMs = seconds === undefined ? Number.POSITIVE_INFINITY : systemClock.monotonicMs() + seconds * 1000;
  const { stderr } = cli.io;
  const tell = (name: string, rows: number): void => {
    if (stderr.isTTY === true && !json) stderr.write(`\r\u001b[K${name}: ${numbers.format(rows)}`);
  };
  const wish = { olderThanDays, dryRun, now, mostRows: limit, untilMs };
  const pruner = new Pruner(database, wish, systemClock, tell);
  const pruned: PrunedTable[] = [];
  for (const rule of chosenRules(rules, options)) pruned.push(await pruner.prune(rule));
  if (stderr.isTTY === true && !json) stderr.write('\r\u001b[K');
  return answerOf(cli, rules, pruned, options);
}

export function addPrune(parent: Command, perform: Perform): void {
  parent
    .command('prune')
    .description('delete rows that are old and no longer needed, in small batches beside running workers')
    .option('--dry-run', 'show what would go; nothing is deleted')
    .option('--table <name>', 'only this table (default: all that have an age of their own)')
    .option('--older-than <days>', "rows older than this (default: the table's own age)", readCount)
    .option('--limit <rows>', 'stop after so many rows', readCount)
    .option('--seconds <seconds>', 'begin no further batch after so long', readCount)
    .option('--now <moment>', 'act as at this moment; only where the clock is virtual')
    .action(
      perform((cli, options: PruneOptions, command: Command) =>
        prune(cli, options, command.optsWithGlobals<GlobalOptions>().json === true),
      ),
    );
}
