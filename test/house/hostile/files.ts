// Files that somebody gives to `touchline import jobs`.
import type { Case } from './row.ts';

const good = 'job_id,email,completed_at\n1,zoe@example.test,2026-02-27\n';
let ids = 0;
const row = (email: string, phone: string, at: string): string => {
  ids += 1;
  return `job_id,customer_id,email,phone,completed_at\nj${ids},c${ids},${email},${phone},${at}\n`;
};

export const files: readonly Case<string | Buffer>[] = [
  ['nothing', ''],
  ['only a byte order mark', '\ufeff\n'],
  ['one line of 10 MB', 'x'.repeat(10_000_000)],
  ['10 MB of commas in the first line', ','.repeat(10_000_000)],
  ['a field of a megabyte', `${good}2,"${'x'.repeat(1_000_000)}",2026-02-27\n`],
  ['a quotation mark that is not closed', `${good}2,"zoe@example.test,2026-02-27\n`],
  ['NUL', `${good}2,zoe\0@example.test,2026-02-27\n`],
  ['Latin-1', Buffer.from(`${good}2,zo\xeb@example.test,2026-02-27\n`, 'latin1')],
  ['UTF-16', Buffer.from(`\ufeff${good}`, 'utf16le')],
  ['an Excel workbook named .csv', Buffer.from('PK\u0003\u0004rest of a zip')],
  ['a PDF named .csv', '%PDF-1.7 and so on'],
  ['HTML', '<html>\n<body>jobs</body>\n'],
  ['a formula for an email', row('=cmd|/c calc!A1', '', '2026-02-27')],
  ['a formula for an id', 'job_id,email,completed_at\n=1+1,zoe@example.test,2026-02-27\n'],
  ['an email with a line break', row('"zoe@example.test\nBcc: b@example.test"', '', '2026-02-27')],
  ['a phone of letters', row('', 'CALL NOW', '2026-02-27')],
  ['the year 9999', row('zoe@example.test', '', '9999-12-31')],
  ['30 February', row('zoe@example.test', '', '2026-02-30')],
  ['more cells than columns', 'job_id,email,completed_at\n1,zoe@example.test,2026-02-27,extra\n'],
];
