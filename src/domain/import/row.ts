// One row of an export as a customer and a job, or why not.
import type { ServiceType } from '../../generated/rows.ts';
import { readEmail, readPhone } from './address.ts';
import type { Field } from './formats.ts';
import type { Header } from './header.ts';
import { type DateOrder, readMoment } from './moment.ts';
import { derivedId, personName } from './person.ts';
import { Refusal, type RowProblem, shown } from './refusal.ts';
import { countryOf, readConsent, readFlag, readMethod, readState, serviceOf, stateOf } from './words.ts';

/** What the file does not say itself. */
export interface RowContext {
  header: Header;
  /** IANA zone of times without an offset. */
  zone: string;
  /** Two letters: where national phone numbers are from. */
  country: string;
  dateOrder: DateOrder | undefined;
  /** For jobs whose kind is not told. */
  serviceType: ServiceType;
}

/** A row as touchline.import_jobs takes it. */
export interface ImportRow {
  line: number;
  status: 'completed' | 'scheduled';
  customer: Readonly<Record<string, string>>;
  job: Readonly<Record<string, string>> & { readonly external_id: string };
  customer_by_job?: true;
  sms_consent?: Readonly<Record<string, string>>;
  email_consent?: 'opted_out';
}

export type RowReading =
  | { kind: 'row'; row: ImportRow }
  /** Understood, and not for us. */
  | { kind: 'left_out'; line: number; reason: string }
  | { kind: 'rejected'; problem: RowProblem };

interface Reader {
  /** The first cell of the field that says something. */
  text(field: Field): string;
  /** All cells of the field. */
  all(field: Field): string[];
  /** Title of the first column of the field. */
  title(field: Field): string;
  /** What `read` makes of it; null where there is nothing. A refusal gets the column's title. */
  value<T>(field: Field, read: (text: string) => T): T | null;
}

class ColumnRefusal extends Error {
  readonly column: string;
  readonly fix: string;

  constructor(column: string, what: string, fix: string) {
    super(what);
    this.column = column;
    this.fix = fix;
  }
}

/** Without blanks around it, and without the `="…"` by which some exports keep a spreadsheet from reading a number. */
function clean(cell: string | undefined): string {
  return (cell ?? '')
    .trim()
    .replace(/^="(.*)"$/s, '$1')
    .trim();
}

function readerOf(cells: readonly string[], { places, titles }: Header): Reader {
  const placeOf = (field: Field): number =>
    (places[field] ?? []).find((place) => clean(cells[place]) !== '') ?? places[field]?.[0] ?? -1;
  const text = (field: Field): string => clean(cells[placeOf(field)]);
  return {
    text,
    all: (field) => (places[field] ?? []).map((place) => clean(cells[place])),
    title: (field) => titles[places[field]?.[0] ?? -1] ?? field,
    value: (field, read) => {
      const given = text(field);
      if (given === '') return null;
      try {
        return read(given);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        throw new ColumnRefusal(titles[placeOf(field)] ?? field, error.message, error.fix);
      }
    },
  };
}

function present(values: Record<string, string | null | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  );
}

const longestId = 180;

function readId(text: string): string {
  if (text.length <= longestId) return text;
  throw new Refusal(`${shown(text)} is too long for an id.`, `Ids have at most ${longestId} characters.`);
}

function readCustomer(
  reader: Reader,
  { header, country }: RowContext,
): Pick<ImportRow, 'customer' | 'customer_by_job'> {
  const { text, value } = reader;
  const whole = text('name') || text('company');
  const name = personName(text('first_name'), text('last_name'), whole);
  const home = countryOf(text('country'));
  const email = value('email', readEmail);
  const phone = value('phone', (given) => readPhone(given, home ?? country));
  if (email === null && phone === null) {
    const fix = 'Fill in one of them; without an address nobody can be written to.';
    throw new ColumnRefusal('', 'There is neither an email address nor a phone number.', fix);
  }
  const id = value('customer_id', readId);
  const external = `${header.format.prefix}${id ?? derivedId(name, email, phone)}`;
  const customer = present({
    external_id: external,
    ...name,
    email,
    phone,
    country: home,
    state: stateOf(text('state')),
    time_zone: text('time_zone'),
  });
  return id === null ? { customer, customer_by_job: true } : { customer };
}

const longestTitle = 200;

function readJob(reader: Reader, context: RowContext): Pick<ImportRow, 'job' | 'status'> | { reason: string } {
  const { text, value } = reader;
  const { header, zone, dateOrder } = context;
  const id = value('job_id', readId);
  if (id === null) {
    const fix = 'Fill it in: by it the job is found when the file is imported again.';
    throw new ColumnRefusal(reader.title('job_id'), 'The id of the job is empty.', fix);
  }
  const moment = (field: Field): string | null => value(field, (given) => readMoment(given, zone, dateOrder));
  const told = value('status', readState);
  if (told === 'cancelled') return { reason: 'cancelled' };
  const completed = told === 'scheduled' ? null : moment('completed_at');
  if (told === 'completed' && completed === null) {
    const fix = 'Fill in when it was done, or change its status.';
    throw new ColumnRefusal(reader.title('completed_at'), 'The job is completed, but not when.', fix);
  }
  const service = reader.all('service').map(serviceOf);
  return {
    status: completed === null ? 'scheduled' : 'completed',
    job: {
      ...present({
        title: text('title')
          .replace(/[\s\p{Cc}]+/gu, ' ')
          .slice(0, longestTitle)
          .trim(),
        scheduled_for: moment('scheduled_for'),
        completed_at: completed,
      }),
      service_type: service.find((type) => type !== undefined) ?? context.serviceType,
      external_id: `${header.format.prefix}${id}`,
    },
  };
}

function readSmsConsent(reader: Reader, { zone, dateOrder, header }: RowContext): ImportRow['sms_consent'] {
  const { value, title } = reader;
  if (value('no_sms', readFlag) === true) {
    return { status: 'opted_out', source: 'import', notes: `Column "${title('no_sms')}" of an imported file` };
  }
  const status = value('sms_consent', readConsent);
  if (status === null || status === undefined) return undefined;
  const given = present({
    occurred_at: value('sms_consent_at', (text) => readMoment(text, zone, dateOrder)),
    method: status === 'opted_in' ? value('sms_consent_method', readMethod) : null,
  });
  const notes = `Column "${title('sms_consent')}" of an imported ${header.format.title} file`;
  return { status, source: 'import', notes, ...given };
}

function readAll(cells: readonly string[], line: number, context: RowContext): RowReading {
  const reader = readerOf(cells, context.header);
  const job = readJob(reader, context);
  if ('reason' in job) return { kind: 'left_out', line, reason: job.reason };
  const consent = readSmsConsent(reader, context);
  const noEmail =
    reader.value('no_email', readFlag) === true || reader.value('email_consent', readConsent) === 'opted_out';
  return {
    kind: 'row',
    row: {
      line,
      ...job,
      ...readCustomer(reader, context),
      ...(consent === undefined ? {} : { sms_consent: consent }),
      ...(noEmail ? { email_consent: 'opted_out' as const } : {}),
    },
  };
}

/** Reads one row; `line` is where it begins in the file. */
export function readRow(cells: readonly string[], line: number, context: RowContext): RowReading {
  const rejected = (column: string, what: string, fix: string): RowReading => ({
    kind: 'rejected',
    problem: { line, column, what, fix },
  });
  const wanted = context.header.titles.length;
  const hasMore = cells.slice(wanted).some((cell) => clean(cell) !== '');
  if (cells.length < wanted || hasMore) {
    const fix = 'Look for a separator or a line break inside a cell without quotes around it.';
    return rejected('', `The row has ${cells.length} cells, the header has ${wanted}.`, fix);
  }
  try {
    return readAll(cells, line, context);
  } catch (error) {
    if (error instanceof ColumnRefusal) return rejected(error.column, error.message, error.fix);
    throw error;
  }
}
