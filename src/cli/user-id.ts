import { InvalidArgumentError } from 'commander';

/** The value of an option that names a user. */
export function readUserId(text: string): string {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('It must be the id (uuid) of a user.');
}
