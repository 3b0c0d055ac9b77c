// All mutants, in the order of the invariants they break, and their table for docs/invariants.md.
import { invariantFiles } from '../../test/support/violations.ts';
import { type Mutant, placesOf } from './mutant.ts';
import { mutantsOfCounts } from './mutants-of-counts.ts';
import { mutantsOfLife } from './mutants-of-life.ts';
import { mutantsOfPeople } from './mutants-of-people.ts';
import { mutantsOfSending } from './mutants-of-sending.ts';

export const mutants: readonly Mutant[] = [
  ...mutantsOfSending,
  ...mutantsOfPeople,
  ...mutantsOfLife,
  ...mutantsOfCounts,
].toSorted((a, b) => (a.breaks[0] ?? '').localeCompare(b.breaks[0] ?? '') || a.name.localeCompare(b.name));

/** Invariants that no mutant is meant to break, of those that were given. */
export function withoutMutant(broken: readonly string[] = mutants.flatMap(({ breaks }) => breaks)): string[] {
  const known = new Set(broken);
  return invariantFiles.map(({ name }) => name).filter((name) => !known.has(name));
}

/** Lines of the table in docs/invariants.md. */
export function tableLines(): string[] {
  const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ');
  return [
    '| mutant | the engine … | mutated | in | caught by |',
    '|---|---|---|---|---|',
    ...mutants.map((mutant) => {
      const { name, what, scenario, breaks } = mutant;
      return `| ${name} | ${what} | ${placesOf(mutant)} | ${scenario} | ${code(breaks)} |`;
    }),
  ];
}
