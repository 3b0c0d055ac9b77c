// `touchline import jobs`: exports of other programs, invented people; what is not imported is said with line, reason and fix.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { expectInvariants } from '../support/invariants.ts';
import { document, type Failure, type Program, programOn } from './run.ts';

const fixture = (name: string): string => join(import.meta.dirname, '../fixtures/import', `${name}.csv`);
const now = ['--now', '2026-03-02T15:00:00Z'];

interface Imported {
  format: string;
  rows: Record<string, number>;
  left_out: Record<string, number>;
  rejected: { line: number; column: string; what: string; fix: string }[];
  would?: { line: number; outcome: string; detail: string }[];
  without_sms_consent: { jobs: number; sms_touches: number };
  enrollment: null | { done: boolean; enrolled: number; first_slot: string | null; last_slot: string | null };
}

let database: TestDatabase;
let touchline: Program;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'));
  database = await testDatabase({ name: 'cli_import', virtualClock: true });
  touchline = programOn(database.url);
  for (const name of ['Jobber Co', 'Housecall Co', 'Titan Co', 'Enroll Co', 'Odd Co']) {
    const profile = ['--postal-address', '1 Main Street, Springfield', '--review-url', 'https://reviews.example.com/x'];
    await touchline.json(['business', 'add', '--name', name, '--time-zone', 'America/New_York', ...profile]);
    await touchline.json(['campaign', 'copy', 'standard', '--business', name]);
    await touchline.json(['campaign', 'publish', 'Standard', '--business', name]);
  }
});
afterAll(async () => {
  await expectInvariants(database, { now: new Date('2026-03-02T15:00:00Z') });
  await database.drop();
  await rm(folder, { recursive: true });
});

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const jobs = (path: string, business: string, ...more: string[]): string[] => [
  'import',
  'jobs',
  path,
  '--business',
  business,
  ...now,
  ...more,
];

async function stored<T>(business: string, columns: string): Promise<T[]> {
  const { rows } = await database.query(
    `select ${columns} from touchline.jobs j
     join touchline.customers k on (k.business_id, k.id) = (j.business_id, j.customer_id)
     join touchline.businesses b on b.id = j.business_id
     where b.name = $1 order by j.external_id`,
    [business],
  );
  return rows as T[];
}

describe('an export', () => {
  test('of Jobber: quoted line breaks, several numbers, a bad address, an open job', async () => {
    const { code, out, err } = await touchline.run(jobs(fixture('jobber'), 'Jobber Co'));
    expect(err).toContain(
      'Read as Jobber, separated by commas: 5 rows.\nColumns used: Job #, Client name, Client email,',
    );
    expect(err).toContain('Columns ignored: Service street, Service city, Service ZIP, Created date,');
    expect(err).toContain('Dates are read as month/day/year: line 2 can be read in no other way.');
    expect(err).toContain('Times without an offset are read in America/New_York');
    expect(out).toContain(
      'line 6, Client email: rejected: "bram@example" is not an email address. Write it like ann@example.com, or leave the cell empty.\n',
    );
    expect(out).toMatch(/rows +5\nimported +4\nupdated +0\nunchanged +0\nleft out +0\nrejected +1\n/);
    expect(out).toMatch(/Consent: 2 completed jobs are of customers with a phone .* SMS touches of the live campaigns/);
    expect(code).toBe(0);
    const found = await stored(
      'Jobber Co',
      'j.external_id, j.service_type, j.status, j.decision, k.first_name, k.phone',
    );
    expect(found).toMatchObject([
      {
        external_id: 'jobber:1024',
        service_type: 'plumbing',
        status: 'completed',
        decision: 'imported',
        first_name: 'Mara',
      },
      { external_id: 'jobber:1025', service_type: 'hvac', first_name: 'Ivo', phone: '+12125550112' },
      { external_id: 'jobber:1026', service_type: 'electrical', status: 'scheduled', decision: null },
      { external_id: 'jobber:1028', service_type: 'cleaning', first_name: null, phone: null },
    ]);
  });

  test('of Housecall Pro: byte order mark, semicolons, ="…", do not text, cancelled', async () => {
    const imported = await touchline.json<Imported>(jobs(fixture('housecall-pro'), 'Housecall Co'));
    expect(imported).toMatchObject({
      format: 'housecall-pro',
      rows: { total: 4, imported: 3, left_out: 1, rejected: 0 },
      left_out: { cancelled: 1 },
      rejected: [],
    });
    const found = await stored(
      'Housecall Co',
      'j.external_id, j.status, j.completed_at, k.phone, k.sms_consent_status as sms',
    );
    expect(found).toMatchObject([
      { external_id: 'housecall-pro:678', completed_at: new Date('2026-02-26T16:50:00Z'), sms: 'unknown' },
      { external_id: 'housecall-pro:679', phone: '+12125550122', sms: 'opted_out' },
      { external_id: 'housecall-pro:680', status: 'scheduled', completed_at: null },
    ]);
  });

  test('of ServiceTitan: tabs, consent with its evidence, the same job again', async () => {
    const imported = await touchline.json<Imported>(jobs(fixture('servicetitan'), 'Titan Co'));
    expect(imported).toMatchObject({
      format: 'servicetitan',
      rows: { total: 4, imported: 3, left_out: 1 },
      left_out: { same_job_again: 1 },
      without_sms_consent: { jobs: 1 },
    });
    expect(imported.without_sms_consent.sms_touches).toBeGreaterThan(0);
    const { rows } = await database.query(
      `select e.kind, e.source, e.method, e.occurred_at, k.external_id from touchline.consent_events e
       join touchline.customers k on (k.business_id, k.id) = (e.business_id, e.customer_id) where k.external_id like 'servicetitan:%'`,
    );
    expect(rows).toEqual([
      {
        kind: 'opt_in',
        source: 'import',
        method: 'service_agreement',
        occurred_at: new Date('2026-01-15T17:00:00Z'),
        external_id: 'servicetitan:7001',
      },
    ]);
  });

  test.each([
    ['jobber', 'Jobber Co', 4],
    ['housecall-pro', 'Housecall Co', 3],
    ['servicetitan', 'Titan Co', 3],
  ])('of %s imported twice changes nothing', async (name, business, unchanged) => {
    const before = await stored(business, 'j.*, k.*');
    const again = await touchline.json<Imported>(jobs(fixture(name), business));
    expect(again.rows).toMatchObject({ imported: 0, updated: 0, unchanged });
    expect(await stored(business, 'j.*, k.*')).toEqual(before);
  });
});

describe('a file of our own format', () => {
  const header = 'job_id,customer_id,first_name,email,phone,service_type,completed_at,sms_consent\n';
  const row = (id: string, more = ''): string =>
    `${id},c-${id},Zoe,${id}@example.test,,plumbing,2026-02-27 12:00,${more}\n`;

  test('tried first writes nothing and says what would become of each row', async () => {
    const path = await file('dry.csv', header + row('d1') + row('d2', 'maybe') + row('d3'));
    const args = jobs(path, 'Odd Co', '--dry-run');
    const { code, out } = await touchline.run(args);
    expect(out).toContain('line 2: imported (completed job, new customer)\n');
    expect(out).toContain('line 3, sms_consent: rejected: "maybe" does not say whether there is consent. Write ');
    expect(out).toContain('This was a dry run: nothing was written.\n');
    expect(code).toBe(0);
    expect((await touchline.json<Imported>(args)).would).toHaveLength(2);
    expect(await stored('Odd Co', 'j.id')).toEqual([]);
  });

  test('of rejected rows only fails, and dates that could be two days say what to do', async () => {
    const path = await file('dates.csv', header + row('a1').replace('2026-02-27', '03/02/2026'));
    const { code, out, err } = await touchline.run(jobs(path, 'Odd Co'));
    expect(err).toContain(
      'Dates like that of line 2 could be month/day or day/month, and nothing in the file says which',
    );
    expect(out).toContain('could be month/day or day/month. Say which with --date-order mdy (month first)');
    expect(code).toBe(1);
    const said = await touchline.json<Imported>(jobs(path, 'Odd Co', '--date-order', 'dmy', '--dry-run'));
    expect(said.rows).toMatchObject({ imported: 1, rejected: 0 });
  });

  test('what the database refuses is told by line, too', async () => {
    const path = await file('future.csv', header + row('f1').replace('2026-02-27', '2027-02-27'));
    const { out } = await touchline.run(jobs(path, 'Odd Co'));
    expect(out).toContain('line 2: rejected: completed_at is missing or in the future.');
  });

  test('shows progress on a terminal only, and nothing of a cell can move the cursor', async () => {
    const path = await file('loud.csv', header + row('p1', '\u001b[2Jmaybe'));
    const { out, err } = await touchline.run(jobs(path, 'Odd Co', '--dry-run'), { terminal: true });
    expect(out).not.toContain('\u001b[2J');
    expect(err).not.toContain('rows\r');
    const good = await file('good.csv', header + row('p2'));
    expect((await touchline.run(jobs(good, 'Odd Co', '--dry-run'), { terminal: true })).err).toContain('\r\u001b[K');
    expect((await touchline.run(jobs(good, 'Odd Co', '--dry-run'))).err).not.toContain('\r');
  });

  describe('with --enroll', () => {
    test('shows who would be enrolled and when, and enrolls nobody without --yes', async () => {
      const ids = Array.from({ length: 4 }, (_, index) => `e${index}`);
      const path = await file(
        'enroll.csv',
        header + ids.map((id) => row(id)).join('') + row('old').replace('2026', '2025'),
      );
      const shown = await touchline.run(jobs(path, 'Enroll Co', '--enroll', '--per-hour', '2'));
      expect(shown.code).toBe(3);
      expect(shown.out).toMatch(
        /Would enroll 4 of 5 jobs\.\nNot now: 1 \(1 too_old\)\.\nFirst message Mar \d, 2026.* \(America\/New_York\), last first message .*\nAt 2 per hour, counting the hours in which messages may leave, they begin within 1 hour 30 min\./,
      );
      expect(shown.out).toContain('Nobody was enrolled: add --yes to do it.\n');
      const decided = await stored<{ decision: string }>('Enroll Co', 'j.decision');
      expect(decided.map(({ decision }) => decision)).toEqual(ids.map(() => 'imported').concat('imported'));

      const done = await touchline.json<Imported>(jobs(path, 'Enroll Co', '--enroll', '--per-hour', '2', '--yes'));
      expect(done).toMatchObject({ rows: { unchanged: 5 }, enrollment: { done: true, enrolled: 4 } });
      const again = await touchline.json<Imported>(jobs(path, 'Enroll Co', '--enroll', '--yes'));
      expect(again.enrollment).toMatchObject({ enrolled: 0 });
    });

    test.each([
      [['--dry-run', '--enroll'], 'A dry run enrolls nobody.'],
      [['--yes'], '--yes is about enrolling. Add --enroll, or leave it out.'],
      [['--per-hour', '60'], '--per-hour is about enrolling.'],
      [['--enroll', '--per-hour', '0'], 'It must be a whole number from 1 to 999999.'],
    ])('%j is refused', async (options, says) => {
      const { code, err } = await touchline.run(jobs(fixture('jobber'), 'Odd Co', ...options));
      expect(err).toContain(says);
      expect(code).toBe(2);
    });
  });
});

describe('what is no such file is refused with what to do, and nothing of it is written', () => {
  const good = 'job_id,email,completed_at\n1,zoe@example.test,2026-02-27\n';
  const utf8 = 'Save it as "CSV UTF-8", and give that file.';
  test.each<[string, string | Buffer, string]>([
    [
      'wrong encoding',
      Buffer.from(`${good}2,zo\xeb@example.test,2026-02-27\n`, 'latin1'),
      `It is not text in UTF-8, after line 1. ${utf8}`,
    ],
    ['UTF-16', Buffer.from(`\ufeff${good}`, 'utf16le'), `It is text in UTF-16, not in UTF-8. ${utf8}`],
    ['NUL', `${good}2,zoe\0@example.test,2026-02-27\n`, 'It has a NUL byte on line 3, which no text has.'],
    [
      'a field of a megabyte',
      `${good}2,"${'x'.repeat(1_000_000)}",2026-02-27\n`,
      'is longer than 256 KiB. Look for a quotation mark that is never closed.',
    ],
    [
      'an open quotation mark',
      `${good}2,"zoe@example.test,2026-02-27\n`,
      'is never closed. Close it, or write it twice inside a cell.',
    ],
    [
      'missing columns',
      'job_id,email\n1,zoe@example.test\n',
      'The file has no column for when the job was completed (completed_at).',
    ],
    ['empty', '', 'The file is empty. Export the jobs again'],
    ['only a byte order mark', '\ufeff\n\n', 'The file is empty.'],
    [
      'Excel',
      Buffer.from('PK\u0003\u0004rest of a zip'),
      'It is an Excel workbook (or another zip file), not a CSV file.',
    ],
    ['PDF', '%PDF-1.7 and so on', 'It is a PDF, not a CSV file.'],
    [
      'no CSV',
      '<html>\n<body>jobs</body>\n',
      'It does not look like a CSV file: its first row has no comma, semicolon or tab.',
    ],
    ['JSON', '{"job_id": 1, "email": "zoe@example.test"}\n', 'The file has no column for an id of the job'],
  ])('%s', async (name, content, says) => {
    const path = await file(`${name.replaceAll(' ', '-')}.csv`, content);
    const ran = await touchline.run([...jobs(path, 'Odd Co'), '--json']);
    const { error } = document<Failure>(ran);
    expect([error.what, error.why, error.fix].filter(Boolean).join(' ')).toContain(says);
    expect(ran.code).toBe(2);
    expect(await stored('Odd Co', 'j.id')).toEqual([]);
  });

  test('a path that leads nowhere, a folder, and an unknown format', async () => {
    expect((await touchline.run(jobs(join(folder, 'gone.csv'), 'Odd Co'))).err).toContain('There is no such file.');
    expect((await touchline.run(jobs(folder, 'Odd Co'))).err).toContain('It is a folder.');
    const { code, err } = await touchline.run(jobs(fixture('jobber'), 'Odd Co', '--format', 'excel'));
    expect(err).toContain('Allowed choices are plain, jobber, housecall-pro, servicetitan.');
    expect(code).toBe(2);
  });
});
