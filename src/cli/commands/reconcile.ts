// `touchline reconcile`: the way out of safe mode. What may have left in the time the database lost is looked for at the providers, and
// what cannot be proved follows each business's policy.
import type { Command } from 'commander';
import { leaveSafeMode, readSafeMode } from '../../db/read/safe-mode.ts';
import { checkIn, doubtAll } from '../../engine/at-home.ts';
import { reconcileByEvidence } from '../../engine/reconcile.ts';
import type { Database } from '../database.ts';
import { momentOf, type OpenEngine, openEngine } from '../engine.ts';
import { generationSeen } from '../memory.ts';
import type { Answer, Cli, Perform } from '../perform.ts';
import { CommandProblem, exit } from '../problem.ts';

interface ReconcileOptions {
  since: string;
  leave?: true;
  wait: boolean;
  sender?: string;
}

const pauseMs = 500;

const openDoubts = (database: Database): Promise<number> =>
  database.run(async (client) => (await readSafeMode(client))?.open_doubts ?? 0);

/** Goes on until nothing is open: the touch after one that is resolved may have left as well. */
async function resolveAll(engine: OpenEngine, database: Database, since: Date, waits: boolean): Promise<number> {
  let doubted = 0;
  for (;;) {
    const some = await doubtAll(engine, since);
    doubted += some;
    await engine.store.reconcile(100, engine.clock.now());
    await reconcileByEvidence(engine, 100);
    if (!waits || (some === 0 && (await openDoubts(database)) === 0)) return doubted;
    await engine.clock.sleep(pauseMs);
  }
}

function notNeeded(): CommandProblem {
  return new CommandProblem({
    code: 'not_in_safe_mode',
    what: 'This database is not in safe mode.',
    why: 'Unknown outcomes are looked for all the time; only a database that lost a time needs this. Nothing was changed.',
    fix: 'touchline doctor says whether something is wrong.',
    exitCode: exit.refused,
  });
}

async function run(cli: Cli, { since, leave, wait, sender }: ReconcileOptions): Promise<Answer> {
  const database = await cli.open('current');
  const from = momentOf(since);
  const seenBefore = await generationSeen(cli.config, database);
  const safeMode = await database.run((client) => readSafeMode(client, seenBefore));
  if (safeMode === undefined || from === null) throw notNeeded();
  const engine = await openEngine(cli.config, database, sender === undefined ? {} : { sender });
  try {
    // Nobody may have looked since the restore: then it is noticed here.
    await checkIn(engine);
    cli.say(
      'Looking for what may have been sent. Where nobody can be asked, this takes the minutes until the policy decides.',
    );
    const doubted = await resolveAll(engine, database, from, wait);
    const open = await openDoubts(database);
    // Where this is a copy, workers of the other one may have gone on.
    const seen = await generationSeen(cli.config, database);
    const left = leave === true && (await database.run((client) => leaveSafeMode(client, from, seen, null)));
    const next = left ? 'Touchline sends again.' : 'Nothing is sent yet: run it again with --leave when you are sure.';
    const text = `Doubted ${doubted}, still open ${open}. ${next} touchline unknown list shows what is not proved.`;
    return { text, document: { doubted, open, left } };
  } finally {
    engine.close();
  }
}

export function addReconcile(parent: Command, perform: Perform): void {
  parent
    .command('reconcile')
    .description('after a restore or a copy: find out what was sent since, then send again')
    .requiredOption(
      '--since <moment>',
      'how old the data is, like 2026-03-02T15:00:00Z; rather too early than too late',
    )
    .option('--leave', 'this database is the one in use from now on, and no other sends: leave safe mode')
    .option('--no-wait', 'do not wait for answers and policies')
    .option('--sender <name>', 'mailbox or memory; only where the clock is virtual')
    .action(perform(run));
}
