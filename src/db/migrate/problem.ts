// What a migrate run says when it will not, or cannot, go on.
import type { SourceText } from './source.ts';

/** Why a run was refused before it changed anything. */
type RefusalCode =
  | 'migration_changed'
  | 'migration_locked'
  | 'migration_version_taken'
  | 'not_empty'
  | 'pooled_connection'
  | 'roles_missing'
  | 'schema_missing'
  | 'source_invalid';

/** A guard said no; nothing was changed. The message names what stands in the way and what to do about it. */
export class MigrateRefused extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'MigrateRefused';
    this.code = code;
  }
}

/** A file failed; its transaction was rolled back, so nothing of it was kept. `code` is the SQLSTATE, if there is one. */
export class MigrateFailed extends Error {
  readonly code: string | undefined;
  readonly file: string;

  constructor(file: string, code: string | undefined, message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'MigrateFailed';
    this.file = file;
    this.code = code;
  }
}

interface ServerError {
  message: string;
  code?: string;
  position?: string;
  detail?: string;
  hint?: string;
  where?: string;
}

// In place of the server's own hint, which for the first says CASCADE.
const advice: Record<string, string> = {
  '2BP01':
    'Something outside Touchline is built on it. Touchline makes its functions and views anew at an upgrade: drop that object before the upgrade and create it again afterwards.',
  '55P03': 'Another session holds a lock on it for more than 4 s. Run it again when that session is done.',
};

function cureOf({ code, hint }: ServerError): string | undefined {
  const own = code === undefined ? undefined : advice[code];
  if (own !== undefined || hint !== undefined) return own ?? hint;
  return code === '42501' ? 'The connection must be the owner of schema touchline and of the database.' : undefined;
}

function lineOf(text: string, position: string | undefined): string {
  if (position === undefined) return '';
  // The server counts characters, not UTF-16 units.
  const before = [...text].slice(0, Number(position) - 1);
  return `:${before.filter((character) => character === '\n').length + 1}`;
}

/** Turns the server's error about a file into one that names file, line, cause and, where it is known, the cure. */
export function failedFile(file: SourceText, error: unknown): MigrateFailed {
  const server: ServerError = error instanceof Error ? error : { message: String(error) };
  const parts = [
    `${file.path}${lineOf(file.text, server.position)}: ${server.message}${server.code ? ` (${server.code})` : ''}.`,
    server.detail,
    cureOf(server),
    'Nothing of this file was kept.',
  ];
  return new MigrateFailed(file.path, server.code, parts.filter(Boolean).join(' '), error);
}
