// What is said of an enrollment: how long the starts take, and how long the accounts need for all that is planned.
import { describe, expect, test } from 'vitest';
import { describeEnrolling } from '../../src/cli/import/summary.ts';
import type { ChannelCapacity, EnrollSummary } from '../../src/db/call/import.ts';

const found: EnrollSummary = {
  ...{
    jobs: 3520,
    not_completed: 0,
    already_enrolled: 0,
    enrolled: 3520,
    queued: 0,
    conflict: 0,
    refused: 0,
    reasons: {},
  },
  ...{ first_slot: '2026-03-02T15:00:00Z', last_slot: '2026-03-05T19:48:00Z', next_slot: '2026-03-05T19:49:00Z' },
  ...{ messages: { sms: 3520, email: 7040 }, planned_skips: {} },
};
const options = { perHour: 100, zone: 'America/New_York', isDone: true };

function said(channels: ChannelCapacity[], more: Partial<EnrollSummary> = {}, perHour: number | null = 100): string {
  return describeEnrolling({ ...found, ...more }, channels, { ...options, perHour });
}

describe('the capacity of an account', () => {
  test('is said in days of its open hours', () => {
    expect(said([{ channel: 'sms', rate_per_hour: 100, open_hours: 11 }])).toContain(
      "Capacity: 3,520 texts at the account's 100 an hour, 11 hours a day: 3.2 days.",
    );
  });

  test('is said in hours where it is less than a day', () => {
    expect(said([{ channel: 'email', rate_per_hour: 2000, open_hours: 13.96 }])).toContain(
      "Capacity: 7,040 emails at the account's 2,000 an hour, 14 hours a day: 3 hours 32 min.",
    );
  });

  test('is nothing to speak of without a rate, or without a message', () => {
    const channels: ChannelCapacity[] = [
      { channel: 'email', rate_per_hour: null, open_hours: 14 },
      { channel: 'sms', rate_per_hour: 100, open_hours: 11 },
    ];
    expect(said(channels, { messages: { email: 5 } })).not.toContain('Capacity');
  });

  test('is none where no window is open', () => {
    expect(said([{ channel: 'sms', rate_per_hour: null, open_hours: 0 }])).toContain(
      'Capacity: 3,520 texts, and no sending window in which one may leave.',
    );
  });
});

describe('the pace', () => {
  test('is what the slots say, nights and all', () => {
    expect(said([])).toContain(
      'At 100 per hour, counting the hours in which messages may leave, they begin within 3.2 days.',
    );
  });

  test('is none where all begin at once', () => {
    expect(said([], {}, null)).toContain('All begin at once; --per-hour N');
  });
});
