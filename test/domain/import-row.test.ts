// Headers are told apart, and a row becomes a customer and a job, or a reason.
import { describe, expect, test } from 'vitest';
import { type FormatName, formats } from '../../src/domain/import/formats.ts';
import { type Header, type HeaderProblem, readHeader } from '../../src/domain/import/header.ts';
import { type RowContext, type RowReading, readRow } from '../../src/domain/import/row.ts';

const plain = ['job_id', 'customer_id', 'first_name', 'last_name', 'email', 'phone', 'service_type', 'completed_at'];
const jobber = ['Job #', 'Client name', 'Client email', 'Client phone', 'Title', 'Scheduled start date', 'Closed date'];
const housecall = ['Job #', 'Customer', 'First Name', 'Last Name', 'Email', 'Mobile Phone', 'Job Status', 'Finished'];
const titan = [
  'Job Number',
  'Customer ID',
  'Customer Name',
  'Customer Phone',
  'Job Status',
  'Job Type',
  'Completed On',
];

function header(titles: readonly string[], format?: FormatName): Header {
  const found = readHeader(titles, format);
  if ('what' in found) throw new Error(found.what);
  return found;
}

function problem(titles: readonly string[], format?: FormatName): HeaderProblem {
  const found = readHeader(titles, format);
  if (!('what' in found)) throw new Error(`It was read as ${found.format.name}.`);
  return found;
}

function context(titles: readonly string[], changes: Partial<RowContext> = {}): RowContext {
  return {
    header: header(titles),
    zone: 'America/Chicago',
    country: 'US',
    dateOrder: undefined,
    serviceType: 'other',
    ...changes,
  };
}

function read(values: Record<string, string>, changes: Partial<RowContext> = {}): RowReading {
  return readRow(Object.values(values), 7, context(Object.keys(values), changes));
}

describe('a header', () => {
  test.each<[FormatName, string[]]>([
    ['plain', plain],
    ['jobber', jobber],
    ['housecall-pro', housecall],
    ['servicetitan', titan],
  ])('of %s is recognised, in any case of letters and order, with more columns', (name, titles) => {
    const found = header([...titles.toReversed().map((title) => ` ${title.toUpperCase()} `), 'Colour']);
    expect(found.format.name).toBe(name);
    expect(found.ignored).toEqual(['Colour']);
  });

  test('without what is needed is refused with what was found', () => {
    expect(problem(['Job #', 'Client name', 'Client email'])).toEqual({
      what: 'The file has no column for when the job was completed (Closed date, Completed date).',
      why: 'It was read as Jobber; its columns are: Job #, Client name, Client email.',
      fix: 'Name the program with --format, or rename the columns; docs/import.md lists the titles.',
    });
    expect(problem(['a', 'b']).what).toContain('nor for');
    expect(problem(jobber, 'servicetitan').what).toContain('Completed On');
  });

  test('every title of every format is its own', () => {
    for (const { name, columns } of formats) {
      for (const [field, titles = []] of Object.entries(columns)) {
        expect(new Set(titles).size, `${name} ${field}`).toBe(titles.length);
      }
    }
  });
});

describe('a row', () => {
  test('of our own format keeps the ids', () => {
    const row = read({
      job_id: '17',
      customer_id: 'c-3',
      first_name: 'Ann',
      last_name: 'Lee',
      email: 'Ann@example.test',
      phone: '(312) 555-0101',
      state: 'il',
      country: 'USA',
      time_zone: 'America/Chicago',
      service_type: 'plumbing',
      title: 'Water\nheater',
      completed_at: '2026-03-04 15:00',
      sms_consent: 'yes',
      sms_consent_at: '2026-01-02',
      sms_consent_method: 'service agreement',
      email_consent: '',
    });
    expect(row).toEqual({
      kind: 'row',
      row: {
        line: 7,
        status: 'completed',
        customer: {
          external_id: 'c-3',
          first_name: 'Ann',
          last_name: 'Lee',
          email: 'ann@example.test',
          phone: '+13125550101',
          state: 'IL',
          country: 'US',
          time_zone: 'America/Chicago',
        },
        job: {
          external_id: '17',
          title: 'Water heater',
          completed_at: '2026-03-04T21:00:00.000Z',
          service_type: 'plumbing',
        },
        sms_consent: {
          status: 'opted_in',
          source: 'import',
          method: 'service_agreement',
          occurred_at: '2026-01-02T18:00:00.000Z',
          notes: 'Column "sms_consent" of an imported Touchline plain file',
        },
      },
    });
  });

  test('of Jobber has ids of its own space, and its person is found by the job', () => {
    const row = read({
      'Job #': '1024',
      'Client name': 'Ann Lee',
      'Client email': '',
      'Client phone': '312-555-0101, 312-555-0102',
      Title: 'Furnace repair',
      'Closed date': 'Mar 4, 2026',
      'Do Not Text': 'yes',
    });
    expect(row).toMatchObject({
      kind: 'row',
      row: {
        status: 'completed',
        customer_by_job: true,
        customer: { external_id: expect.stringMatching(/^jobber:[0-9a-f]{24}$/), phone: '+13125550101' },
        job: { external_id: 'jobber:1024', service_type: 'hvac', title: 'Furnace repair' },
        sms_consent: { status: 'opted_out' },
      },
    });
  });

  test('of Housecall Pro loses the ="…" around numbers and falls back to the end of the appointment', () => {
    const row = read({
      'Job #': '="678"',
      'First Name': 'Ann',
      'Last Name': 'Lee',
      Email: 'ann@example.test',
      'Mobile Phone': '',
      'Home Phone': '3125550101',
      'Job Status': 'Complete unrated',
      Finished: '',
      'End Time': '2026-03-04 15:00',
      Description: 'Deep clean',
    });
    expect(row).toMatchObject({
      row: {
        customer: { phone: '+13125550101' },
        job: { external_id: 'housecall-pro:678', completed_at: '2026-03-04T21:00:00.000Z', service_type: 'cleaning' },
      },
    });
  });

  const titanRow = {
    'Job Number': '9',
    'Customer ID': '31',
    'Customer Name': 'Acme LLC',
    'Customer Phone': '312-555-0101',
    'Job Status': 'Completed',
    'Job Type': 'Visit',
    'Business Unit': 'Plumbing - Service',
    'Completed On': '3/28/2026 4:00 PM',
  };

  test('of ServiceTitan takes the service from the business unit where the job type does not say it', () => {
    const row = read(titanRow);
    expect(row).toMatchObject({
      row: {
        customer: { external_id: 'servicetitan:31', last_name: 'Acme LLC' },
        job: { service_type: 'plumbing', completed_at: '2026-03-28T21:00:00.000Z' },
      },
    });
    expect(row).not.toHaveProperty('row.customer_by_job');
    expect(row).not.toHaveProperty('row.sms_consent');
  });

  test('of a job that is not done is scheduled, a cancelled one is left out', () => {
    expect(read({ ...titanRow, 'Job Status': 'Scheduled' })).toMatchObject({ row: { status: 'scheduled' } });
    expect(read({ ...titanRow, 'Job Status': '', 'Completed On': '' })).toMatchObject({ row: { status: 'scheduled' } });
    expect(read({ ...titanRow, 'Job Status': 'Canceled' })).toEqual({ kind: 'left_out', line: 7, reason: 'cancelled' });
  });

  test.each<[Partial<typeof titanRow>, string, string]>([
    [{ 'Customer Phone': '12' }, 'Customer Phone', '"12" is not a phone number.'],
    [{ 'Customer Phone': 'n/a' }, '', 'There is neither an email address nor a phone number.'],
    [{ 'Completed On': '3/4/2026' }, 'Completed On', '"3/4/2026" could be month/day or day/month.'],
    [{ 'Completed On': '' }, 'Completed On', 'The job is completed, but not when.'],
    [{ 'Job Number': ' ' }, 'Job Number', 'The id of the job is empty.'],
    [{ 'Job Number': 'x'.repeat(200) }, 'Job Number', 'is too long for an id.'],
    [{ 'Job Status': 'Blue' }, 'Job Status', '"Blue" is not a state of a job that is known here.'],
  ])('%j is rejected at the column %j: %s', (changes, column, what) => {
    expect(read({ ...titanRow, ...changes })).toMatchObject({
      kind: 'rejected',
      problem: { line: 7, column, what: expect.stringContaining(what), fix: expect.stringMatching(/\.$/) },
    });
  });

  test('with the wrong number of cells is rejected, unless the surplus is empty', () => {
    const given = context(Object.keys(titanRow));
    const cells = Object.values(titanRow);
    expect(readRow(cells.slice(1), 7, given)).toMatchObject({
      problem: { what: 'The row has 7 cells, the header has 8.' },
    });
    expect(readRow([...cells, 'x'], 7, given).kind).toBe('rejected');
    expect(readRow([...cells, '', ''], 7, given).kind).toBe('row');
  });
});
