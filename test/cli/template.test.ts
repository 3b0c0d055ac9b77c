// `touchline template`: texts are written, checked before they are saved, and priced.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { document, type Failure, type Program, programOn, run } from './run.ts';

interface Saved {
  template: { id: string; name: string; body: string; purpose: string; service_type: string | null };
  ok: boolean;
  problems: { severity: string; code: string }[];
  sms: { segments: number; encoding: string } | null;
  example: { subject: string | null; body: string };
}

interface Listed {
  business_id: string;
  templates: { id: string; name: string; ok: boolean; sms: { segments: number } | null; body: string }[];
}

let database: TestDatabase;
let touchline: Program;
let folder: string;

const thanks =
  'Hi{{#first_name}} {{first_name}}{{/first_name}}, thanks from {{business_name}}! {{review_link}} Reply STOP to opt out.';

beforeAll(async () => {
  database = await testDatabase('cli_template');
  touchline = programOn(database.url);
  folder = mkdtempSync(join(tmpdir(), 'touchline-cli-'));
  await touchline.json(['business', 'add', '--name', "Ann's Plumbing", '--time-zone', 'America/New_York']);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

test('without texts, the list says where they come from', async () => {
  const { code, out } = await touchline.run(['template', 'list']);
  expect(code).toBe(0);
  expect(out).toContain('No texts yet. A copied preset brings its own');
});

describe('writing a text', () => {
  test('an SMS from a file shows its segments and what the customer reads', async () => {
    const file = join(folder, 'thanks.txt');
    writeFileSync(file, `\uFEFF${thanks}\r\n`);
    const set = ['template', 'set', '--name', 'Thanks', '--channel', 'sms', '--purpose', 'first', '--body-file', file];
    const saved = await touchline.json<Saved>(set);
    expect(saved).toMatchObject({
      ok: true,
      template: { name: 'Thanks', purpose: 'first', service_type: null, body: thanks },
      sms: { segments: 1, encoding: 'GSM-7' },
    });
    expect(saved.example.body).toContain("thanks from Ann's Plumbing!");
  });

  test('an email from standard input; for people, with a preview', async () => {
    const set = [
      'template',
      'set',
      '--name',
      'Note',
      '--channel',
      'email',
      '--subject',
      'How was it?',
      '--body-file',
      '-',
    ];
    const { code, out } = await touchline.run(set, { input: 'Thank you!\n\n{{review_link}}\n' });
    expect(code).toBe(0);
    expect(out).toMatch(/^Saved Note \([0-9a-f-]{36}\)\.\n/);
    expect(out).toContain('  | Subject: How was it?\n  |\n  | Thank you!\n');
  });

  test('a text with an error is refused by the guard, with its place, and not saved', async () => {
    const set = ['template', 'set', '--name', 'Broken', '--channel', 'sms', '--body', 'Hi {{first_nam}}', '--json'];
    const ran = await touchline.run(set);
    expect(ran.code).toBe(3);
    const { error } = document<Failure>(ran);
    expect(error.code).toBe('template_invalid');
    expect(error.what).toMatch(/^"Broken" was not saved: error body 1:4: .*first_nam/);
    expect(error.details).toMatchObject({ problems: [{ severity: 'error', place: 'body', line: 1, column: 4 }] });
    const { templates } = await touchline.json<Listed>(['template', 'list']);
    expect(templates.map(({ name }) => name)).toEqual(['Note', 'Thanks']);
  });

  test('changing one keeps what is not named, and says that published campaigns keep theirs', async () => {
    const { code, err } = await touchline.run(['template', 'set', 'thanks', '--service-type', 'plumbing']);
    expect([code, err]).toEqual([
      0,
      'Published campaigns go on with the text they were published with, until published again.\n',
    ]);
    const back = await touchline.json<Saved>([
      'template',
      'set',
      'Thanks',
      '--service-type',
      'all',
      '--purpose',
      'reminder',
    ]);
    expect(back.template).toMatchObject({ body: thanks, purpose: 'reminder', service_type: null });
  });

  test('what is missing is named', async () => {
    const { code, err } = await touchline.run(['template', 'set', '--name', 'New']);
    expect(code).toBe(2);
    expect(err).toContain('A new text needs --channel, --body or --body-file.');
  });

  test('the channel of a text never changes', async () => {
    const set = ['template', 'set', 'Thanks', '--channel', 'email', '--subject', 'Hello', '--json'];
    expect(document<Failure>(await touchline.run(set)).error.code).toBe('template_channel');
  });

  test('a file that is not there, a folder, and bytes that are no text are usage errors', async () => {
    const set = (file: string) => touchline.run(['template', 'set', 'Thanks', '--body-file', file]);
    expect(await set(join(folder, 'nothing.txt'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no such file.'),
    });
    expect(await set(folder)).toMatchObject({ code: 2, err: expect.stringContaining('It is a folder.') });
    writeFileSync(join(folder, 'bytes.txt'), Buffer.from([0xff, 0xfe, 0xff]));
    expect(await set(join(folder, 'bytes.txt'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('not text in UTF-8'),
    });
  });
});

describe('looking at texts', () => {
  test('the list prices each SMS', async () => {
    const { out } = await touchline.run(['template', 'list']);
    expect(out).toMatch(/^template +id +channel +service type +purpose +segments +check$/m);
    expect(out).toMatch(/^Thanks +\S{36} +sms +all +reminder +1 +ok$/m);
    expect(out).toMatch(/^Note +\S{36} +email +all +other +- +ok$/m);
  });

  test('a text that is not known gets the nearest name', async () => {
    const { code, err } = await touchline.run(['template', 'check', 'Thank']);
    expect([code, err]).toEqual([
      1,
      'touchline: There is no template "Thank". Did you mean Thanks? touchline template list shows all.\n',
    ]);
  });
});

describe('checking texts', () => {
  test('all of a business', async () => {
    const checked = await touchline.json<{ ok: boolean; templates: { name: string }[] }>(['template', 'check']);
    expect(checked).toMatchObject({ ok: true, templates: [{ name: 'Note' }, { name: 'Thanks' }] });
  });

  test('one that is not saved needs no database', async () => {
    const check = ['template', 'check', '--channel', 'sms', '--purpose', 'first', '--body', 'Hello from us'];
    const { code, out } = await run(check, { env: { DATABASE_URL: 'postgres://127.0.0.1:1/none' } });
    expect(code).toBe(1);
    expect(out).toMatch(
      /^this text \(sms\): 2 errors, 1 warning\n {2}error body 1:1: The SMS does not always say who writes\./,
    );
    expect(out).toContain('1 segment (GSM-7, 13 characters)');
  });

  test('a saved and a new text at once is a mistake', async () => {
    const { code, err } = await touchline.run(['template', 'check', 'Thanks', '--body', 'x']);
    expect(code).toBe(2);
    expect(err).toContain('Either a saved text is checked or a new one, not both.');
  });
});
