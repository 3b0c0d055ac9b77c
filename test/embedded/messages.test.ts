// One clear line for each way in which the bundled Postgres cannot work here.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findBinaries } from '../../src/embedded/binaries.ts';
import { readPostmaster } from '../../src/embedded/postmaster.ts';
import { EmbeddedPostgresError, explainSystemError, tellsOfFullDisk } from '../../src/embedded/problem.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'touchline-messages-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a full disk is named as such, whoever noticed it', () => {
  const failure = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(explainSystemError(failure, '/data', 'me')).toMatchObject({
    code: 'disk_full',
    message: expect.stringContaining('The disk that holds /data is full'),
  });
  expect(tellsOfFullDisk('initdb: error: could not write file "x": No space left on device')).toBe(true);
});

it('other errors pass unchanged', () => {
  const failure = new Error('surprise');
  expect(explainSystemError(failure, '/data', 'me')).toBe(failure);
});

it('a package that is none is refused with the way out', () => {
  writeFileSync(join(folder, 'package.json'), '{}');
  expect(() => findBinaries(folder)).toThrow(EmbeddedPostgresError);
  expect(() => findBinaries(folder)).toThrow('Set DATABASE_URL to a PostgreSQL server (version 15 or newer) instead.');
});

it('the installed package is found, with its version', () => {
  expect(findBinaries()).toMatchObject({ majorVersion: '17', label: expect.stringContaining(process.arch) });
});

it('postmaster.pid is read at every stage of its life', () => {
  const file = join(folder, 'postmaster.pid');
  expect(readPostmaster(folder)).toBeNull();
  writeFileSync(file, '');
  expect(readPostmaster(folder)).toEqual({ pid: null, port: null, status: null });
  writeFileSync(file, '12\n/data\n1\n5433\n\n');
  expect(readPostmaster(folder)).toEqual({ pid: 12, port: 5433, status: null });
  writeFileSync(file, '12\n/data\n1\n5433\n\n127.0.0.1\n  1 2\nready   \n');
  expect(readPostmaster(folder)).toEqual({ pid: 12, port: 5433, status: 'ready' });
});
