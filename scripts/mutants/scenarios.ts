// Every scenario by its name.
import { scenariosOfCounts } from './scenarios-of-counts.ts';
import { scenariosOfLife } from './scenarios-of-life.ts';
import { scenariosOfOutcomes } from './scenarios-of-outcomes.ts';
import { scenariosOfPeople } from './scenarios-of-people.ts';
import { scenariosOfTime } from './scenarios-of-time.ts';
import type { Stage } from './stage.ts';

const all = {
  ...scenariosOfCounts,
  ...scenariosOfLife,
  ...scenariosOfOutcomes,
  ...scenariosOfPeople,
  ...scenariosOfTime,
};

export type ScenarioName = keyof typeof all;

/** Drives the engine; what the invariants say at its end, and wherever it asks, is the verdict. */
export const scenarios: Readonly<Record<ScenarioName, (stage: Stage) => Promise<void>>> = all;
