// How people write touches and windows, and how the program guesses what they meant.
import { describe, expect, test } from 'vitest';
import { plain, table } from '../../src/cli/table.ts';
import { describePlan, parseTouch, parseTouches } from '../../src/cli/touches.ts';
import { describeWindows, parseWindows } from '../../src/cli/windows.ts';
import { counted, listed } from '../../src/cli/words.ts';
import { nearest } from '../../src/domain/did-you-mean.ts';

describe('a touch', () => {
  test.each([
    ['email:24h', { channel: 'email', delay_hours: 24, template: null }],
    ['sms:3d', { channel: 'sms', delay_hours: 72, template: null }],
    ['EMAIL:+4', { channel: 'email', delay_hours: 4, template: null }],
    ['sms:24h:Thanks: part 2', { channel: 'sms', delay_hours: 24, template: 'Thanks: part 2' }],
  ])('%s', (text, touch) => {
    expect(parseTouch(text)).toEqual(touch);
  });

  test.each([
    ['mail:24h', 'There is no channel "mail". Did you mean email?'],
    ['email', '"email" is not a touch.'],
    ['email:soon', 'The delay "soon" is not from 1 hour to 8,760 hours (365 days).'],
    ['email:0h', 'The delay "0h" is not from 1 hour'],
    ['email:366d', 'The delay "366d" is not from 1 hour'],
  ])('%s is refused', (text, message) => {
    expect(() => parseTouch(text)).toThrow(message);
  });

  test('as JSON, in the form in which campaign show prints it', () => {
    const json =
      '[{"touch_number": 1, "channel": "email", "delay_hours": 24, "template_id": "x", "template_name": "y"}]';
    expect(parseTouches(json, 'touches.json')).toEqual([{ channel: 'email', delay_hours: 24, template: 'x' }]);
  });

  test.each([
    ['{', 'touches.json is not JSON'],
    ['{}', 'touches.json is not a list.'],
    ['[1]', 'Touch 1 of touches.json is not a JSON object.'],
    ['[{"chanel": "email"}]', 'Touch 1 of touches.json has the unknown key "chanel". Did you mean channel?'],
    ['[{"channel": "email", "delay_hours": "24"}]', 'The delay "24" is not'],
  ])('%s is refused', (json, message) => {
    expect(() => parseTouches(json, 'touches.json')).toThrow(message);
  });

  test('in words', () => {
    const touches = [parseTouch('email:24h'), parseTouch('sms:72h')];
    expect(describePlan(touches)).toBe('email +24 h, sms +3 d');
  });
});

describe('sending windows', () => {
  test.each([
    ['mon-fri 08:00-20:00, sat 10:00-16:00'],
    ['mon-sun 00:00-24:00'],
    ['mon 08:00-12:00, mon 14:00-18:00'],
    ['fri-sat 20:00-02:00'],
    ['never'],
  ])('%s is read and written the same', (text) => {
    expect(describeWindows(parseWindows(text))).toBe(text);
  });

  test('always is all hours of all days', () => {
    expect(describeWindows(parseWindows(' Always'))).toBe('mon-sun 00:00-24:00');
  });

  test('days may go past the end of the week', () => {
    expect(parseWindows('sat-mon 09:00-10:00').map(({ iso_weekday }) => iso_weekday)).toEqual([6, 7, 1]);
  });

  test.each([
    ['mon-fri 8-20', '"mon-fri 8-20" is not a sending window.'],
    ['mon 25:00-26:00', 'is not a sending window.'],
    ['mun 08:00-20:00', 'There is no weekday mun. Did you mean mon?'],
    ['mon 08:00-08:00', 'The window "mon 08:00-08:00" is empty.'],
  ])('%s is refused', (text, message) => {
    expect(() => parseWindows(text)).toThrow(message);
  });
});

describe('small words', () => {
  test('the nearest name, when one is near', () => {
    expect(nearest('campain', ['campaign', 'business'])).toBe('campaign');
    expect(nearest('xyzzy', ['campaign', 'business'])).toBeUndefined();
    expect(nearest('xyz', ['sms'])).toBeUndefined();
  });

  test('counts and lists', () => {
    expect([counted(1, 'person', 'people'), counted(0, 'touch', 'touches')]).toEqual(['1 person', '0 touches']);
    expect([listed(['a']), listed(['a', 'b', 'c']), listed(['a', 'b', 'c', 'd'], 2)]).toEqual([
      'a',
      'a, b and c',
      'a, b and 2 more',
    ]);
  });

  test('what tenants wrote cannot move the cursor, recolour the terminal or turn the line', () => {
    expect(plain('a\u001b[31mb\r\nc\u202ed')).toBe('a [31mb c d');
    const text = table(
      [{ name: 'x\u001b[2J' }],
      [{ title: 'name', value: ({ name }) => name }],
      (titles) => titles,
      '',
    );
    expect(text).toBe('name\nx [2J');
  });
});
