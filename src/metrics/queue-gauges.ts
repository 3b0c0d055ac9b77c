// What the database says of the whole queue. When it cannot be read, nothing is told that may have been true before.
import type { Gauge, Registry } from 'prom-client';
import type { QueueState } from '../engine/queue-state.ts';
import { metrics } from './catalog.ts';
import { gauge, type Labels, setAll } from './instruments.ts';

type Values = readonly { labels?: Labels; value: number }[];

const one = (value: number): Values => [{ value }];

const told: readonly [keyof typeof metrics, (state: QueueState) => Values][] = [
  ['safeMode', ({ isSafeMode }) => one(Number(isSafeMode))],
  ['lag', ({ lagSeconds }) => one(lagSeconds)],
  ['dueUnclaimed', ({ dueUnclaimedSeconds }) => one(dueUnclaimedSeconds)],
  ['dueLanes', ({ dueLanes }) => one(dueLanes)],
  ['blockedLanes', ({ blockedLanes }) => one(blockedLanes)],
  [
    'backlog',
    ({ backlogs, otherBacklog }) => [
      ...backlogs.map(({ businessId, touches }) => ({ labels: { business: businessId }, value: touches })),
      { labels: { business: 'other' }, value: otherBacklog },
    ],
  ],
  ['backlogCapped', ({ isBacklogCapped }) => one(Number(isBacklogCapped))],
  [
    'unproved',
    ({ unknown, held }) => [
      { labels: { state: 'unknown' }, value: unknown },
      { labels: { state: 'held' }, value: held },
    ],
  ],
  [
    'pausedAccounts',
    ({ pausedAccounts }) =>
      pausedAccounts.map(({ channel, kind, accounts }) => ({ labels: { channel, kind }, value: accounts })),
  ],
];

/** @returns tells a state; undefined: the database could not be read */
export function queueGauges(registry: Registry): (state: QueueState | undefined) => void {
  const up = gauge(metrics.databaseUp, registry);
  const gauges = told.map(([key, values]): [Gauge, typeof values] => [gauge(metrics[key], registry), values]);
  return (state) => {
    up.set(Number(state !== undefined));
    for (const [instrument, values] of gauges) setAll(instrument, state === undefined ? [] : values(state));
  };
}
