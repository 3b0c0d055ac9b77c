// A demo's report in words and as a document.
import { type Column, plain, table } from '../table.ts';
import { counted, listed } from '../words.ts';
import type { DemoReport } from './index.ts';
import type { CampaignCounts, Reasons } from './recount.ts';

const most = 20;

function inWords(reasons: Reasons): string {
  const parts = Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`);
  return parts.length === 0 ? '-' : parts.join(', ');
}

const columns: readonly Column<CampaignCounts>[] = [
  { title: 'CAMPAIGN', value: ({ campaign }) => campaign },
  { title: 'ENROLLED', value: ({ enrolled }) => enrolled, align: 'right' },
  { title: 'SENT PER TOUCH', value: ({ sent }) => sent.join(' + ') },
  { title: 'REVIEWS', value: ({ reviews }) => reviews, align: 'right' },
  { title: 'DEFERRED', value: ({ deferred }) => inWords(deferred) },
  { title: 'SKIPPED', value: ({ skipped }) => inWords(skipped) },
  { title: 'STOPPED', value: ({ stopped }) => inWords(stopped) },
];

function businessLine({ name, time_zone, jobs, not_enrolled }: DemoReport['businesses'][number]): string {
  const not = Object.keys(not_enrolled).length === 0 ? '' : `; not enrolled: ${inWords(not_enrolled)}`;
  return `${name} (${time_zone}): ${counted(jobs, 'completed job')}${not}.`;
}

function verdict({ invariants, disagreements }: DemoReport): string[] {
  const all = Object.entries(invariants);
  const broken = all.filter(([, count]) => count > 0).map(([name, count]) => `${name}: ${count}`);
  const held = broken.length === 0 ? ', each broken 0 times.' : `; broken: ${listed(broken, most)}.`;
  return [
    disagreements.length === 0
      ? "The mailbox and the engine's own records agree."
      : `The mailbox and the engine's own records do not agree: ${disagreements.join(' ')}`,
    `${counted(all.length, 'invariant')} checked${held}`,
    ...all.map(([name, count]) => `  ${String(count).padStart(3)}  ${name}`),
  ];
}

/** Nothing is broken, and all sums agree. */
export function isSound({ invariants, disagreements }: DemoReport): boolean {
  return disagreements.length === 0 && Object.values(invariants).every((count) => count === 0);
}

/** @param paint decorates titles */
export function describeDemo(report: DemoReport, paint: (text: string) => string): string {
  const { businesses, campaigns, seconds, seed, from, to } = report;
  const sent = campaigns.flatMap((campaign) => campaign.sent).reduce((sum, count) => sum + count, 0);
  const made = seconds === null ? 'made before' : `made in ${seconds} s`;
  return [
    `${from.toISOString().slice(0, 16)} to ${to.toISOString().slice(0, 16)} UTC, seed ${seed}, ${made}: ${counted(sent, 'message')} in the mailbox.`,
    ...businesses.map((business) => plain(businessLine(business))),
    '',
    table(campaigns, columns, paint, 'No campaigns.'),
    '',
    ...verdict(report),
  ].join('\n');
}
