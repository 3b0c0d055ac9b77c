import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkTemplate } from '../../src/domain/template/check.ts';
import { parseTemplate } from '../../src/domain/template/parse.ts';
import { TemplateError } from '../../src/domain/template/problem.ts';
import { maxRenderedCharacters, type RenderOptions, renderTemplate } from '../../src/domain/template/render.ts';
import { type TemplateValues, templateVariables } from '../../src/domain/template/variables.ts';

const plain: RenderOptions = { escape: 'none' };
const ann: TemplateValues = {
  first_name: 'Ann',
  business_name: 'Brightwater',
  review_link: 'https://x.example/l/1?a=b&c',
};
const greeting = '{{#first_name}}Hi {{first_name}},{{/first_name}}{{^first_name}}Hello,{{/first_name}}';

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (problem) {
    if (problem instanceof TemplateError) return problem.code;
    throw problem;
  }
  return undefined;
}

describe('a template becomes a message', () => {
  test('with the customer by name, or without when the name is missing, empty or blank', () => {
    expect(renderTemplate(greeting, ann, plain)).toBe('Hi Ann,');
    for (const first_name of [undefined, null, '', ' \t ', '\u0000']) {
      expect(renderTemplate(greeting, { ...ann, first_name }, plain)).toBe('Hello,');
    }
  });

  test('a line that holds only a section tag, and a comment, leave nothing behind', () => {
    const text = 'Thank you,\n{{#sender_name}}\n{{sender_name}}\n{{/sender_name}}\n{{! the brand }}\n{{business_name}}';
    expect(renderTemplate(text, ann, plain)).toBe('Thank you,\nBrightwater');
    expect(renderTemplate(text, { ...ann, sender_name: 'Sam' }, plain)).toBe('Thank you,\nSam\nBrightwater');
  });

  test('values are escaped for HTML and left alone in text', () => {
    const values: TemplateValues = { ...ann, business_name: `<b>"Tom" & 'Jo'</b>` };
    expect(renderTemplate('{{business_name}} {{review_link}}', values, plain)).toBe(
      `<b>"Tom" & 'Jo'</b> https://x.example/l/1?a=b&c`,
    );
    expect(renderTemplate('{{business_name}} {{review_link}}', values, { escape: 'html' })).toBe(
      '&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jo&#39;&lt;/b&gt; https://x.example/l/1?a=b&amp;c',
    );
  });

  test('a name with braces is a name, not a template', () => {
    expect(renderTemplate(greeting, { first_name: '{{review_link}}' }, plain)).toBe('Hi {{review_link}},');
  });

  test('no value adds a line to a subject', () => {
    const values: TemplateValues = { first_name: 'Ann\r\nBcc: all@example.com\u2028x\u0085y' };
    const subject = renderTemplate('For {{first_name}}', values, { escape: 'none', singleLine: true });
    expect(subject).toBe('For Ann Bcc: all@example.com x y');
  });

  test('values lose what cannot be sent, and keep right-to-left letters and joined emoji', () => {
    const values: TemplateValues = { first_name: 'A\u0000n\ud800n\u202e', last_name: 'שרה 👩\u200d🔧' };
    expect(renderTemplate('{{first_name}} {{last_name}}', values, plain)).toBe('Ann שרה 👩\u200d🔧');
  });

  test('a value that is no text is refused instead of printed', () => {
    const wrong: unknown = { first_name: { toString: () => 'Ann' } };
    expect(codeOf(() => renderTemplate(greeting, wrong as TemplateValues, plain))).toBe('template_value_invalid');
  });
});

describe('hostile templates', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', '.', 'first_name.length', 'prototype.x'];

  test.each(names)('{{%s}} reaches nothing and renders as nothing', (name) => {
    const text = `{{${name}}}[{{#${name}}}in{{${name}}}{{/${name}}}{{^${name}}}out{{/${name}}}]{{first_name}}`;
    expect(renderTemplate(text, ann, plain)).toBe('[out]Ann');
  });

  test('only the own values of the given object count, whatever it inherits', () => {
    const inherited: TemplateValues = Object.create({ first_name: 'Inherited' });
    expect(renderTemplate(greeting, inherited, plain)).toBe('Hello,');
    const bare: TemplateValues = Object.assign(Object.create(null), { first_name: 'Ann' });
    expect(renderTemplate(greeting, bare, plain)).toBe('Hi Ann,');
    const poisoned: unknown = JSON.parse('{"__proto__": {"first_name": "Poisoned"}, "constructor": "x"}');
    expect(renderTemplate(greeting, poisoned as TemplateValues, plain)).toBe('Hello,');
  });

  test.each([
    ['an unclosed tag', 'Hi {{first_name'],
    ['an unclosed section', '{{#first_name}}Hi'],
    ['crossed sections', '{{#first_name}}{{#last_name}}{{/first_name}}{{/last_name}}'],
    ['triple braces', '{{{first_name}}}'],
    ['an unescaped value', '{{& first_name}}'],
    ['a partial', '{{> footer}}'],
    ['other delimiters', '{{=<% %>=}}<% first_name %>'],
    ['broken delimiters', '{{= =}}'],
    ['a megabyte', 'a'.repeat(1_000_000)],
    ['100,000 placeholders', '{{first_name}}'.repeat(100_000)],
    ['a million sections in each other', '{{#first_name}}'.repeat(1_000_000)],
    ['sections nested as deep as fits', '{{#job_title}}'.repeat(340) + '{{/job_title}}'.repeat(340)],
  ])('%s is refused', (_case, text) => {
    const values: TemplateValues = { ...ann, job_title: 'x' };
    expect(codeOf(() => renderTemplate(text, values, plain))).toBe('template_invalid');
  });

  test('loops and filters of other languages are only text, or unknown names', () => {
    expect(renderTemplate('{% for i in (1..1000000000) %}x{% endfor %}', ann, plain)).toContain('{% for');
    expect(renderTemplate('a{{ (1..1e9) | join }}b', ann, plain)).toBe('ab');
    expect(renderTemplate("{% assign x = 'a' | append: x %}{{ x | times: 1e9 }}", ann, plain)).not.toContain('{{');
  });

  test('50 MB of output stop at the limit, before they are built', () => {
    const text = '{{job_title}}'.repeat(700);
    const start = performance.now();
    expect(codeOf(() => renderTemplate(text, { job_title: 'x'.repeat(75_000) }, plain))).toBe(
      'template_output_too_long',
    );
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test.each([
    ['spaces', `{{a${' '.repeat(9_990)}`],
    ['braces', '{'.repeat(10_000)],
    ['closing braces', '}'.repeat(10_000)],
    ['open and close', '{{}}'.repeat(2_500)],
    ['line breaks', `{{#first_name}}${'\n'.repeat(9_900)}{{/first_name}}`],
    ['equals signs', `{{=${'= '.repeat(4_990)}`],
  ])('10,000 characters of %s are read at once', (_case, text) => {
    const start = performance.now();
    codeOf(() => renderTemplate(text, ann, plain));
    checkTemplate({ channel: 'email', subject: text.slice(0, 300), body: text });
    checkTemplate({ channel: 'sms', body: text });
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const anyValues = fc.record(Object.fromEntries(templateVariables.map(({ name }) => [name, anyText])), {
  requiredKeys: [],
});
const soup = fc
  .array(
    fc.oneof(
      fc.constantFrom('{{', '}}', '{{{', '}}}', '{', '}', '#', '^', '/', '!', '&', '>', '=', ' ', '\n', '{{/', '{{#'),
      fc.constantFrom(...templateVariables.map(({ name }) => name)),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

const piece: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '.', 'é', '😀', '$', '\\') }),
    fc.constantFrom(...templateVariables.map(({ name }) => `{{${name}}}`)),
    fc
      .tuple(fc.constantFrom(...templateVariables.map(({ name }) => name)), fc.constantFrom('#', '^'), tie('node'))
      .map(([name, sign, inside]) => `{{${sign}${name}}}${inside}{{/${name}}}`),
  ),
})).node;
const template = fc.array(piece, { maxLength: 8 }).map((parts) => `Hello ${parts.join('')}`);

describe('for any template and any values', () => {
  test('a text is rendered or refused with a typed error, never anything else', () => {
    fc.assert(
      fc.property(soup, anyValues, (text, values) => {
        codeOf(() => renderTemplate(text, values, plain));
      }),
      { numRuns: 2_000 },
    );
  });

  test('what stops a text from being a template is found inside it', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const parsed = parseTemplate(text);
        if (parsed.ok) return;
        const { kind, offset } = parsed.broken;
        expect(text.slice(offset, offset + 2), `${kind} at ${offset}`).toBe('{{');
      }),
      { numRuns: 5_000 },
    );
  });

  test('a checked template renders, within the limit, and no placeholder survives', () => {
    let checked = 0;
    fc.assert(
      fc.property(template, anyValues, (text, values) => {
        if (!checkTemplate({ channel: 'email', subject: 'Hello', body: text }).ok) return;
        checked += 1;
        const withoutBraces = Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, value?.replaceAll(/[{}]/g, '')]),
        );
        const message = renderTemplate(text, withoutBraces, plain);
        expect(message).not.toMatch(/\{\{|\}\}/);
        expect(message.length).toBeLessThanOrEqual(maxRenderedCharacters);
        expect(message).not.toMatch(/\p{Surrogate}/u);
      }),
    );
    expect(checked).toBeGreaterThan(50);
  });

  test('the message does not depend on the order of the values, and is the same again', () => {
    fc.assert(
      fc.property(template, anyValues, (text, values) => {
        const reversed = Object.fromEntries(Object.entries(values).toReversed());
        const message = renderTemplate(text, values, plain);
        expect(renderTemplate(text, reversed, plain)).toBe(message);
        expect(renderTemplate(text, values, plain)).toBe(message);
      }),
    );
  });

  test('HTML that is rendered from values holds no sign of markup from them', () => {
    fc.assert(
      fc.property(template, anyValues, (text, values) => {
        expect(renderTemplate(text, values, { escape: 'html' })).not.toMatch(/[<>"']/);
      }),
    );
  });
});
