// What the daily counts cost: the engine as it is, its counts folded at the end as house-keeping would, beside the same engine in
// the same database with a function in the place of its counting that does nothing.
import type pg from 'pg';
import { engineStore } from '../../src/db/engine/store.ts';
import { mostFolded } from '../../src/engine/tick.ts';
import { runEngine } from './engine.ts';

/** Handles everything that is due and folds what was counted; answers how many touches. */
export async function runAndFold(pool: pg.Pool, batch: number, now: string): Promise<number> {
  const handled = await runEngine(pool, batch, now);
  const store = engineStore(pool);
  let folded = mostFolded;
  while (folded >= mostFolded) folded = await store.foldCounts(mostFolded);
  return handled;
}

/** Switches counting off and on again. What was not counted meanwhile stays uncounted. */
export async function countingSwitch(client: pg.ClientBase): Promise<(isOn: boolean) => Promise<void>> {
  const { rows } = await client.query<{ definition: string }>(
    `select pg_catalog.pg_get_functiondef(p.oid) as definition
     from pg_catalog.pg_proc p
     where p.pronamespace = 'touchline'::pg_catalog.regnamespace and p.proname = 'count_touches'`,
  );
  const counting = rows[0]?.definition ?? '';
  const nothing = counting.replace(/^begin$[\s\S]*^end$/m, 'begin\nend');
  return async (isOn) => void (await client.query(isOn ? counting : nothing));
}
