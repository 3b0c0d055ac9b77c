// When a provider says we may come again.
import type { HttpAnswer } from './exchange.ts';

const longestSeconds = 86_400;
// The one form of a date in HTTP; Date.parse alone takes far more for one.
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

const momentOf = (text: string): number => (httpDate.test(text) ? Date.parse(text) : Number.NaN);

/**
 * Seconds of a Retry-After, 1 to 86,400; undefined where there is none that can be read. A date counts from the answer's own Date,
 * so that a clock that is wrong on either side does not matter.
 */
export function retryAfterSeconds({ header }: Pick<HttpAnswer, 'header'>): number | undefined {
  const value = header('retry-after')?.trim();
  if (value === undefined) return undefined;
  const seconds = /^\d{1,15}$/.test(value)
    ? Number(value)
    : Math.ceil((momentOf(value) - momentOf(header('date') ?? '')) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 1), longestSeconds);
}
