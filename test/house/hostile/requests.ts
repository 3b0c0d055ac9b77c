// Bodies that somebody who means harm, or a careless program, sends to POST /api/v1/jobs.
import type { Case } from './row.ts';

const job = (fields: Record<string, unknown>): string =>
  JSON.stringify({ external_id: 'hostile', customer: { external_id: 'hostile', email: 'h@example.test' }, ...fields });
const person = (fields: Record<string, unknown>): string => job({ customer: { external_id: 'hostile', ...fields } });
const after = (start: string, byte: number): Buffer =>
  Buffer.concat([Buffer.from(start), Buffer.from([byte]), Buffer.from('"}')]);

export interface HostileRequest {
  body: string | Buffer;
  headers?: Record<string, string>;
}

const bodies: readonly Case<string | Buffer>[] = [
  ['nothing', ''],
  ['no JSON: `{`', '{'],
  ['`NaN`', 'NaN'],
  ['a list', '[]'],
  ['`null`', 'null'],
  ['lists in lists, 30,000 deep', '['.repeat(30_000) + ']'.repeat(30_000)],
  ['objects in objects, 5,000 deep', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['a field that holds 10,000 nested lists', `{"external_id": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
  ['10 MB', Buffer.alloc(10_000_000, '{"external_id": "')],
  ['65 kB of blanks', `${' '.repeat(65 * 1024)}{}`],
  ['invalid UTF-8 (0xFF)', after('{"external_id": "', 0xff)],
  ['UTF-16', Buffer.from('\ufeff{"external_id": "a"}', 'utf16le')],
  ['a name twice: `{"external_id": "a", "external_id": "b"}`', '{"external_id": "a", "external_id": "b"}'],
  ['the same twice, once escaped', '{"external_id": "a", "external_i\\u0064": "b"}'],
  ['`__proto__` with fields', '{"external_id": "hostile", "__proto__": {"do_not_send": true}}'],
  ['`constructor` and `toString`', '{"external_id": "hostile", "constructor": {}, "toString": 1}'],
  ['NUL in a text', job({ title: 'a\0b' })],
  ['half of a surrogate pair', '{"external_id": "\\ud800"}'],
  ['a number for a text', '{"external_id": 7}'],
  ['a list for an object', job({ customer: [] })],
  ['a field that does not exist', job({ servicetype: 'hvac' })],
  ['a service type that does not exist', job({ service_type: 'pluming' })],
  ['an id of 1,000 characters', job({ external_id: 'x'.repeat(1_000) })],
  ['an empty id', job({ external_id: ' ' })],
  ['completed in the year 9999', job({ completed_at: '9999-12-31T23:59:59Z' })],
  ['completed on 30 February', job({ completed_at: '2026-02-30T12:00:00Z' })],
  ['completed at a moment without a zone', job({ completed_at: '2026-02-27T12:00:00' })],
  ['SQL for a moment', job({ completed_at: 'now(); drop table jobs;--' })],
  ['a phone of letters', person({ phone: '+1 CALL NOW' })],
  ['a phone of 40 digits', person({ phone: `+1${'2'.repeat(40)}` })],
  ['an email with a line break and a header', person({ email: 'a@example.test\nBcc: b@example.test' })],
  ['an email with a name in it', person({ email: 'Ann <a@example.test>' })],
  ['a first name of two lines', person({ first_name: 'Ann\r\nBcc: b@example.test' })],
  ['a zone that does not exist', person({ time_zone: 'Mars/Phobos' })],
  ['consent without a status', person({ sms_consent: { method: 'website_form' } })],
  [
    'an address of consent that is none',
    person({ phone: '+12125550188', sms_consent: { status: 'opted_in', ip: "1'; --" } }),
  ],
  ['the id of a campaign of another business', job({ campaign_id: '01a2119b-e55a-762f-8de6-772051a6ef38' })],
];

export const requests: readonly Case<HostileRequest>[] = [
  ...bodies.map(([described, body]) => [described, { body }] as const),
  [
    'a form (`application/x-www-form-urlencoded`)',
    { body: 'external_id=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  ],
  ['JSON declared as UTF-7', { body: '{}', headers: { 'content-type': 'application/json; charset=utf-7' } }],
  ['an Idempotency-Key of 300 characters', { body: job({}), headers: { 'idempotency-key': 'k'.repeat(300) } }],
  ['no key', { body: job({}), headers: { authorization: '' } }],
  [
    'a key of a megabyte of letters is cut by the server; here 8 kB',
    { body: job({}), headers: { authorization: `Bearer ${'k'.repeat(8_000)}` } },
  ],
  ["a key with SQL: `' or true --`", { body: job({}), headers: { authorization: "Bearer ' or true --" } }],
];
