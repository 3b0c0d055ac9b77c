// Who may import whom. Biome says the same in the editor; here it is proved from the resolved paths.
import { posix } from 'node:path';
import { file, type Rule } from './rule.ts';
import { matches, type SourceFile, withoutComments } from './source-file.ts';

const adapters = ['db', 'senders', 'worker', 'http', 'embedded', 'metrics'];
const shared = ['errors', 'generated'];

/** What each part of src/ may import besides itself. */
const mayImport: Record<string, readonly string[]> = {
  domain: shared,
  engine: ['domain', ...shared],
  ...Object.fromEntries(adapters.map((adapter) => [adapter, ['domain', 'engine', ...shared]])),
  errors: ['generated'],
  config: ['domain', ...shared],
  generated: [],
  index: ['domain', 'engine', ...adapters, 'config', ...shared],
  cli: ['domain', 'engine', ...adapters, 'config', 'index', ...shared],
  testing: ['domain', 'engine', ...adapters, 'config', 'index', ...shared],
};

const importPattern = /\b(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g;

/** The part of src/ a path belongs to: its folder, or its name for a file directly in src/. */
function partOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.ts$/, '');
}

function forbidden(from: string, to: string): boolean {
  if (!to.startsWith('src/')) return true;
  const [part, target] = [partOf(from), partOf(to)];
  return part !== target && !(mayImport[part] ?? []).includes(target);
}

function wrongImports(source: SourceFile): string[] {
  return [...withoutComments(source).matchAll(importPattern)].flatMap(([, specifier = '']) => {
    if (!specifier.startsWith('.')) return [];
    const target = posix.join(posix.dirname(source.path), specifier);
    return forbidden(source.path, target) ? [`${source.path} imports ${target}`] : [];
  });
}

const inSource = ({ path }: SourceFile): boolean => path.startsWith('src/') && /\.tsx?$/.test(path);

const direction: Rule = {
  name: 'imports go one way: domain ← engine ← adapters ← index, cli, testing',
  why: 'The core must run without any adapter, and an adapter must be replaceable without touching another.',
  fix: 'Move the shared thing into domain/ or engine/, or name a port in engine/ports.ts and wire it in index, cli or testing. A new folder of src/ gets its row in test/tidy/import-rules.ts.',
  check: (files) => files.filter(inSource).flatMap(wrongImports),
  caught: [
    [file('src/domain/render.ts', "import { claim } from '../engine/claim.ts';")],
    [file('src/engine/claim.ts', "const { query } = await import('../db/client.ts');")],
    [file('src/db/client.ts', "export { wake } from '../worker/loop.ts';")],
    [file('src/senders/smtp.ts', "import type { Config } from '../config.ts';")],
    [file('src/cli/main.ts', "import { testDatabase } from '../../test/support/database.ts';")],
  ],
  allowed: [
    [file('src/engine/claim.ts', "import { render } from '../domain/render.ts';", "import { now } from './clock.ts';")],
    [file('src/cli/main.ts', "import { migrate } from '../db/migrate/index.ts';", "import pg from 'pg';")],
    [file('src/db/client.ts', "// from '../worker/loop.ts'", "import { TouchlineError } from '../errors.ts';")],
  ],
};

const postgres: Rule = {
  name: 'only db/, embedded/ and the composition roots know the Postgres driver',
  why: 'SQL has one home; a second caller is a second place to get roles, time-outs and transactions wrong.',
  fix: 'Add the call to src/db/ and import it from there or through a port.',
  check: (files) =>
    files
      .filter((source) => /^src\/(domain|engine|senders|worker|http)\//.test(source.path))
      .flatMap((source) => matches(source.path, withoutComments(source), /\bfrom\s*['"]pg(?:-[a-z-]+)?['"]/g)),
  caught: [
    [file('src/http/jobs.ts', "import pg from 'pg';")],
    [file('src/engine/a.ts', "import type { Pool } from 'pg';")],
  ],
  allowed: [[file('src/db/client.ts', "import pg from 'pg';")]],
};

export const importRules = [direction, postgres];
