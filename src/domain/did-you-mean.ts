// "Did you mean": the nearest known name.
import { editDistance } from './edit-distance.ts';

/** The known name that `given` most likely meant, or undefined when none is near. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const wanted = given.toLowerCase();
  const [best] = known
    .map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  if (best === undefined) return undefined;
  // A third of the letters, but never so many that nothing of a short name need be right.
  const bearable = Math.min(best.name.length - 1, Math.max(2, Math.ceil(best.name.length / 3)));
  return best.distance <= bearable ? best.name : undefined;
}

/** ` Did you mean X?`, or nothing. */
export function didYouMean(given: string, known: readonly string[]): string {
  const name = nearest(given, known);
  return name === undefined ? '' : ` Did you mean ${name}?`;
}
