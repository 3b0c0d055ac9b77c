// What the columns of each program's export are called. Where each title is documented, and where it is not, is said in
// docs/import.md. Titles are compared without case, spaces and punctuation; `#` reads as "number".

/** What a column can tell. */
export type Field =
  | 'job_id'
  | 'customer_id'
  | 'first_name'
  | 'last_name'
  | 'name'
  | 'company'
  | 'email'
  | 'phone'
  | 'country'
  | 'state'
  | 'time_zone'
  | 'service'
  | 'title'
  | 'status'
  | 'completed_at'
  | 'scheduled_for'
  | 'sms_consent'
  | 'sms_consent_at'
  | 'sms_consent_method'
  | 'email_consent'
  | 'no_sms'
  | 'no_email';

export const formatNames = ['plain', 'jobber', 'housecall-pro', 'servicetitan'] as const;
export type FormatName = (typeof formatNames)[number];

export interface Format {
  name: FormatName;
  /** For people. */
  title: string;
  /** Stands before ids, so that two programs may both have a job 1024. Our own format has none: its ids are the caller's. */
  prefix: string;
  /** Titles per field, the preferred first: where it is empty, the next one is asked. */
  columns: Readonly<Partial<Record<Field, readonly string[]>>>;
}

/** Columns that people add themselves, to every format. */
const consent = {
  sms_consent: ['SMS Consent', 'Text Consent', 'SMS Opt In', 'Text Opt In', 'Text Message Consent'],
  sms_consent_at: ['SMS Consent At', 'SMS Consent Date', 'Text Consent Date'],
  sms_consent_method: ['SMS Consent Method', 'Text Consent Method'],
  email_consent: ['Email Consent', 'Email Opt In'],
  no_sms: ['Do Not Text', 'SMS Opt Out', 'Text Opt Out'],
  no_email: ['Do Not Email', 'Do Not Mail', 'Email Opt Out', 'Unsubscribed'],
} as const;

export const formats: readonly Format[] = [
  {
    name: 'plain',
    title: 'Touchline plain',
    prefix: '',
    columns: {
      job_id: ['job_id'],
      customer_id: ['customer_id'],
      first_name: ['first_name'],
      last_name: ['last_name'],
      name: ['name'],
      email: ['email'],
      phone: ['phone'],
      country: ['country'],
      state: ['state'],
      time_zone: ['time_zone'],
      service: ['service_type'],
      title: ['title'],
      status: ['status'],
      completed_at: ['completed_at'],
      scheduled_for: ['scheduled_for'],
      ...consent,
    },
  },
  {
    name: 'jobber',
    title: 'Jobber',
    prefix: 'jobber:',
    columns: {
      job_id: ['Job #'],
      name: ['Client name'],
      email: ['Client email'],
      phone: ['Client phone'],
      state: ['Service province', 'Service state', 'Billing province', 'Billing state'],
      country: ['Service country', 'Billing country'],
      service: ['Job type', 'Title', 'Line items'],
      title: ['Title'],
      status: ['Job status', 'Status'],
      completed_at: ['Closed date', 'Completed date'],
      scheduled_for: ['Scheduled start date', 'Start date'],
      ...consent,
    },
  },
  {
    name: 'housecall-pro',
    title: 'Housecall Pro',
    prefix: 'housecall-pro:',
    columns: {
      job_id: ['Job #', 'Invoice Number'],
      customer_id: ['Customer ID'],
      first_name: ['First Name'],
      last_name: ['Last Name'],
      name: ['Customer'],
      company: ['Company'],
      email: ['Email'],
      phone: ['Mobile Phone', 'Home Phone'],
      state: ['State'],
      service: ['Job Type', 'Description', 'Line Items'],
      title: ['Description'],
      status: ['Job Status', 'Status'],
      completed_at: ['Finished', 'Completed At', 'End Time'],
      scheduled_for: ['Date'],
      ...consent,
    },
  },
  {
    name: 'servicetitan',
    title: 'ServiceTitan',
    prefix: 'servicetitan:',
    columns: {
      job_id: ['Job Number', 'Job ID'],
      customer_id: ['Customer ID'],
      name: ['Customer Name'],
      email: ['Customer Email', 'Email'],
      phone: ['Customer Phone', 'Phone'],
      state: ['Location State', 'Customer State'],
      service: ['Job Type', 'Business Unit', 'Summary'],
      title: ['Job Type', 'Summary'],
      status: ['Job Status', 'Status'],
      completed_at: ['Completed On', 'Completion Date', 'Completed Date'],
      scheduled_for: ['Scheduled Date', 'Appointment Date'],
      ...consent,
    },
  },
];
