import { describe, expect, test } from 'vitest';
import { checkTemplate, type TemplateDraft } from '../../src/domain/template/check.ts';
import { serviceTypeWords, suggestVariable, templateVariables } from '../../src/domain/template/variables.ts';

const sms = (body: string, purpose: TemplateDraft['purpose'] = 'first'): TemplateDraft => ({
  channel: 'sms',
  body,
  purpose,
});
const email = (body: string, subject: string | null = 'Thank you'): TemplateDraft => ({
  channel: 'email',
  subject,
  body,
});

const codes = (draft: TemplateDraft): string[] => checkTemplate(draft).problems.map(({ code }) => code);
const severities = (draft: TemplateDraft): string[] =>
  checkTemplate(draft).problems.map(({ severity, code }) => `${severity} ${code}`);

const goodSms = 'Hello, thanks for choosing {{business_name}}. How did we do? {{review_link}} Reply STOP to opt out.';

describe('a good template has no problems', () => {
  test.each([
    ['a first SMS', sms(goodSms)],
    ['an email with every variable', email(templateVariables.map(({ name }) => `Yes {{${name}}}.`).join('\n'))],
    ['right-to-left letters and joined emoji', email('שלום, תודה 👩\u200d🔧 مرحبا {{first_name}}')],
    ['a comment', email('{{! for the crew }}Thank you, {{business_name}}')],
    ['arithmetic, prices and brackets', email('{1, 2} [see below] 50% of 20% [1] a }b{ %')],
  ])('%s', (_case, draft) => {
    expect(checkTemplate(draft)).toEqual({ ok: true, problems: [] });
  });
});

describe('a problem says where, what, why and what to do', () => {
  test('an unknown variable, in the third line', () => {
    const { ok, problems } = checkTemplate(email('Hello,\r\n\r\nthank you, {{CUSTOMER_NAME}}!'));
    expect(ok).toBe(false);
    expect(problems).toEqual([
      {
        severity: 'error',
        code: 'unknown_variable',
        place: 'body',
        line: 3,
        column: 12,
        what: 'There is no variable "CUSTOMER_NAME".',
        why: 'It would leave a hole in every message.',
        fix: 'Did you mean {{first_name}}?',
      },
    ]);
  });

  test('in the subject first, and in the order of the text', () => {
    const { problems } = checkTemplate(email('{{a}} {{{first_name}}} {{> x}} {{b}}', '{{c}} for you'));
    expect(problems.map(({ place, column, code }) => `${place} ${column} ${code}`)).toEqual([
      'subject 1 unknown_variable',
      'body 1 unknown_variable',
      'body 7 unescaped_tag',
      'body 24 partial_tag',
      'body 32 unknown_variable',
    ]);
  });

  test('every problem of every kind has all three sentences', () => {
    const drafts = [
      sms('{{#first_name}}'),
      sms('Hi — if you were happy, reply YES for a gift card https://bit.ly/x'),
      email('{{/x}}', 'a\nb'),
      email('{{#last_name}}{{/first_name}}', null),
    ];
    for (const { what, why, fix } of drafts.flatMap((draft) => checkTemplate(draft).problems)) {
      for (const sentence of [what, why, fix]) expect(sentence).toMatch(/^\S.{6,}/);
    }
  });

  test.each([
    ['firstname', 'first_name'],
    ['First Name', 'first_name'],
    ['frist_name', 'first_name'],
    ['company', 'business_name'],
    ['REVIEW_LINK', 'review_link'],
    ['unsubscribe', 'unsubscribe_link'],
    ['constructor', undefined],
    ['__proto__', undefined],
    ['', undefined],
  ])('somebody who writes "%s" probably means %s', (written, meant) => {
    expect(suggestVariable(written)?.name).toBe(meant);
  });
});

describe('tags that are no tags', () => {
  test.each([
    ['Hi {{first_name', 'unclosed_tag'],
    ['Hi {{{first_name}}', 'unclosed_tag'],
    ['{{#first_name}}Hi', 'unclosed_section'],
    ['Hi{{/first_name}}', 'unopened_section'],
    ['{{#first_name}}{{#last_name}}x{{/first_name}}{{/last_name}}', 'crossed_section'],
    ['Hi {{{first_name}}}', 'unescaped_tag'],
    ['Hi {{&first_name}}', 'unescaped_tag'],
    ['Hi {{>footer}}', 'partial_tag'],
    ['Hi {{=<% %>=}}', 'delimiter_tag'],
    ['Hi {{=<%=}}', 'delimiter_tag'],
    ['Hi {{}}', 'unknown_variable'],
    ['Hi {{.}}', 'unknown_variable'],
    ['Hi {{constructor}}', 'unknown_variable'],
    ['Hi {{__proto__}}', 'unknown_variable'],
    ['Hi {{#toString}}x{{/toString}}', 'unknown_variable'],
    ['Hi {{first_name.length}}', 'unknown_variable'],
    ['Hi {first_name}', 'placeholder_left'],
    ['Hi {name}}', 'placeholder_left'],
    ['Hi first_name}}', 'placeholder_left'],
    ['Hi [First Name]', 'placeholder_left'],
    ['Hi %first_name%', 'placeholder_left'],
    ['{{! a {{comment}} }}Hi', 'placeholder_left'],
  ])('%s', (body, code) => {
    expect(codes(email(body))).toContain(code);
    expect(checkTemplate(email(body)).ok).toBe(false);
  });

  test('parts may lie four deep, not five', () => {
    const nested = (depth: number): string => `Hi${'{{#first_name}}'.repeat(depth)}x${'{{/first_name}}'.repeat(depth)}`;
    expect(codes(email(nested(4)))).toEqual([]);
    expect(codes(email(nested(5)))).toEqual(['nested_too_deep']);
  });

  test('the unsubscribe link is for email', () => {
    expect(codes(email('Bye: {{unsubscribe_link}}'))).toEqual([]);
    expect(codes(sms(`${goodSms} {{unsubscribe_link}}`))).toEqual(['variable_of_other_channel']);
  });
});

describe('characters and lengths', () => {
  test.each([
    ['NUL', 'a\u0000b', 'control_character'],
    ['bell', 'a\u0007b', 'control_character'],
    ['half an emoji', 'a\ud83d b', 'half_character'],
    ['a turn of direction', 'a\u202eb', 'direction_character'],
  ])('%s is refused in subject and body', (_case, text, code) => {
    expect(codes(email(text, text))).toEqual([code, code]);
  });

  test.each(['a\nb', 'a\rb', 'a\r\nBcc: all@example.com', 'a\tb', 'a\u2028b'])(
    'a subject is one line: %j',
    (subject) => {
      expect(codes(email('Hello', subject))).toEqual(['line_break']);
    },
  );

  test('10,000 characters fit, counted as the database counts them, and one more does not', () => {
    for (const sign of ['a', '😀']) {
      expect(codes(email(sign.repeat(10_000)))).toEqual([]);
      expect(codes(email(sign.repeat(10_001)))).toEqual(['too_long']);
      expect(codes(email('Hello', sign.repeat(300)))).toEqual([]);
      expect(codes(email('Hello', sign.repeat(301)))).toEqual(['too_long']);
    }
    expect(codes(email('a'.repeat(1_000_000)))).toEqual(['too_long']);
  });

  test('what its variables make of it counts too', () => {
    expect(codes(email('{{review_link}}'.repeat(600)))).toEqual(['too_long_filled']);
    expect(codes(sms(`${goodSms} ${'word '.repeat(320)}`))).toEqual(['too_long_filled']);
  });

  test('a message that says nothing is refused, also when it would only sometimes', () => {
    expect(codes(email(' \n\t ', '  '))).toEqual(['empty', 'empty']);
    expect(codes(email('{{! only a comment }}'))).toEqual(['empty']);
    expect(codes(email('Hello', '{{first_name}}'))).toEqual(['empty_without_value']);
    expect(
      codes(email('Hello', '{{#first_name}}{{first_name}}{{/first_name}} {{^last_name}}you{{/last_name}}')),
    ).toEqual(['empty_without_value']);
    expect(
      codes(email('Hello', '{{#first_name}}{{first_name}}{{/first_name}}{{^first_name}}you{{/first_name}}')),
    ).toEqual([]);
  });

  test('an email has a subject and an SMS has none', () => {
    expect(codes(email('Hello', null))).toEqual(['subject_missing']);
    expect(codes({ ...sms(goodSms), subject: 'Hello' })).toEqual(['subject_on_sms']);
  });

  test('an SMS that gets expensive is warned about', () => {
    const dash = checkTemplate(
      sms('{{business_name}} here — how did we do? {{review_link}}\nReply STOP to end', 'other'),
    );
    expect(dash.ok).toBe(true);
    expect(dash.problems).toContainEqual(
      expect.objectContaining({ severity: 'warning', code: 'costly_characters', line: 1, column: 24 }),
    );
    expect(severities(sms(`${goodSms} ${'word '.repeat(40)}`))).toEqual(['warning many_segments']);
  });
});

describe('what law, carriers and review sites ask of the wording', () => {
  test('a first SMS names the brand and says how to stop; later ones are only warned', () => {
    const bare = 'How did we do? {{review_link}}';
    expect(severities(sms(bare))).toEqual(['error no_brand', 'error no_opt_out']);
    expect(severities(sms(bare, 'reminder'))).toEqual(['warning no_brand', 'warning no_opt_out']);
  });

  test('both in every case, not only for customers whose name is known', () => {
    const sometimes = goodSms.replace('{{business_name}}', '{{#first_name}}{{business_name}}{{/first_name}}');
    expect(codes(sms(sometimes))).toEqual(['no_brand']);
  });

  test.each([
    ['Reply STOP to opt out.', true],
    ['Text STOP to end', true],
    ['Responda STOP para no recibir más.', true],
    ['We offer non-stop service.', false],
    ['Reply for NON-STOP service.', false],
    ['Just stop by.', false],
    ['Reply and never stop.', false],
  ])('"%s" tells how to stop: %s', (ending, tells) => {
    const draft = sms(goodSms.replace('Reply STOP to opt out.', ending));
    expect(codes(draft).includes('no_opt_out')).toBe(!tells);
  });

  test.each([
    ['If you were happy with the work, leave us a review', 'sentiment_split'],
    ['If we earned 5 stars, tell the world', 'sentiment_split'],
    ['Not satisfied? Write to us instead', 'sentiment_split'],
    ['Were you happy with our visit? Then review us', 'sentiment_split'],
    ['Please call before you leave a bad review', 'sentiment_split'],
    ['Review us and get a $10 gift card', 'reward_for_review'],
    ['Your review is worth 10% off', 'reward_for_review'],
    ['Reply YES for the link', 'asks_for_yes'],
    ['Write here: https://bit.ly/3xyz', 'public_shortener'],
  ])('"%s" is warned about: %s', (body, code) => {
    expect(severities(email(`Hello,\n${body}.`))).toEqual([`warning ${code}`]);
    expect(checkTemplate(email(`Hello,\n${body}.`))).toMatchObject({ ok: true, problems: [{ line: 2 }] });
  });

  test.each([
    'We hope you are happy with the new colors. Good or bad, your honest words help.',
    'If you have a minute, tell others how it went.',
    'Would you write a review? Reply to this email with any question.',
  ])('"%s" is fine', (body) => {
    expect(codes(email(body))).toEqual([]);
  });

  test('a message that asks for a review holds the link, whatever is known of the customer', () => {
    const ask = (body: string): TemplateDraft => ({ ...email(body), purpose: 'first' });
    expect(severities(ask('How did we do?'))).toEqual(['warning no_review_link']);
    expect(codes(ask('Hi {{#first_name}}{{review_link}}{{/first_name}}'))).toEqual(['no_review_link']);
    expect(codes(ask('How did we do? {{review_link}}'))).toEqual([]);
  });
});

test('every service type has words that fit into a message', () => {
  expect([...serviceTypeWords.keys()]).toEqual([
    'hvac',
    'plumbing',
    'electrical',
    'cleaning',
    'roofing',
    'painting',
    'handyman',
    'other',
  ]);
});
