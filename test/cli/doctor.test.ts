// `touchline doctor`: what is wrong is named, with its cure. Every wall that can fall is felled once.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/db/doctor/finding.ts';
import { compareCatalog } from '../../src/db/doctor/schema.ts';
import { judgeServer } from '../../src/db/doctor/server.ts';
import { checkWalls } from '../../src/db/doctor/walls.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from '../support/database.ts';
import { document, type Program, programOn } from './run.ts';

interface Report {
  ok: boolean;
  checks: Finding[];
}

describe('the server', () => {
  const at = (version: string, embedded = false): Finding => {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return judgeServer({ version, major, minor }, embedded);
  };

  test.each([
    ['14.22', 'problem', 'PostgreSQL 14.22 is too old.'],
    ['15.2', 'warning', 'PostgreSQL 15.2 lacks the security fixes of 15.19.'],
    ['17.99', 'ok', 'PostgreSQL 17.99.'],
    ['19.0', 'ok', 'PostgreSQL 19.0.'],
  ])('%s: %s', (version, state, detail) => {
    expect(at(version)).toMatchObject({ state, detail });
  });

  test('the embedded one is what it is', () => {
    expect(at('17.10', true).state).toBe('ok');
  });
});

describe('a database without Touchline', () => {
  test('is told what to run, and is left alone', async () => {
    const empty = await emptyDatabase('cli_doctor_empty');
    try {
      const ran = await programOn(empty.url).run(['doctor', '--json']);
      expect(ran.code).toBe(1);
      const { ok, checks } = document<Report>(ran);
      expect(ok).toBe(false);
      expect(checks.filter(({ state }) => state === 'problem')).toMatchObject([
        { check: 'schema', fix: 'Run touchline migrate.' },
      ]);
    } finally {
      await empty.drop();
    }
  });
});

describe('a database with Touchline', () => {
  let database: TestDatabase;
  let touchline: Program;

  beforeAll(async () => {
    database = await testDatabase('cli_doctor');
    touchline = programOn(database.url);
  });
  afterAll(() => database.drop());

  async function checks(): Promise<Finding[]> {
    return document<Report>(await touchline.run(['doctor', '--json'])).checks;
  }

  test('passes every check of the walls', async () => {
    const found = await checks();
    const walls = ['schema', 'roles', 'rls', 'owner', 'invariants'];
    expect(found.filter(({ check }) => walls.includes(check))).toMatchObject([
      { check: 'schema', state: 'ok' },
      { check: 'roles', state: 'ok' },
      { check: 'rls', state: 'ok' },
      { check: 'owner', state: 'ok' },
      { check: 'invariants', state: 'ok' },
    ]);
    expect(found).toContainEqual({ check: 'settings', state: 'ok', detail: 'There is no business yet.', fix: '' });
  });

  test('as text, each line begins with its verdict, and the last one counts', async () => {
    const { out } = await touchline.run(['doctor']);
    expect(out).toMatch(/^ok {7}rls {8}Every table has row level security\.$/m);
    expect(out).toMatch(/\n\d+ problems?, \d+ warnings?\.\n$/);
  });

  test('what a business lacks is a warning with the command that mends it', async () => {
    const add = ['business', 'add', '--name', "Ann's Plumbing", '--time-zone', 'America/New_York'];
    const { business } = await touchline.json<{ business: { id: string } }>(add);
    const settings = (await checks()).filter(({ check }) => check === 'settings');
    expect(settings.map(({ state }) => state)).toEqual(['warning', 'warning', 'ok']);
    expect(settings[0]).toMatchObject({
      detail: "Ann's Plumbing has no postal_address: every email needs one by law, and waits until it is there.",
      fix: `touchline business set --business ${business.id} --postal-address "1 Main Street, Albany, NY 12207"`,
    });
  });

  test('data that cannot be is found, and only where --since reaches', async () => {
    await touchline.json(['campaign', 'copy', 'gentle']);
    const { campaign } = await touchline.json<{ campaign: { business_id: string } }>(['campaign', 'publish', 'Gentle']);
    const job = JSON.stringify({ external_id: 'job-1', completed_at: new Date().toISOString() });
    const customer = JSON.stringify({ external_id: 'customer-1', email: 'ben@example.test' });
    await database.asRole('service_role', null, (client) =>
      client.query('select touchline.complete_job($1, $2, $3)', [campaign.business_id, job, customer]),
    );
    await database.query('delete from touchline.touch_queue');
    const ran = await touchline.run(['doctor', '--json']);
    expect(ran.code).toBe(1);
    const { checks: found } = document<Report>(ran);
    expect(found).toContainEqual(
      expect.objectContaining({
        check: 'invariants',
        state: 'problem',
        detail: expect.stringMatching(/queue_row_per_enrollment: 1 found, the first in business [0-9a-f-]{36}: \{/),
      }),
    );
    const later = document<Report>(await touchline.run(['doctor', '--json', '--since', 'infinity'])).checks;
    expect(later).toContainEqual(expect.objectContaining({ check: 'invariants', state: 'ok' }));
    const wrong = document<Report>(await touchline.run(['doctor', '--json', '--since', 'yesterdayish'])).checks;
    expect(wrong).toContainEqual(expect.objectContaining({ check: 'invariants', state: 'problem' }));
  });

  describe('with a wall felled', () => {
    async function found(sql: string): Promise<Finding[]> {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      try {
        await client.query('begin');
        await client.query(sql);
        return (await checkWalls(client)).filter(({ state }) => state === 'problem');
      } finally {
        await client.end();
      }
    }

    test.each([
      [
        'a table without row level security',
        'alter table touchline.customers disable row level security',
        { check: 'rls', detail: 'The table customers has no row level security.' },
      ],
      [
        'the worker without the schema',
        'revoke usage on schema touchline from touchline_worker',
        { check: 'roles', detail: 'touchline_worker may not use the schema touchline.' },
      ],
      [
        'nobody let in',
        'grant usage on schema touchline to anon',
        { check: 'roles', detail: 'anon, which is nobody, may use the schema touchline.' },
      ],
      [
        'users past row level security',
        'alter role authenticated bypassrls',
        { check: 'roles', detail: 'authenticated is not held by row level security.' },
      ],
      [
        'an operator who sees nothing',
        'alter role service_role nobypassrls',
        {
          check: 'roles',
          detail: expect.stringMatching(
            /^service_role has no BYPASSRLS, so commands that look see nothing\. As a superuser: /,
          ),
        },
      ],
      [
        'the worker as owner of a table',
        'alter table touchline.jobs owner to touchline_worker',
        { check: 'owner', detail: expect.stringMatching(/^Several roles own parts of the schema: .*touchline_worker/) },
      ],
    ])('%s is found', async (_, sql, finding) => {
      expect(await found(sql)).toMatchObject([finding]);
    });

    test('the worker as owner of everything is found', async () => {
      const all = await found('alter schema touchline owner to touchline_worker');
      expect([...all.flatMap(({ detail, more = [] }) => [detail, ...more])]).toContain(
        'touchline_worker is, or may become, the owner of the schema, whom row level security does not hold.',
      );
    });
  });
});

describe('the catalog', () => {
  const expected = readFileSync(fileURLToPath(new URL('../../sql/schema.snapshot.sql', import.meta.url)), 'utf8');

  test('equal to the expected one has no difference, also with the optional indexes', () => {
    const extra =
      'CREATE INDEX idx_enrollments_touch_1_due ON touchline.campaign_enrollments USING btree (touch_1_scheduled_at)';
    expect(compareCatalog(`${expected}\n${extra}`, expected)).toEqual([]);
  });

  test('that was changed by hand is told line by line (defect 91)', () => {
    const line = 'table touchline.campaigns: row level security on';
    const changed = expected.replace(line, 'table touchline.campaigns: row level security off');
    expect(compareCatalog(changed, expected)).toEqual([
      `The database lacks: ${line}`,
      'The database has, and this version does not: table touchline.campaigns: row level security off',
    ]);
  });
});
