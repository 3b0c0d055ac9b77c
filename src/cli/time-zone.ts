import type { ClientBase } from 'pg';
import { listTimeZones } from '../db/read/businesses.ts';
import { nearest } from '../domain/did-you-mean.ts';
import { usage } from './problem.ts';

/** `New York` and `new_york` mean America/New_York: the last part of a name is how people call a zone. */
function suggest(zone: string, known: readonly string[]): string {
  const city = (name: string): string => name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  const wanted = city(zone).replaceAll(' ', '_');
  const meant = known.find((name) => city(name) === wanted) ?? nearest(zone, known);
  return meant === undefined ? '' : ` Did you mean ${meant}?`;
}

/**
 * Refuses a time zone that this server does not resolve, and says which one was probably meant.
 * @throws CommandProblem `usage`
 */
export async function checkTimeZone(client: ClientBase, zone: unknown): Promise<void> {
  if (typeof zone !== 'string') return;
  const known = await listTimeZones(client);
  if (known.includes(zone)) return;
  throw usage(`There is no time zone "${zone}".${suggest(zone, known)}`, 'Use an IANA name, like America/New_York.');
}
