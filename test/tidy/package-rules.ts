// Rules about the package: exact pins, a lockfile that names no host, versions with known holes kept out, a tidy root.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { file, type Rule } from './rule.ts';
import { root, type SourceFile } from './source-file.ts';

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  exports?: Record<string, unknown>;
}

interface Lockfile {
  packages: Record<string, { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }>;
}

/** Parses one JSON file among the given ones; nothing when it is not there. */
function json<T>(files: readonly SourceFile[], path: string): T[] {
  return files.filter((source) => source.path === path).map((source) => JSON.parse(source.text) as T);
}

const pins: Rule = {
  name: 'dependencies are pinned to exact versions',
  why: 'A clone of today and one of next year must install the same, and some newer versions do not run on Node 20.',
  fix: 'npm install --save-exact NAME@VERSION.',
  check: (files) =>
    json<Manifest>(files, 'package.json')
      .flatMap((manifest) => [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies])
      .flatMap((list) => Object.entries(list ?? {}))
      .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
      .map(([name, version]) => `package.json: ${name} ${version}`),
  caught: [
    [file('package.json', '{ "dependencies": { "pg": "^8.23.1" } }')],
    [file('package.json', '{ "devDependencies": { "tsx": "latest" } }')],
  ],
  allowed: [[file('package.json', '{ "optionalDependencies": { "a": "17.10.0-beta.17" } }')]],
};

const noHosts: Rule = {
  name: 'package-lock.json names no host',
  why: 'An address of one registry in the lockfile breaks the install for everybody who uses another.',
  fix: '.npmrc sets omit-lockfile-registry-resolved=true; delete package-lock.json and run npm install.',
  check: (files) =>
    json<Lockfile>(files, 'package-lock.json')
      .flatMap((lock) => Object.entries(lock.packages))
      .filter(([, entry]) => entry.resolved !== undefined)
      .map(([path, entry]) => `package-lock.json: ${path} ${entry.resolved}`),
  caught: [
    [file('package-lock.json', '{ "packages": { "node_modules/a": { "resolved": "https://r.example/a.tgz" } } }')],
  ],
  allowed: [[file('package-lock.json', '{ "packages": { "node_modules/a": { "version": "1.0.0" } } }')]],
};

const wholeLockfile: Rule = {
  name: 'package-lock.json has an entry for every optional package of every platform',
  why: '`npm ci` refuses a lockfile that lacks one, on every machine; npm leaves it out when a registry did not have it.',
  fix: 'Pin a version of the package whose platform packages are all published, and install it again.',
  check: (files) =>
    json<Lockfile>(files, 'package-lock.json').flatMap(({ packages }) =>
      Object.entries(packages).flatMap(([path, entry]) =>
        Object.keys(entry.optionalDependencies ?? {})
          .filter((name) => !(`node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages))
          .map((name) => `package-lock.json: ${path} → ${name}`),
      ),
    ),
  caught: [
    [file('package-lock.json', '{ "packages": { "node_modules/a": { "optionalDependencies": { "@a/x64": "1" } } } }')],
  ],
  allowed: [
    [
      file(
        'package-lock.json',
        '{ "packages": { "node_modules/a": { "optionalDependencies": { "b": "1" } }, "node_modules/b": {} } }',
      ),
    ],
  ],
};

/** Lowest version without the named hole. */
const floors = [
  { name: 'hono', version: '4.12.25', hole: 'CVE-2026-54290: CORS reflects any origin with credentials' },
  {
    name: '@hono/node-server',
    version: '1.19.13',
    hole: 'CVE-2026-29087, CVE-2026-39406: static files bypass authentication',
  },
  { name: 'kysely', version: '0.28.17', hole: 'CVE-2026-44635: SQL injection' },
];

function older(version: string, floor: string): boolean {
  return version.localeCompare(floor, 'en', { numeric: true }) < 0;
}

const securityFloors: Rule = {
  name: 'no installed version is below its security floor',
  why: 'The floors are the versions in which known holes were closed, also when another package brings the old one in.',
  fix: 'Update the package, or override it in package.json where another one pins it.',
  check: (files) =>
    json<Lockfile>(files, 'package-lock.json').flatMap((lock) =>
      Object.entries(lock.packages).flatMap(([path, { version = '0' }]) => {
        const floor = floors.find(({ name }) => path.endsWith(`node_modules/${name}`));
        return floor !== undefined && older(version, floor.version) ? [`${path} ${version}: ${floor.hole}`] : [];
      }),
    ),
  caught: [
    [file('package-lock.json', '{ "packages": { "node_modules/hono": { "version": "4.9.30" } } }')],
    [file('package-lock.json', '{ "packages": { "node_modules/a/node_modules/kysely": { "version": "0.28.9" } } }')],
  ],
  allowed: [[file('package-lock.json', '{ "packages": { "node_modules/hono": { "version": "4.13.19" } } }')]],
};

const rootNames = new Set([
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'LICENSE', 'SECURITY.md'],
  ...['package.json', 'package-lock.json', '.npmrc', '.gitignore', '.gitattributes', '.editorconfig', '.ci', '.github'],
  ...['tsconfig.json', 'tsconfig.build.json', 'biome.json', 'knip.json', 'vitest.config.ts', '.squawk.toml'],
  ...['bin', 'src', 'sql', 'supabase', 'test', 'scripts', 'docs', 'bench', 'examples', 'dashboard'],
]);

const tidyRoot: Rule = {
  name: 'the root holds only what everybody needs to see first',
  why: 'The root is the table of contents; every stray file there makes it harder to find the next.',
  fix: 'Move it to the folder it belongs to, or add it to the list in test/tidy/package-rules.ts with a reviewer’s consent.',
  check: (files) =>
    [...new Set(files.map(({ path }) => path.split('/')[0] ?? ''))].filter((name) => !rootNames.has(name)),
  caught: [[file('notes.md', '')], [file('lib/a.ts', '')]],
  allowed: [[file('README.md', ''), file('src/index.ts', '')]],
};

const exported: Rule = {
  name: 'every entry of the exports map exists',
  why: 'A subpath that is announced and missing fails only in somebody else’s program.',
  fix: 'Write the module, or remove the entry from package.json.',
  check: (files) =>
    json<Manifest>(files, 'package.json')
      .flatMap((manifest) => JSON.stringify(manifest.exports ?? {}).match(/"\.\/[^"]+\.(?:js|json)"/g) ?? [])
      .map((target) => target.slice(3, -1).replace(/^dist\/(.*)\.js$/, 'src/$1.ts'))
      .filter((path) => !path.includes('*') && !existsSync(join(root, path)))
      .map((path) => `package.json exports ${path}`),
  caught: [[file('package.json', '{ "exports": { ".": { "default": "./dist/nowhere.js" } } }')]],
  allowed: [[file('package.json', '{ "exports": { "./package.json": "./package.json", "./sql/*": "./sql/*" } }')]],
};

export const packageRules = [pins, noHosts, wholeLockfile, securityFloors, tidyRoot, exported];
