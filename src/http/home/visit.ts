// One request to the pages: who asks, of which database, about which business.
import type { Context } from 'hono';
import type { BusinessSummary, HomePort } from './port.ts';
import type { Said } from './said.ts';

/** Pages of one database, as they are mounted. */
export interface Place {
  /** '' for the kept database, `/demo` for the demo. */
  base: string;
  isDemo: boolean;
  /** Whether messages end in the built-in mailbox. */
  mailboxOnly: boolean;
}

export interface Visit {
  place: Place;
  port: HomePort;
  now: Date;
  businesses: BusinessSummary[];
  /** Why nothing is sent from this database; undefined: it may send. */
  stopped: string | undefined;
  /** What the action before this page did; told once, by the page that asks. */
  said: () => Said | undefined;
}

/** A visit to one business. */
export interface BusinessVisit extends Visit {
  business: BusinessSummary;
}

export interface PagesEnv {
  Variables: { visit: Visit };
}

export type PagesContext = Context<PagesEnv>;

/** Where the pages of a business begin. */
export function rootOf({ place, business }: Pick<BusinessVisit, 'place' | 'business'>): string {
  return `${place.base}/b/${business.id}`;
}

/** Somebody asked for a thing that is not there, or not theirs. */
export class NothingThere extends Error {
  override readonly name = 'NothingThere';
}

/** @throws NothingThere */
export function businessOf(context: PagesContext): BusinessVisit {
  const visit = context.get('visit');
  const business = visit.businesses.find(({ id }) => id === context.req.param('business'));
  if (business === undefined) throw new NothingThere('business');
  return { ...visit, business };
}
