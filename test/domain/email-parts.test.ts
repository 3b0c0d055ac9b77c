// The two parts of an email say the same: words and links, read from the HTML by a reading of its own, not by what wrote it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EmailFooter, emailHtml, emailText } from '../../src/domain/email/layout.ts';

const footer: EmailFooter = {
  businessName: 'Ann & Sons <Plumbing>',
  postalAddress: '1 Main Street\nSpringfield, NY 10001',
  unsubscribeUrl: 'https://follow-up.example.test/u/token?a=1&b=2',
};

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescaped = (text: string): string =>
  text.replaceAll(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);

/** What a person reads of an HTML part, and where its links lead. Tags only part words where a browser would. */
function readHtml(html: string): { words: string[]; links: string[] } {
  const body = html.slice(html.indexOf('<body'), html.indexOf('</body>'));
  const links = [...body.matchAll(/<a\s[^>]*?href="([^"]*)"/g)].map(([, url = '']) => unescaped(url));
  const text = unescaped(body.replaceAll(/<(?:br|\/p|\/td|\/tr)>/g, '\n').replaceAll(/<[^>]*>/g, ''));
  return { words: wordsOf(text), links };
}

const wordsOf = (text: string): string[] => text.split(/\s+/u).filter(Boolean);

/** The text part without what stands only there: the line above the footer, and the words of the last link. */
function readText(text: string): string[] {
  const end = text.lastIndexOf('\n--\n');
  const { unsubscribeUrl } = footer;
  return wordsOf(
    `${text.slice(0, end)}\n${text.slice(end + 4).replace(`Unsubscribe: ${unsubscribeUrl}`, 'Unsubscribe from these emails')}`,
  );
}

const linksIn = (text: string): string[] => text.match(/https?:\/\/\S*[^\s.,;:!?)\]}]/g) ?? [];

function parts(body: string): { text: string; html: string } {
  return { text: emailText(body, footer), html: emailHtml('A subject', body, footer) };
}

describe('both parts', () => {
  test.each([
    ['a plain one', 'Hi Zoë,\n\nhow did it go?\nSay so: https://reviews.example.test/ann?a=1&b=2.\n\nSam'],
    [
      'signs that HTML has',
      'Less < more > both & "quotes" \'too\' &amp; &lt;b&gt;\n\n<script>alert(1)</script> <a href="x">no</a>',
    ],
    ['links beside signs', '(https://a.example/x), https://b.example/y?q=1#z! and http://c.example/.'],
    ['blanks and empty lines', '  one  \n\n \t \n\n\ntwo\nthree\n\n'],
    ['no words at all', ''],
    ['right to left, and signs of two units', 'שלום 👋 مرحبا\n\n日本語'],
  ])('of %s carry the same words and links', (_name, body) => {
    const { text, html } = parts(body);
    const read = readHtml(html);
    expect(read.words).toEqual(readText(text));
    expect(read.links).toEqual([...linksIn(body), footer.unsubscribeUrl]);
  });

  test('carry the same words whatever a template gives', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom('<', '&amp;', '&', '"', '</p>', '<!--', 'https://a.example/?x=<b>'),
    );
    const body = fc.array(fc.tuple(word, fc.constantFrom(' ', '\n', '\n\n', '\t')), { maxLength: 30 });
    fc.assert(
      fc.property(body, (pieces) => {
        const { text, html } = parts(pieces.flat().join(''));
        expect(readHtml(html).words).toEqual(readText(text));
      }),
    );
  });

  test('leave nothing out of the footer, and the link of the text is that of the HTML', () => {
    const { text, html } = parts('Hello');
    for (const line of ['Ann & Sons <Plumbing>', '1 Main Street', 'Springfield, NY 10001'])
      expect(text).toContain(line);
    expect(linksIn(text)).toEqual(readHtml(html).links);
  });
});
