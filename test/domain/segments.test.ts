import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { smsSegments } from '../../src/domain/segments.ts';

describe('the segments of an SMS', () => {
  test.each([
    ['nothing', '', 'GSM-7', 0, 0],
    ['as much as fits into one', 'a'.repeat(160), 'GSM-7', 1, 160],
    ['one character more', 'a'.repeat(161), 'GSM-7', 2, 161],
    ['as much as fits into two', 'a'.repeat(306), 'GSM-7', 2, 306],
    ['one character more again', 'a'.repeat(307), 'GSM-7', 3, 307],
    ['signs of the extension table count twice', '€'.repeat(80), 'GSM-7', 1, 160],
    ['accents that GSM-7 has', 'àéñöÜ', 'GSM-7', 1, 5],
    ['accents that it has not', `${'a'.repeat(69)}ë`, 'UCS-2', 1, 70],
    ['an emoji takes two units', `${'a'.repeat(69)}😀`, 'UCS-2', 2, 70],
  ])('%s', (_case, text, encoding, segments, characters) => {
    expect(smsSegments(text)).toMatchObject({ encoding, segments, characters });
  });

  test('name the characters that cost, once each', () => {
    expect(smsSegments('Thanks — really — it’s done').costly).toEqual(['—', '’']);
    expect(smsSegments("Thanks - really - it's done").costly).toEqual([]);
  });

  test('are counted for any text, and a longer text never takes fewer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 50 }), (text, more) => {
        expect(smsSegments(`${text}\n${more}`).segments).toBeGreaterThanOrEqual(smsSegments(text).segments);
      }),
    );
  });

  // The time limit of a test stands for the rest: a count that grows with the square of the length would not come back.
  test.each([
    ['a', 131],
    ['😀', 304],
    ['🇺🇸', 313],
    ['e\u0301', 304],
  ])('of the longest message we render are counted (%s)', (unit, segments) => {
    expect(smsSegments(unit.repeat(20_000 / unit.length)).segments).toBe(segments);
  });
});
