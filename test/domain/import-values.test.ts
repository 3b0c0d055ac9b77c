// Phones, addresses, names, states, services and consent as exports write them.
import { describe, expect, test } from 'vitest';
import { readEmail, readPhone } from '../../src/domain/import/address.ts';
import { derivedId, personName, splitName } from '../../src/domain/import/person.ts';
import {
  countryOf,
  readConsent,
  readFlag,
  readMethod,
  readState,
  serviceOf,
  stateOf,
} from '../../src/domain/import/words.ts';

describe('phones', () => {
  test.each([
    ['(212) 555-0101', 'US', '+12125550101'],
    ['212.555.0101', 'US', '+12125550101'],
    ['1-212-555-0101', 'US', '+12125550101'],
    ['+1 212 555 0101 ext. 12', 'US', '+12125550101'],
    ['n/a', 'US', null],
    ['-', 'US', null],
    ['none, (212) 555-0101', 'US', '+12125550101'],
    ['555-0101; 212-555-0102', 'US', '+12125550102'],
    ['416-555-0100', 'CA', '+14165550100'],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['+44 20 7946 0958', 'US', '+442079460958'],
  ])('%s of %s is %s', (text, country, number) => {
    expect(readPhone(text, country)).toBe(number);
  });

  test.each(['555-0101', '12', 'call the office', '+1 212', '2125550101212555', 'ann@example.test'])(
    '%s is refused',
    (text) => {
      expect(() => readPhone(text, 'US')).toThrow('is not a phone number');
    },
  );
});

describe('email addresses', () => {
  test.each([
    [' Ann@Example.TEST ', 'ann@example.test'],
    ['Ann Lee <ann@example.test>', 'ann@example.test'],
    ['ann@example.test; bob@example.test', 'ann@example.test'],
    ['mailto:ann@example.test', 'ann@example.test'],
    ['zoë@example.test', 'zoë@example.test'],
    ["o'neil+x@mail.example.test", "o'neil+x@mail.example.test"],
    ['N/A', null],
  ])('%s is %s', (text, address) => {
    expect(readEmail(text)).toBe(address);
  });

  test.each([
    'ann',
    'ann@',
    '@example.test',
    'ann@example',
    'a..b@example.test',
    'ann@-x.test',
    `${'a'.repeat(250)}@x.test`,
  ])('%s is refused', (text) => {
    expect(() => readEmail(text)).toThrow('is not an email address');
  });
});

describe('names', () => {
  test.each([
    ['Ann Lee', { first_name: 'Ann', last_name: 'Lee' }],
    ['Lee, Ann', { first_name: 'Ann', last_name: 'Lee' }],
    ['Ann & Bob Lee', { first_name: 'Ann & Bob', last_name: 'Lee' }],
    ['Ann van der Berg', { first_name: 'Ann', last_name: 'van der Berg' }],
    ['Cher', { first_name: 'Cher' }],
    ['Acme Holdings LLC', { last_name: 'Acme Holdings LLC' }],
    ['  Ann\n\tLee ', { first_name: 'Ann', last_name: 'Lee' }],
    ['', {}],
  ])('%j', (text, name) => {
    expect(splitName(text)).toEqual(name);
  });

  test('two columns win over one, and a long one is cut', () => {
    expect(personName('Ann', '', 'Bob Lee')).toEqual({ first_name: 'Ann' });
    expect(personName('', '', 'Bob Lee')).toEqual({ first_name: 'Bob', last_name: 'Lee' });
    expect(personName('x'.repeat(300), '', '').first_name).toHaveLength(100);
  });

  test('a person without an id has the same one on every row, in either case of letters', () => {
    const ann = derivedId({ first_name: 'Ann', last_name: 'Lee' }, 'ann@example.test', null);
    expect(ann).toMatch(/^[0-9a-f]{24}$/);
    expect(derivedId({ first_name: 'ANN', last_name: 'lee' }, 'Ann@example.test', null)).toBe(ann);
    expect(derivedId({ first_name: 'Bob', last_name: 'Lee' }, 'ann@example.test', null)).not.toBe(ann);
  });
});

describe('words', () => {
  test.each([
    ['Completed', 'completed'],
    ['Complete - Unrated', 'completed'],
    ['requires_invoicing', 'completed'],
    ['In Progress', 'scheduled'],
    ['Needs Scheduling', 'scheduled'],
    ['Pro canceled', 'cancelled'],
  ])('the state %s is %s', (text, state) => {
    expect(readState(text)).toBe(state);
  });

  test.each([
    ['HVAC', 'hvac'],
    ['A/C tune-up', 'hvac'],
    ['Duct cleaning', 'hvac'],
    ['Drain cleaning', 'plumbing'],
    ['Water Heater Install', 'plumbing'],
    ['Panel upgrade', 'electrical'],
    ['Roof repair', 'roofing'],
    ['Gutter cleaning', 'cleaning'],
    ['Gutter installation', 'roofing'],
    ['Exterior paint', 'painting'],
    ['Deep clean', 'cleaning'],
    ['Handyman visit', 'handyman'],
    ['Space heist', undefined],
    ['', undefined],
  ])('the service %s is %s', (text, type) => {
    expect(serviceOf(text)).toBe(type);
  });

  test.each([
    ['Yes', 'opted_in'],
    ['opted_in', 'opted_in'],
    ['TRUE', 'opted_in'],
    ['No', undefined],
    ['unknown', undefined],
    ['', undefined],
    ['Opted Out', 'opted_out'],
    ['STOP', 'opted_out'],
  ])('consent %s is %s: a mere no is no opt-out', (text, status) => {
    expect(readConsent(text)).toBe(status);
  });

  test('what is none of the words is refused', () => {
    expect(() => readState('Blue')).toThrow('"Blue" is not a state of a job');
    expect(() => readConsent('maybe')).toThrow('"maybe" does not say whether there is consent.');
    expect(() => readFlag('maybe')).toThrow('neither yes nor no');
    expect(() => readMethod('telepathy')).toThrow('is not a way to consent');
    expect(readMethod('Website form')).toBe('website_form');
    expect([readFlag('x'), readFlag('No')]).toEqual([true, false]);
  });

  test('countries and states are codes, or known words', () => {
    expect(['USA', 'United States', 'ca', 'Atlantis', ''].map(countryOf)).toEqual([
      'US',
      'US',
      'CA',
      undefined,
      undefined,
    ]);
    expect(['ny', 'NSW', 'New York', '1'].map(stateOf)).toEqual(['NY', 'NSW', undefined, undefined]);
  });
});
