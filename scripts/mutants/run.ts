// One run of a scenario on a database of its own, with the engine whole or mutated.
import { openWorld } from '../../test/engine/world.ts';
import type { TestServer } from '../../test/support/test-server.ts';
import { type Mutant, statementsOf } from './mutant.ts';
import { type ScenarioName, scenarios } from './scenarios.ts';
import { Stage } from './stage.ts';

export interface Verdict {
  /** Broken invariants, each with one row that broke it. */
  broken: ReadonlyMap<string, unknown>;
  /** What the scenario threw. A mutated engine may end in an error; the invariants are asked all the same. */
  error: unknown;
}

/** A mutated engine may go round in circles; what it has done by then is judged. */
const mostMs = 30_000;

const timeUp = (): Promise<Error> =>
  new Promise((resolve) => {
    setTimeout(resolve, mostMs, new Error(`It was not over after ${mostMs / 1000} s.`)).unref();
  });

/** Plays a scenario; without a mutant, on the engine as it is. */
export async function play(server: TestServer, scenario: ScenarioName, mutant?: Mutant): Promise<Verdict> {
  const statements = mutant === undefined ? [] : statementsOf(mutant);
  const world = await openWorld('mutant', server);
  try {
    for (const statement of statements) await world.database.query(statement);
    const stage = new Stage(world, mutant?.wrap);
    const played = scenarios[scenario](stage).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const error = await Promise.race([played, timeUp()]);
    await stage.judge();
    return { broken: stage.broken, error };
  } finally {
    await world.close();
  }
}
