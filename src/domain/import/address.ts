// Phone numbers and email addresses as exports write them: several in a cell, with extensions, in national form.
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import { Refusal, shown } from './refusal.ts';

// What people type where there is nothing to type.
const nothing = /^(?:n\/?a|none|no|unknown|null|nil|-+|\.+|0+)$/i;

function parts(text: string, separators: RegExp): string[] {
  return text
    .split(separators)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !nothing.test(part));
}

/**
 * The first number of a cell, in E.164; null where there is none.
 * @param country where national numbers are from
 * @throws Refusal
 */
export function readPhone(text: string, country: string): string | null {
  const numbers = parts(text, /[,;|\n]+|\s\/\s/);
  if (numbers.length === 0) return null;
  const home: CountryCode | undefined = isSupportedCountry(country) ? country : undefined;
  for (const number of numbers) {
    const parsed = parsePhoneNumberFromString(number, home);
    if (parsed?.isValid() === true) return parsed.number;
  }
  throw new Refusal(
    `${shown(text)} is not a phone number.`,
    `Write it with its country, like +12125550101; without one it is read as a number of ${country}.`,
  );
}

const email = /^[^\s@<>",;:()[\]\\]+@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;
const longestEmail = 254;

function isEmail(text: string): boolean {
  return text.length <= longestEmail && email.test(text) && !/^\.|\.\.|\.@/.test(text);
}

/**
 * The first address of a cell, in lower case, also out of `Ann Lee <ann@example.com>`; null where there is none.
 * @throws Refusal
 */
export function readEmail(text: string): string | null {
  const addresses = parts(text, /[,;|\s]+/).map((part) => part.replace(/^mailto:/i, '').replace(/^<(.*)>$/, '$1'));
  if (addresses.length === 0) return null;
  const found = addresses.map((address) => address.toLowerCase()).find(isEmail);
  if (found !== undefined) return found;
  throw new Refusal(
    `${shown(text)} is not an email address.`,
    'Write it like ann@example.com, or leave the cell empty.',
  );
}
