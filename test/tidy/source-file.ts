// The repository as the style rules see it: every text file that is not installed, built or ignored.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripSql, stripTypeScript } from './strip.ts';

/** A file: its path from the root with forward slashes, and its text. */
export interface SourceFile {
  path: string;
  text: string;
}

export const root = fileURLToPath(new URL('../..', import.meta.url));

const textFiles = new Set([
  '.ts',
  '.tsx',
  '.js',
  '.mjs',
  '.sql',
  '.md',
  '.json',
  '.jsonc',
  '.toml',
  '.yml',
  '.yaml',
  '.sh',
  '.html',
  '.css',
  '.sha256',
  '',
]);

// Plain names and `*.ext` are all that .gitignore uses, so a whole matcher is not needed.
function ignored(): (name: string) => boolean {
  const patterns = readFileSync(join(root, '.gitignore'), 'utf8').split('\n').filter(Boolean);
  const names = new Set(['.git', ...patterns.map((pattern) => pattern.replace(/\/$/, ''))]);
  const endings = patterns.filter((pattern) => pattern.startsWith('*')).map((pattern) => pattern.slice(1));
  return (name) => names.has(name) || endings.some((ending) => name.endsWith(ending));
}

function walk(folder: string, skip: (name: string) => boolean): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (skip(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(path, skip) : [path];
  });
}

/** Every file of the repository that git would keep; of files that are not text, only the path. */
export function readRepository(): SourceFile[] {
  return walk('', ignored()).map((path) => ({
    path,
    text: textFiles.has(extname(path)) ? readFileSync(join(root, path), 'utf8') : '',
  }));
}

/** The file without comments; strings stay. */
export function withoutComments({ path, text }: SourceFile): string {
  return path.endsWith('.sql') ? stripSql(text, { strings: true }) : stripTypeScript(text, { strings: true });
}

/** The file without comments and without the contents of strings: what the compiler acts on. */
export function codeOnly({ path, text }: SourceFile): string {
  return path.endsWith('.sql') ? stripSql(text, { strings: false }) : stripTypeScript(text, { strings: false });
}

/** One message per match: path, line and the matched text. Stripped text keeps its line breaks, so lines are true. */
export function matches(path: string, text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length;
    return `${path}:${line}: ${match[0].trim().replace(/\s+/g, ' ')}`;
  });
}
