// What happens in the demo's thirty days whatever is sent: jobs that are completed, a job nobody shall be written to about, and a
// campaign that is paused and resumed. What customers answer is in reactions.ts.
import type { CustomerFields, JobFields } from '../../db/call/jobs.ts';
import { momentOfWall } from '../../domain/import/zone.ts';
import { type DemoBusiness, demoBusinesses } from './businesses.ts';
import { personOf } from './people.ts';
import { type Chance, chanceOf } from './random.ts';

export type Happening =
  | { kind: 'job'; at: Date; business: string; job: JobFields; customer: CustomerFields }
  /** A job marked do_not_send, of the customer of an earlier job. */
  | { kind: 'silent_job'; at: Date; business: string; externalId: string; title: string; customerId: string }
  | { kind: 'pause' | 'resume'; at: Date; business: string; campaign: string };

export interface StoryOptions {
  seed: number;
  from: Date;
  to: Date;
  /** Completed jobs in all. */
  jobs: number;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
const opensHour = 8;
const noonHour = 12;
const closesHour = 18;
// What cannot wait until tomorrow, like a house without heat; its messages would be due at night.
const emergencyShare = 0.1;
const emergencyHours = 5;
// One job in so many is another one of a customer who was there before.
const repeatEvery = 14;

/** When the work of a day ends, in minutes of that day. */
function minuteOfDay(chance: Chance, isSaturday: boolean): number {
  if (isSaturday) return opensHour * 60 + chance.below((noonHour - opensHour) * 60);
  if (chance.happens(emergencyShare)) return closesHour * 60 + chance.below(emergencyHours * 60);
  return opensHour * 60 + chance.below((closesHour - opensHour) * 60);
}

/** Moments at which work ends: on weekdays between eight and six, on some Saturdays until noon, in the business's own time. */
function workingMoments(chance: Chance, { from, to }: StoryOptions, zone: string, count: number): Date[] {
  const days = Math.floor((to.getTime() - from.getTime()) / dayMs);
  const moments: Date[] = [];
  const start = Math.floor(from.getTime() / dayMs) * dayMs;
  while (moments.length < count) {
    const wallDay = start + chance.below(days + 1) * dayMs;
    const weekday = new Date(wallDay).getUTCDay();
    if (weekday === 0 || (weekday === 6 && chance.happens(0.7))) continue;
    const moment = momentOfWall(wallDay + minuteOfDay(chance, weekday === 6) * minuteMs, zone);
    if (moment > from.getTime() && moment < to.getTime() - minuteMs) moments.push(new Date(moment));
  }
  return moments.sort((one, other) => one.getTime() - other.getTime());
}

/** The customer of the job of a number: mostly a new one. */
function customerNumber(chance: Chance, index: number): number {
  const isRepeat = index > 3 && index % repeatEvery === repeatEvery - 1;
  return isRepeat ? index - 1 - chance.below(Math.min(index - 1, repeatEvery - 2)) : index;
}

function jobsOf(options: StoryOptions, business: DemoBusiness, count: number): Happening[] {
  const { seed } = options;
  const moments = workingMoments(chanceOf(seed, 'moments', business.key), options, business.timeZone, count);
  return moments.map((at, index): Happening => {
    const chance = chanceOf(seed, 'job', business.key, index);
    const { serviceType, titles } = chance.pick(business.work);
    const job = {
      external_id: `${business.key}-${1001 + index}`,
      service_type: serviceType,
      title: chance.pick(titles),
      completed_at: at.toISOString(),
    };
    const customer = personOf(seed, business, customerNumber(chance, index));
    return { kind: 'job', at, business: business.key, job, customer };
  });
}

/** The work of a warranty case, after which nobody wants to be asked for a review. */
function silentJob(business: DemoBusiness, jobs: readonly Happening[]): Happening[] {
  const before = jobs[Math.floor(jobs.length / 4)];
  if (before?.kind !== 'job') return [];
  const at = new Date(before.at.getTime() + 3 * dayMs);
  const { external_id: customerId } = before.customer;
  const title = 'Warranty visit, customer upset: no follow-up';
  const externalId = `${business.key}-w1`;
  return [{ kind: 'silent_job', at, business: business.key, externalId, title, customerId: String(customerId) }];
}

function pauseOf({ key, pauses }: DemoBusiness, { from, to }: StoryOptions): Happening[] {
  if (pauses === undefined) return [];
  const at = new Date(from.getTime() + Math.floor((to.getTime() - from.getTime()) * 0.4));
  const until = new Date(at.getTime() + 2 * dayMs);
  return [
    { kind: 'pause', at, business: key, campaign: pauses },
    { kind: 'resume', at: until, business: key, campaign: pauses },
  ];
}

/** How many jobs each business has; together exactly as many as asked for. */
function sharesOf(jobs: number): number[] {
  const counts = demoBusinesses.map(({ share }) => Math.floor(share * jobs));
  const rest = jobs - counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count, index) => (index === 0 ? count + rest : count));
}

/** Everything that happens by itself, in order. The same options make the same story. */
export function tellStory(options: StoryOptions): Happening[] {
  const shares = sharesOf(options.jobs);
  const all = demoBusinesses.flatMap((business, index) => {
    const jobs = jobsOf(options, business, shares[index] ?? 0);
    const silent = index === 0 ? silentJob(business, jobs) : [];
    return [...jobs, ...silent, ...pauseOf(business, options)];
  });
  return all.sort((one, other) => one.at.getTime() - other.at.getTime());
}
