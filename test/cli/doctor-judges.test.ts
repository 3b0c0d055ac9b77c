// What doctor makes of numbers: where ok ends, where a warning does, and that every finding names its culprit and its cure.
import { describe, expect, test } from 'vitest';
import { figure, megabytes, span } from '../../src/db/doctor/amounts.ts';
import { type ConnectionUse, judgeConnections } from '../../src/db/doctor/connections.ts';
import { type DueWork, judgeDueWork } from '../../src/db/doctor/due-work.ts';
import type { Finding } from '../../src/db/doctor/finding.ts';
import { type IndexHealth, judgeIndexes, wantedIndexes } from '../../src/db/doctor/indexes.ts';
import { type Holder, judgeHolders } from '../../src/db/doctor/snapshots.ts';
import { judgeTables, judgeVacuum, type TableHealth, type VacuumHealth } from '../../src/db/doctor/vacuum.ts';

const only = (findings: readonly Finding[]): Finding => {
  expect(findings).toHaveLength(1);
  return findings[0] ?? expect.fail('There is no finding.');
};

describe('amounts', () => {
  test.each([
    [0.4, '0 s'],
    [119, '119 s'],
    [120, '2 min'],
    [7_199, '119 min'],
    [7_200, '2 h'],
    [200_000, '2 d'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(span(seconds)).toBe(text);
  });

  test('large ones are told apart', () => {
    expect([figure(1_234_567), megabytes(13_631_488)]).toEqual(['1,234,567', '13.0 MB']);
  });
});

describe('who holds back vacuum', () => {
  const quiet: Holder = {
    ...{ kind: 'session', name: '4711', user_name: 'ann', application: 'psql', state: 'idle in transaction' },
    ...{ seconds: 10, transactions: 10, kept_bytes: null },
  };
  const judge = (change: Partial<Holder>, sees_all = true): Finding[] =>
    judgeHolders({ sees_all, user_name: 'owner', holders: [{ ...quiet, ...change }] });

  test.each<[string, Partial<Holder>, Finding['state']]>([
    ['short', {}, 'ok'],
    ['five minutes', { seconds: 300 }, 'warning'],
    ['almost five minutes', { seconds: 299, transactions: 49_999 }, 'ok'],
    ['many transactions', { transactions: 50_000 }, 'warning'],
    ['an hour', { seconds: 3_600 }, 'problem'],
    ['very many transactions', { transactions: 1_000_000 }, 'problem'],
    ['locks alone', { seconds: 400, transactions: null }, 'warning'],
  ])('%s', (_, change, state) => {
    expect(only(judge(change)).state).toBe(state);
  });

  test.each<[Partial<Holder>, string, string]>([
    [
      { seconds: 400, transactions: 7 },
      'Session 4711 (ann, psql) is idle in transaction since 6 min: what changed in the last 7 transactions cannot be vacuumed.',
      'select pg_terminate_backend(4711, 5000);',
    ],
    [
      { seconds: 400, transactions: null, state: 'active' },
      'Session 4711 (ann, psql) is active since 6 min: it keeps its locks.',
      'select pg_terminate_backend(4711, 5000);',
    ],
    [
      { kind: 'standby', name: '17', application: 'standby1', seconds: null, transactions: 90_000 },
      'The standby of WAL sender 17 (ann, standby1) reads: what changed in the last 90,000 transactions cannot be vacuumed.',
      'hot_standby_feedback = off',
    ],
    [
      { ...{ kind: 'slot', name: "it's", user_name: null, application: null, state: 'inactive', seconds: null } },
      "The inactive replication slot it's is kept: what changed in the last 60,000 transactions cannot be vacuumed.",
      "select pg_drop_replication_slot('it''s');",
    ],
    [
      { kind: 'prepared', name: 'order-1', application: null, seconds: 7_300 },
      'The prepared transaction order-1 (ann) waits since 2 h: what changed in the last 60,000 transactions cannot be vacuumed.',
      "rollback prepared 'order-1';",
    ],
  ])('%o is named with its cure', (change, detail, cure) => {
    const finding = only(judge({ transactions: 60_000, ...change }));
    expect(finding.detail).toBe(detail);
    expect(finding.fix).toContain(cure);
  });

  test('a slot that nobody reads is named when the WAL kept for it fills the disk', () => {
    const slot = { kind: 'slot', name: 's', state: 'inactive', seconds: null, transactions: null } as const;
    expect(only(judge({ ...slot, kept_bytes: 1024 ** 3 })).state).toBe('ok');
    expect(only(judge({ ...slot, kept_bytes: 5 * 1024 ** 3 })).detail).toContain('5120.0 MB of WAL are kept for it');
    expect(only(judge({ ...slot, state: 'active', kept_bytes: 5 * 1024 ** 3 })).state).toBe('ok');
  });

  test('whoever cannot see everybody says so', () => {
    const finding = only(judge({}, false));
    expect([finding.state, finding.fix]).toEqual(['warning', 'As a superuser: grant pg_monitor to owner;']);
  });
});

describe('vacuum', () => {
  const healthy: TableHealth = {
    ...{ name: 'touch_queue', live: 5, dead: 0, threshold: 10_000, vacuumed_seconds: 60, is_enabled: true },
  };
  const server: VacuumHealth = {
    ...{ autovacuum: true, track_counts: true, xid_age: 1_000, oldest_table: 'touchline.jobs' },
    freeze_max_age: 200_000_000,
  };

  test.each<[string, Partial<TableHealth>, Finding['state']]>([
    ['as many dead rows as call autovacuum', { dead: 10_000 }, 'ok'],
    ['twice as many', { dead: 20_000 }, 'warning'],
    ['twice as many of a few', { dead: 9_999, threshold: 50 }, 'ok'],
    ['ten times as many', { dead: 100_000 }, 'problem'],
    ['many beside many more', { dead: 300_000, threshold: 2_000_000 }, 'ok'],
  ])('%s', (_, change, state) => {
    expect(only(judgeTables([{ ...healthy, ...change }])).state).toBe(state);
  });

  test('a table is named with its numbers, when it was last vacuumed, and the command', () => {
    const finding = only(judgeTables([{ ...healthy, dead: 30_000, vacuumed_seconds: null }, healthy]));
    expect(finding.detail).toBe(
      'touch_queue has 30,000 dead rows beside 5 live ones; autovacuum should come at 10,000. It was never vacuumed.',
    );
    expect(finding.fix).toContain('vacuum (verbose) touchline.touch_queue;');
  });

  test.each<[string, Partial<VacuumHealth>, Finding['state'], string]>([
    ['on', {}, 'ok', ''],
    ['off', { autovacuum: false }, 'problem', 'alter system set autovacuum = on;'],
    ['blind', { track_counts: false }, 'problem', 'alter system set track_counts = on;'],
    ['late with freezing', { xid_age: 300_000_000 }, 'warning', 'vacuum (freeze, verbose) touchline.jobs;'],
    ['far too late with it', { xid_age: 1_000_000_000 }, 'problem', 'vacuum (freeze, verbose) touchline.jobs;'],
    ['as late as it was told', { xid_age: 900_000_000, freeze_max_age: 700_000_000 }, 'ok', ''],
  ])('autovacuum that is %s', (_, change, state, cure) => {
    const finding = only(judgeVacuum({ ...server, ...change }, [healthy]));
    expect(finding.state).toBe(state);
    expect(finding.fix).toContain(cure);
  });

  test('a table it may not touch is named', () => {
    const finding = only(judgeVacuum(server, [healthy, { ...healthy, name: 'send_logs', is_enabled: false }]));
    expect(finding).toMatchObject({ state: 'problem', detail: 'autovacuum is off for send_logs.' });
    expect(finding.fix).toContain('alter table touchline.send_logs reset (autovacuum_enabled);');
  });
});

describe('indexes', () => {
  const snapshot = [
    'touchline.jobs jobs_pkey PRIMARY KEY (business_id, id)',
    'CREATE INDEX jobs_customer ON touchline.jobs USING btree (business_id, customer_id)',
    'CREATE UNIQUE INDEX jobs_pkey ON touchline.jobs USING btree (business_id, id)',
  ].join('\n');
  const wanted = wantedIndexes(snapshot);
  const index = (name: string, change: Partial<IndexHealth> = {}): IndexHealth => ({
    ...{ name, table: 'jobs', is_valid: true, bytes: 8_192, rows: 0, entry_bytes: 60 },
    ...change,
  });
  const both = [index('jobs_customer'), index('jobs_pkey')];
  const bad = (present: IndexHealth[]): Finding[] =>
    judgeIndexes(wanted, present).filter(({ state }) => state !== 'ok');

  test('all there, valid and slim is ok twice', () => {
    expect(judgeIndexes(wanted, both).map(({ state }) => state)).toEqual(['ok', 'ok']);
  });

  test('one that is missing comes with the statement that makes it, and a key with its constraint', () => {
    expect(bad([]).map(({ fix }) => fix)).toEqual([
      'Run: create index concurrently jobs_customer ON touchline.jobs USING btree (business_id, customer_id);',
      'Run: create unique index concurrently jobs_pkey ON touchline.jobs USING btree (business_id, id); alter table touchline.jobs add constraint jobs_pkey primary key using index jobs_pkey;',
    ]);
  });

  test('one that is invalid is built again, and what a rebuild left is dropped', () => {
    const left = index('jobs_pkey_ccnew1', { is_valid: false });
    const fixes = bad([index('jobs_customer', { is_valid: false }), index('jobs_pkey'), left]).map(({ fix }) => fix);
    expect(fixes[0]).toContain('reindex index concurrently touchline.jobs_customer;');
    expect(fixes[1]).toContain('drop index concurrently touchline.jobs_pkey_ccnew1;');
  });

  const megabyte = 1024 ** 2;
  // 60 bytes in 7,336.8 usable ones: 122 to a page.
  test.each<[string, Partial<IndexHealth>, number]>([
    ['as large as its rows', { bytes: 60 * megabyte, rows: 900_000 }, 0],
    ['half as large again', { bytes: 90 * megabyte, rows: 900_000 }, 0],
    ['four times as large', { bytes: 240 * megabyte, rows: 900_000 }, 1],
    ['empty and large', { bytes: 9 * megabyte, rows: 0 }, 1],
    ['empty and not worth a word', { bytes: 7 * megabyte, rows: 0 }, 0],
  ])('one that is %s', (_, change, count) => {
    const found = bad([index('jobs_customer', change), index('jobs_pkey')]);
    expect(found).toHaveLength(count);
    if (count > 0) expect(found[0]?.fix).toContain('reindex index concurrently touchline.jobs_customer;');
  });

  test('the estimate is told with the numbers it is made of', () => {
    const [finding] = bad([index('jobs_customer', { bytes: 13 * megabyte, rows: 1_220 }), index('jobs_pkey')]);
    expect(finding?.detail).toBe(
      'The index jobs_customer of jobs takes 13.0 MB; for 1,220 rows of 60 bytes 0.1 MB would do (estimated by its size).',
    );
  });
});

describe('connections', () => {
  const use = (taken: number): ConnectionUse => ({
    ...{ taken, most: 100 },
    groups: [
      { name: 'rails', count: 60 },
      { name: 'touchline', count: 12 },
    ],
  });

  test.each([
    [79, 'ok', ''],
    [80, 'warning', 'pools'],
    [95, 'problem', 'pools'],
  ])('%d of 100 taken', (taken, state, cure) => {
    const finding = judgeConnections(use(taken));
    expect(finding.state).toBe(state);
    expect(finding.fix).toContain(cure);
  });

  test('whose they are is told, the most first', () => {
    expect(judgeConnections(use(90)).detail).toBe('90 of 100 connections are taken: rails 60, touchline 12.');
  });
});

describe('due work', () => {
  const lane = { business_id: 'b-1', business: 'Brightwater', channel: 'email', seconds: 600 };
  const claim = { worker: 'host-1:4711', claimed_at: new Date('2026-03-02T15:00:00Z') };
  const judge = (change: Partial<DueWork>): Finding[] =>
    judgeDueWork({ waiting: [], blocked: [], lastClaim: claim, ...change });

  test('a lane that nobody claimed for two minutes is a stopped worker, with the last one that is known', () => {
    expect(only(judge({ waiting: [{ ...lane, seconds: 119 }] })).state).toBe('ok');
    const waiting = [lane, { ...lane, channel: 'sms', seconds: 130 }, { ...lane, seconds: 30 }];
    expect(only(judge({ waiting }))).toMatchObject({
      state: 'problem',
      detail: 'email of Brightwater (b-1) has something due and nobody claims it since 10 min.',
      more: [
        'sms of Brightwater (b-1) has something due and nobody claims it since 2 min.',
        'The last known claim: 2026-03-02T15:00:00.000Z by host-1:4711.',
      ],
      fix: expect.stringContaining('touchline work'),
    });
  });

  test('nobody ever claimed', () => {
    expect(only(judge({ waiting: [lane], lastClaim: undefined })).more).toEqual(['No claim is known.']);
  });

  test('a blocked lane is named with its reason and the statement that lets it in again', () => {
    const blocked = [{ ...lane, blocked_at: claim.claimed_at, reason: 'claim failed: 22P02 no' }];
    const [ok, finding] = judge({ blocked });
    expect(ok?.state).toBe('ok');
    expect(finding).toMatchObject({
      check: 'lanes',
      state: 'problem',
      detail: 'email of Brightwater is left out since 2026-03-02T15:00:00.000Z: claim failed: 22P02 no',
      fix: expect.stringContaining("blocked_reason = null where business_id = 'b-1' and channel = 'email';"),
    });
  });
});
