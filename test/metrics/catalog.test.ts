// Every metric that is told stands in docs/metrics.md as it is, and the page names no other. Names and values are ones that
// Prometheus takes.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Intent } from '../../src/engine/ports.ts';
import type { QueueState } from '../../src/engine/queue-state.ts';
import { metrics } from '../../src/metrics/catalog.ts';
import { createMetrics } from '../../src/metrics/index.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/metrics.md', import.meta.url)), 'utf8');

const state: QueueState = {
  isSafeMode: false,
  lagSeconds: 1.5,
  dueUnclaimedSeconds: 0.5,
  dueLanes: 2,
  blockedLanes: 1,
  backlogs: [{ businessId: '0198c0de-0000-7000-8000-000000000001', touches: 3 }],
  otherBacklog: 0,
  isBacklogCapped: false,
  unknown: 1,
  held: 0,
  pausedAccounts: [{ channel: 'sms', kind: 'twilio', accounts: 1 }],
};

interface Told {
  help: string;
  type: string;
  labels: string[];
}

const sample = /^([a-z_]+)(?:\{((?:[a-z]+="[^"]*",?)*)\})? (?:[0-9.e+-]+)$/;

/** What a scrape shows; fails at a line that is neither comment nor sample. */
function parse(body: string): Map<string, Told> {
  const found = new Map<string, Told>();
  let current: Told = { help: '', type: '', labels: [] };
  for (const line of body.split('\n').filter((text) => text !== '')) {
    const [, name = '', help = ''] = /^# HELP (\S+) (.*)$/.exec(line) ?? [];
    if (name !== '') {
      current = { help, type: '', labels: [] };
      found.set(name, current);
    } else if (line.startsWith('# TYPE ')) {
      current.type = line.split(' ')[3] ?? '';
    } else {
      const [, , labels = ''] = sample.exec(line) ?? [line, expect.fail(`This is no sample: ${line}`)];
      const names = [...labels.matchAll(/([a-z]+)=/g)].map(([, label = '']) => label).filter((label) => label !== 'le');
      current.labels = [...new Set([...current.labels, ...names])];
    }
  }
  return found;
}

const intent = { channel: 'email', sender: { kind: 'smtp' } } as Intent;

describe('what is told', () => {
  let told: Map<string, Told>;

  beforeAll(async () => {
    const all = createMetrics({ version: '0.1.0', startedAt: new Date(0), read: () => Promise.resolve(state) });
    all.meter.claimed([intent], 12);
    all.meter.handedOver(intent, { kind: 'accepted' });
    all.meter.settled([8]);
    all.watchPool('main', { totalCount: 2, idleCount: 1, waitingCount: 0 });
    const { contentType, body } = await all.text();
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    told = parse(body);
  });

  test('is the catalog, with type, labels and help', () => {
    const wanted = Object.values(metrics).map((metric) => {
      const labels = 'labels' in metric ? [...metric.labels] : [];
      return [metric.name, { help: metric.help, type: metric.type, labels }] as const;
    });
    expect(new Map([...told].toSorted())).toEqual(new Map(wanted.toSorted()));
  });

  test('stands in docs/metrics.md, and nothing else does', () => {
    const rows = [...page.matchAll(/^\| `([a-z_]+)` \| (\w+) \| ([^|]*)\| (.*) \|$/gm)];
    const written = rows.map(([, name = '', type = '', labels = '', help = '']) => {
      const names = labels.split(',').map((label) => label.replaceAll('`', '').trim());
      return [name, { help, type, labels: names.filter((label) => label !== '') }] as const;
    });
    expect(new Map(written.toSorted())).toEqual(new Map([...told].toSorted()));
    const mentioned = [...page.matchAll(/`((?:touchline|process)_[a-z_]+)`/g)].map(([, name = '']) => name);
    expect(mentioned.filter((name) => !told.has(name))).toEqual([]);
  });

  test('carries its unit in its name, and counters say that they are totals', () => {
    for (const { name, type } of Object.values(metrics)) {
      if (type === 'counter') expect(name).toMatch(/_total$/);
      else expect(name).not.toMatch(/_total$/);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
      expect(name).not.toMatch(/_(?:ms|millis|minutes|hours|mb|kb)(?:_|$)/);
    }
  });
});

test('values of a database that cannot be read are left out, and come back', async () => {
  let isUp = true;
  const read = () => (isUp ? Promise.resolve(state) : Promise.reject(new Error('gone')));
  const all = createMetrics({ version: '0.1.0', startedAt: new Date(0), read });
  const samples = async () => (await all.text()).body.match(/^touchline_(?:safe_mode|queue|backlog|database).*$/gm);
  const up = await samples();
  expect(up).toEqual([
    'touchline_database_up 1',
    'touchline_safe_mode 0',
    'touchline_queue_lag_seconds 1.5',
    'touchline_backlog_touches{business="0198c0de-0000-7000-8000-000000000001"} 3',
    'touchline_backlog_touches{business="other"} 0',
    'touchline_backlog_capped 0',
  ]);
  isUp = false;
  expect(await samples()).toEqual(['touchline_database_up 0']);
  isUp = true;
  expect(await samples()).toEqual(up);
});
