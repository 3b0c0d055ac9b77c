// Counts what the engine of this process does.
import type { Registry } from 'prom-client';
import type { Meter } from '../engine/meter.ts';
import { metrics } from './catalog.ts';
import { counter, gauge, histogram } from './instruments.ts';

const inSeconds = (ms: number): number => ms / 1000;

export function engineMeter(registry: Registry): Meter {
  const claims = counter(metrics.claims, registry);
  const claimedTouches = counter(metrics.claimedTouches, registry);
  const claimLatency = histogram(metrics.claimLatency, registry);
  const attempts = counter(metrics.attempts, registry);
  const settleLatency = histogram(metrics.settleLatency, registry);
  const failedSettles = counter(metrics.failedSettles, registry);
  const slots = gauge(metrics.slots, registry);
  const slotsUsed = gauge(metrics.slotsUsed, registry);
  return {
    claimed: (intents, ms) => {
      claims.inc({ result: intents.length > 0 ? 'touches' : 'nothing' });
      for (const { channel } of intents) claimedTouches.inc({ channel });
      claimLatency.observe(inSeconds(ms));
    },
    claimFailed: (result) => claims.inc({ result }),
    handedOver: ({ sender, channel }, { kind: outcome }) => attempts.inc({ sender: sender.kind, channel, outcome }),
    settled: (waitedMs) => {
      for (const ms of waitedMs) settleLatency.observe(inSeconds(ms));
    },
    settleFailed: () => failedSettles.inc(),
    slots: (used, all) => {
      slotsUsed.set(used);
      slots.set(all);
    },
  };
}
