// The secret that signs links where nobody set one.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/cli/database.ts';
import { tokensOf } from '../../src/cli/links.ts';
import { loadConfig } from '../../src/config.ts';
import { temporaryFolder } from '../support/test-server.ts';

let dataDir: string;

beforeAll(() => {
  dataDir = mkdtempSync(join(temporaryFolder(), 'touchline-links-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const target = {
  businessId: '0190a000-0000-7000-8000-000000000001',
  channel: 'email',
  address: 'zoe@example.test',
  sendLogId: '0190a000-0000-7000-8000-000000000002',
} as const;

const database = (folder: string | undefined): Database => ({
  pool: Object.create(null),
  run: () => Promise.reject(new Error('Nothing is asked of the database.')),
  shownUrl: '',
  embedded: folder !== undefined,
  dataDir: folder,
  close: () => Promise.resolve(),
});

describe('the secret', () => {
  test('is made once beside the embedded database, for its owner only, and found again', () => {
    const token = tokensOf(loadConfig({}), database(dataDir))?.make(target) ?? '';
    const file = join(dataDir, 'secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim().length).toBeGreaterThanOrEqual(43);
    expect(tokensOf(loadConfig({}), database(dataDir))?.read(token)).toEqual(target);
  });

  test('of the settings goes first, those it replaced are still read, and a database of one’s own needs one', () => {
    const [first, second] = ['1'.repeat(32), '2'.repeat(32)];
    const token = tokensOf(loadConfig({ TOUCHLINE_SECRET: first }), database(undefined))?.make(target) ?? '';
    const settings = { TOUCHLINE_SECRET: second, TOUCHLINE_OLD_SECRETS: `${first} ${'3'.repeat(32)}` };
    expect(tokensOf(loadConfig(settings), database(dataDir))?.read(token)).toEqual(target);
    expect(tokensOf(loadConfig({}), database(undefined))).toBeUndefined();
  });
});
