// Two checksums. A migration's is compared with what the ledger recorded, and Supabase's CLI records a file as statements
// without the semicolons, blank lines and comments between them; so it covers only what the server executes. A code file's
// covers every character: there a false difference costs one re-application.
import { createHash } from 'node:crypto';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

// A check-out on Windows may turn line ends inside function bodies.
const unixLines = (text: string): string => text.replaceAll('\r\n', '\n');

// Strings, quoted names and dollar-quoted bodies are kept as they are; what lies between tokens becomes one space.
const token =
  /(?:[\s;]|--[^\n]*|\/\*[\s\S]*?\*\/)+|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[A-Za-z_][A-Za-z_0-9]*)?\$)[\s\S]*?\1/g;

/** The text with everything between tokens (white space, semicolons, comments) as one space. */
export function canonicalSql(text: string): string {
  return unixLines(text)
    .replace(token, (part) => (/^(?:[\s;]|--|\/\*)/.test(part) ? ' ' : part))
    .trim();
}

/** Checksum of a migration: of a file's text, or of the statements a ledger row holds. */
export function migrationChecksum(statements: readonly string[]): string {
  return sha256(canonicalSql(statements.join(';\n')));
}

/** Checksum of a file of sql/. */
export function codeChecksum(text: string): string {
  return sha256(unixLines(text));
}
