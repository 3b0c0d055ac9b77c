// `touchline start`: it serves, it says where, it ends quietly. In this process, and once as a program of its own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase, testDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/test-server.ts';
import { document, type Failure, programOn, type Ran, type RunOptions } from './run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin/touchline.js');

interface Started {
  url: string;
  database_url: string;
  embedded: boolean;
  data_dir: string | null;
}

/** A port that somebody holds. */
async function occupied(): Promise<{ port: number; server: Server }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** Starts in this process, waits for the document, hands it to `work`, and stops. */
async function started(
  url: string,
  work: (found: Started) => Promise<void>,
  { command = 'start', ...options }: RunOptions & { command?: string } = {},
): Promise<Ran> {
  const stop = new AbortController();
  let tell: (text: string) => void = () => undefined;
  const said = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const hear = (text: string): void => {
    if (text.startsWith('{')) tell(text);
  };
  const args = [command, '--json', '--no-demo'];
  const ended = programOn(url).run(args, { env: { PORT: '0' }, ...options, stop: stop.signal, hear });
  const first = await Promise.race([said, ended]);
  if (typeof first !== 'string') throw new Error(`start ended with ${first.code}: ${first.err}`);
  try {
    await work(JSON.parse(first) as Started);
  } finally {
    stop.abort();
  }
  return ended;
}

describe('in this process, on a database of one’s own', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await testDatabase('cli_start');
  });
  afterAll(() => database.drop());

  test('it serves until it is told to stop, and leaves no connection behind', async () => {
    const ran = await started(database.url, async ({ url, embedded, data_dir }) => {
      expect({ embedded, data_dir }).toEqual({ embedded: false, data_dir: null });
      expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' });
      expect(await (await fetch(url)).text()).toContain('Touchline is running');
    });
    expect([ran.code, ran.err]).toEqual([
      0,
      expect.stringMatching(
        /^Without TOUCHLINE_SECRET .*\nWithout SMTP_URL or RESEND_API_KEY .*\nSign in.*: http:.*\nOpen http:\/\/127\.0\.0\.1:\d+ to see .*\. Ctrl-C stops it\.\n$/,
      ),
    ]);
    const left = await database.query(
      `select from pg_stat_activity where datname = current_database() and application_name like 'touchline%'`,
    );
    expect(left.rowCount).toBe(0);
  });

  test('serve is the same without a worker; start has one, which sends nothing by itself to a database of real people', async () => {
    const workers = async (): Promise<unknown> => {
      const { rows } = await database.query(
        `select distinct application_name as name from pg_stat_activity
         where datname = current_database() and application_name in ('touchline worker', 'touchline sends', 'touchline hints')
         order by 1`,
      );
      return rows.map(({ name }) => name);
    };
    const ran = await started(database.url, async () => {
      await expect.poll(workers).toEqual(['touchline hints', 'touchline worker']);
    });
    expect(ran.err).not.toContain('mailbox');
    await started(
      database.url,
      async ({ url }) => {
        expect((await fetch(`${url}/readyz`)).status).toBe(200);
        expect(await workers()).toEqual([]);
      },
      { command: 'serve' },
    );
  });

  test('it migrates first', async () => {
    const empty = await emptyDatabase('cli_start_empty');
    try {
      const ran = await started(empty.url, async ({ url }) => {
        expect((await fetch(`${url}/readyz`)).status).toBe(200);
      });
      expect(ran.err).toContain('Brought the database up to date');
    } finally {
      await empty.drop();
    }
  });

  test('a database that goes away makes it not ready; the terminal hears why, the stranger does not', async () => {
    const gone = await testDatabase('cli_start_gone');
    const work = async ({ url }: Started): Promise<void> => {
      await gone.drop();
      for (const path of ['/readyz', '/readyz', '/']) expect((await fetch(`${url}${path}`)).status).toBe(503);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    };
    const ran = await started(gone.url, work, { command: 'serve' });
    expect(ran.code).toBe(0);
    expect(ran.err.match(/SQLSTATE 3D000/g)).toHaveLength(1);
  });

  test('a busy port is one line that names port and cure', async () => {
    const { server, port } = await occupied();
    try {
      const ran = await programOn(database.url).run(['start', '--no-demo'], { env: { PORT: String(port) } });
      expect(ran).toEqual({
        code: 1,
        out: '',
        err: `touchline: Port ${port} of 127.0.0.1 is in use by another program. Stop that program, or take another port: PORT=${port + 1} npm start (PORT=0 takes any free one).\n`,
      });
    } finally {
      server.close();
    }
  });

  test('an address of another machine cannot be listened on', async () => {
    const ran = await programOn(database.url).run(['start', '--json', '--no-demo'], {
      env: { HOST: '203.0.113.1', PORT: '0' },
    });
    expect(ran.code).toBe(1);
    expect(document<Failure>(ran).error).toMatchObject({ code: 'cannot_listen', fix: expect.stringContaining('HOST') });
  });
});

describe('as a program of its own, on the embedded Postgres', () => {
  let folder: string;
  let env: Record<string, string>;

  beforeAll(() => {
    folder = mkdtempSync(join(temporaryFolder(), 'touchline-start-'));
    chmodSync(folder, 0o711);
    const { DATABASE_URL: _none, ...rest } = process.env as Record<string, string>;
    env = { ...rest, PORT: '0', TOUCHLINE_DATA_DIR: join(folder, 'data') };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function launch(...args: string[]): ChildProcess {
    return spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** What it writes to `stream` until `pattern` is there. */
  async function until(child: ChildProcess, pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
    let text = '';
    for await (const chunk of child[stream] ?? []) {
      text += String(chunk);
      if (pattern.test(text)) return text;
    }
    throw new Error(`It ended before it wrote ${pattern}: ${text}`);
  }

  test('starts, serves other commands meanwhile, and on SIGTERM stops its database too', async () => {
    const child = launch('start', '--no-demo');
    const exited = once(child, 'exit');
    const line = await until(child, /\n/);
    expect(line).toMatch(/^Touchline is running at http:\/\/127\.0\.0\.1:\d+\n$/);
    const url = line.trim().split(' ').at(-1) ?? '';
    expect((await fetch(`${url}/readyz`)).status).toBe(200);

    const listing = launch('business', 'list', '--json');
    const ended = once(listing, 'exit');
    expect(await until(listing, /\}\n/)).toContain('"businesses": []');
    expect(await ended).toEqual([0, null]);

    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(existsSync(join(folder, 'data', 'cluster', 'data', 'postmaster.pid'))).toBe(false);
  }, 120_000);

  test('makes a demo in the background when there is no business yet, and never keeps a stop waiting for it', async () => {
    const child = launch('start');
    const exited = once(child, 'exit');
    const said = await until(child, /Making a demo month/, 'stderr');
    expect(said).toMatch(/NOBODY RECEIVES WHAT IS SENT/);
    const url = /Open (\S+) to see/.exec(said)?.[1] ?? '';
    expect((await fetch(`${url}/demo`)).status).toBe(404);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(existsSync(join(folder, 'data', 'cluster', 'data', 'postmaster.pid'))).toBe(false);
  }, 120_000);

  test.each([
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    [['strat'], 2, /^$/, /^touchline: Unknown command 'strat'\. Did you mean start\? See touchline --help\.\n$/],
    [['config', '--json'], 0, /"name": "DATABASE_URL"/, /^$/],
  ])('touchline %j ends with %i', (args, code, out, err) => {
    const ran = spawnSync(process.execPath, [program, ...args], { cwd: folder, env, encoding: 'utf8' });
    expect(ran.status).toBe(code);
    expect(ran.stdout).toMatch(out);
    expect(ran.stderr).toMatch(err);
  });

  test('a reader who has seen enough is no error', async () => {
    const child = launch('--help');
    child.stdout?.destroy();
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [code] = await once(child, 'close');
    expect([code, said]).toEqual([0, '']);
  });
});
