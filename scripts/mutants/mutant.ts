// A mutant: the engine with one thing made wrong, the scenario that drives it there, and the invariants that must say so.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/db/migrate/source.ts';
import type { Clock } from '../../src/engine/clock.ts';
import type { EngineStore, Sender } from '../../src/engine/ports.ts';
import type { ScenarioName } from './scenarios.ts';

/** Text of a SQL function, and what stands there instead. */
interface Change {
  /** Name of the function: its file is sql/functions/NAME.sql. */
  function: string;
  /** Stands exactly once in the file, or with `everywhere` at least once. */
  from: string;
  to: string;
  everywhere?: boolean;
}

/** A piece of the engine in TypeScript, wrapped. */
export interface Wrap {
  /** The file whose promise is broken. */
  file: string;
  store?: (store: EngineStore) => EngineStore;
  sender?: (sender: Sender) => Sender;
  clock?: (clock: Clock) => Clock;
}

export interface Mutant {
  name: string;
  /** What the engine does wrong, as a sentence without its subject. */
  what: string;
  scenario: ScenarioName;
  /** Files of sql/invariants, without `.sql`, that must report it. */
  breaks: readonly string[];
  changes?: readonly Change[];
  wrap?: Wrap;
  /** A constraint or index that makes the fault impossible, and is dropped with the change: `table constraint` or `index`. */
  drops?: string;
}

const pathOf = (name: string): string => `sql/functions/${name}.sql`;

function mutatedText(name: string, changes: readonly Change[]): string {
  let text = readFileSync(join(packageRoot, pathOf(name)), 'utf8');
  for (const { from, to, everywhere = false } of changes) {
    const parts = text.split(from);
    const found = parts.length - 1;
    if (found === 0 || (found > 1 && !everywhere)) {
      throw new Error(
        `${pathOf(name)} has the text "${from}" ${found} times instead of ${everywhere ? 'at least once' : 'once'}. The function has ` +
          'changed: say anew in scripts/mutants what the mutant replaces.',
      );
    }
    text = parts.join(to);
  }
  return text;
}

/**
 * The mutated functions, as statements.
 * @throws when a text that is to be replaced does not stand there any more
 */
export function statementsOf({ changes = [], drops }: Mutant): string[] {
  const names = [...new Set(changes.map((change) => change.function))];
  const functions = names.map((name) =>
    mutatedText(
      name,
      changes.filter((change) => change.function === name),
    ),
  );
  if (drops === undefined) return functions;
  const [table, constraint] = drops.split(' ');
  const drop =
    constraint === undefined
      ? `drop index touchline.${table}`
      : `alter table touchline.${table} drop constraint ${constraint}`;
  return [drop, ...functions];
}

/** Where the mutant is, for the table. */
export function placesOf({ changes = [], wrap, drops }: Mutant): string {
  const places = [...new Set(changes.map((change) => pathOf(change.function)))];
  if (wrap !== undefined) places.push(wrap.file);
  const dropped = drops === undefined ? '' : `, without ${drops.split(' ').at(-1)}`;
  return `${places.join(', ')}${dropped}`;
}
