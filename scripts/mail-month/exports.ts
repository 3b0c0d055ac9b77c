// The files, with the titles, separators, date forms and words of each program (docs/import.md says where they are from).
import type { Visit } from './people.ts';

/** A business with its export. */
export interface Product {
  /** Of the business, and the start of its people's addresses. */
  name: string;
  format: string;
  zone: string;
  seed: number;
  preset: string;
  /** The touches of the preset: channel, and hours after the touch before. */
  touches: readonly (readonly ['email' | 'sms', number])[];
  /** Dates without a time are read as noon. */
  datesOnly: boolean;
  write(rows: readonly Visit[]): string;
}

const two = (value: number): string => String(value).padStart(2, '0');
const clock = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

function american(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${month}/${day}/${year}`;
}

function twelveHours(minutes: number): string {
  const hour = Math.floor(minutes / 60);
  return `${hour % 12 === 0 ? 12 : hour % 12}:${two(minutes % 60)} ${hour < 12 ? 'AM' : 'PM'}`;
}

function csv(separator: string, titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/[",;\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [titles, ...rows].map((row) => `${row.map(cell).join(separator)}\r\n`).join('');
}

const later = '2026-04-15';
const done = (visit: Visit): boolean => visit.state === 'completed';

function jobber(rows: readonly Visit[]): string {
  const titles = [
    ...['Job #', 'Client name', 'Client email', 'Client phone', 'Service street', 'Service city', 'Service province'],
    ...['Service ZIP', 'Title', 'Line items', 'Created date', 'Scheduled start date', 'Closed date'],
    ...['Visits assigned to', 'Job status', 'Do Not Email'],
  ];
  const words = { completed: 'Archived', scheduled: 'Upcoming', cancelled: 'Cancelled' };
  const cells = (visit: Visit): string[] => [
    ...[String(visit.job), `${visit.firstName} ${visit.lastName}`, visit.email, visit.phone, '12 Alder Way'],
    ...['Springfield', 'NY', '10001', 'Kitchen drain', 'Drain cleaning (1, $180.00),\nInspection', '02/01/2026'],
    ...[american(visit.date), done(visit) ? american(visit.date) : '', 'Otis Vane, Nell Roe', words[visit.state]],
    visit.noEmail ? 'yes' : '',
  ];
  return csv(',', titles, rows.map(cells));
}

function housecallPro(rows: readonly Visit[]): string {
  const titles = [
    ...['Job #', 'Created At', 'Date', 'End Time', 'Customer', 'First Name', 'Last Name', 'Email', 'Company'],
    ...['Mobile Phone', 'Home Phone', 'Street', 'City', 'State', 'Zip', 'Description', 'Job Status', 'Finished'],
    'Do Not Email',
  ];
  const words = { completed: 'Complete unrated', scheduled: 'Scheduled', cancelled: 'Pro canceled' };
  const cells = (visit: Visit): string[] => {
    const day = done(visit) ? visit.date : later;
    const at = `${visit.date} ${clock(visit.minutes)}`;
    return [
      ...[`="${visit.job}"`, '2026-02-01 09:00', `${day} 08:00`, `${day} 10:00`],
      ...[`${visit.firstName} ${visit.lastName}`, visit.firstName, visit.lastName, visit.email, '', visit.phone, ''],
      ...['1 Main St', 'Springfield', 'CA', '90001', 'Deep clean', words[visit.state], done(visit) ? at : ''],
      visit.noEmail ? 'yes' : '',
    ];
  };
  return `\uFEFF${csv(';', titles, rows.map(cells))}`;
}

function serviceTitan(rows: readonly Visit[]): string {
  const titles = [
    ...['Job Number', 'Job Type', 'Business Unit', 'Job Status', 'Completed On', 'Scheduled Date', 'Customer ID'],
    ...['Customer Name', 'Customer Phone', 'Customer Email', 'Location State', 'SMS Consent', 'SMS Consent Method'],
    'Do Not Email',
  ];
  const words = { completed: 'Completed', scheduled: 'Scheduled', cancelled: 'Canceled' };
  const cells = (visit: Visit): string[] => [
    ...[String(visit.job), 'AC Tune-Up', 'HVAC - Service', words[visit.state]],
    done(visit) ? `${american(visit.date)} ${twelveHours(visit.minutes)}` : '',
    ...[american(done(visit) ? visit.date : later), String(7000 + visit.person)],
    ...[`${visit.lastName}, ${visit.firstName}`, visit.phone, visit.email, 'IL', visit.smsConsent],
    ...[visit.smsConsent === 'yes' ? 'service agreement' : '', visit.noEmail ? 'yes' : ''],
  ];
  return csv('\t', titles, rows.map(cells));
}

/** Delays as docs and `campaign list` tell them. */
export const products: readonly Product[] = [
  {
    ...{ name: 'jobber', format: 'Jobber', zone: 'America/New_York', seed: 1, preset: 'gentle', datesOnly: true },
    ...{ touches: [['email', 24] as const, ['email', 72] as const], write: jobber },
  },
  {
    ...{ name: 'housecall', format: 'Housecall Pro', zone: 'America/Los_Angeles', seed: 2, preset: 'assertive' },
    ...{ touches: [['sms', 4] as const, ['email', 24] as const, ['sms', 72] as const, ['email', 168] as const] },
    ...{ datesOnly: false, write: housecallPro },
  },
  {
    ...{ name: 'servicetitan', format: 'ServiceTitan', zone: 'America/Chicago', seed: 3, preset: 'standard' },
    ...{ touches: [['email', 24] as const, ['sms', 72] as const, ['email', 168] as const], datesOnly: false },
    write: serviceTitan,
  },
];
