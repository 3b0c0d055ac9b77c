// The rivals of `bench throughput --rivals` and how each is set up: as its own documentation says, on the same server, with chains
// of four touches of which each handled one schedules the next.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BenchDatabase } from '../support/database.ts';
import type { CrewSpec } from './crew.ts';
import { addCrowd, type Crowd, openLanes } from './crowd.ts';

// Exactly these: what a newer one does, nobody has looked at.
const packages = { 'pg-boss': '12.38.0', 'graphile-worker': '0.18.0' } as const;
const newerNode = '22.23.3';
const needed = [22, 18];

const processes = 2;
const batch = 500;

export interface Size {
  /** Chains of touches of which one is due in each round. */
  due: number;
  waiting: number;
}

/** One that takes part. */
export interface Contender {
  name: string;
  /** How it is run, and what it leaves out. */
  terms: string;
  /** Of how many touches it is given the others' number: the slow ones would take minutes. */
  share: number;
  crew(url: string): CrewSpec;
  /** Makes the chains; the crew has its tables by then. Those that ask the crew to do it have none. */
  prepare?(database: BenchDatabase, size: Size): Promise<void>;
  /** Makes the n-th touch of every chain due. */
  open(database: BenchDatabase, touch: number, moment: string): Promise<void>;
  /** Whether a touch that was taken is not written down as done yet. */
  inFlight: string;
}

/** A folder with the rivals in it, and the Node that they need. */
export interface Fetched {
  node: string;
  entryOf(name: keyof typeof packages): string;
}

function isNewEnough(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > (needed[0] ?? 0) || (major === needed[0] && minor >= (needed[1] ?? 0));
}

/** Fetches them once into the system's temporary folder; nothing of this package depends on them. */
export function fetchRivals(): Fetched {
  const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  const folder = join(tmpdir(), `touchline-bench-rivals-${wanted.join('-')}`);
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const nodePackage = `node-${platform}-${process.arch}`;
  const node = isNewEnough()
    ? process.execPath
    : join(folder, 'node_modules', nodePackage, 'bin', platform === 'win' ? 'node.exe' : 'node');
  const entryOf = (name: string): string => join(folder, 'node_modules', name, 'dist', 'index.js');
  if (![node, ...Object.keys(packages).map(entryOf)].every((file) => existsSync(file))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const all = isNewEnough() ? wanted : [...wanted, `${nodePackage}@${newerNode}`];
    const { status } = spawnSync(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', '--save-exact', ...all],
      {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'inherit'],
        shell: platform === 'win',
      },
    );
    if (status !== 0) throw new Error(`The rivals (${all.join(', ')}) could not be fetched: npm says why above.`);
  }
  return { node, entryOf: (name) => pathToFileURL(entryOf(name)).href };
}

const member = (name: string): URL => new URL(`./members/${name}.ts`, import.meta.url);

function ours(businesses: number): Contender {
  let crowd: Crowd | undefined;
  return {
    name: `touchline: ${businesses === 1 ? 'one business' : `${businesses} businesses`}`,
    terms: `${processes} workers × ${batch} slots; every guard, a log row per message, the text rendered, rows kept`,
    share: 1,
    crew: (url) => ({
      command: [process.execPath, '--import', import.meta.resolve('tsx')],
      file: member('touchline'),
      processes,
      setting: (index) => ({ url, slots: batch, name: `bench-${index}` }),
    }),
    prepare: async ({ client }, size) => {
      crowd = await addCrowd(client, { businesses, ...size });
    },
    open: async ({ client }, _, moment) => {
      if (crowd !== undefined) await openLanes(client, crowd, moment);
    },
    inFlight: 'select exists (select from touchline.touch_queue where claim_id is not null) as yes',
  };
}

function pgBoss({ node, entryOf }: Fetched, way: 'loop' | 'work'): Contender {
  const concurrency = 4;
  const how = way === 'loop' ? 'fetch, insert, complete' : 'work(), burst when a batch is full';
  return {
    name: `pg-boss ${packages['pg-boss']}: ${how}`,
    terms:
      `${processes} processes × ${concurrency} ${way === 'loop' ? 'loops' : 'workers'}, batches of ${batch}; no guards, no log, ` +
      'nothing rendered; the next touch and the end of this one are two transactions; finished jobs are kept for a week',
    share: 1,
    crew: (url) => ({
      command: [node],
      file: member('pg-boss'),
      processes,
      setting: () => ({ entry: entryOf('pg-boss'), url, way, batch, concurrency }),
    }),
    open: async ({ client }, touch) => {
      await client.query(
        `update pgboss.job set start_after = pg_catalog.now() - interval '1 second'
         where state = 'created' and (data ->> 'touch')::integer = $1`,
        [touch],
      );
    },
    inFlight: `select exists (select from pgboss.job where state = 'active') as yes`,
  };
}

function graphile({ node, entryOf }: Fetched, way: 'preset' | 'quick start'): Contender {
  const concurrency = way === 'preset' ? 24 : 5;
  return {
    name: `graphile-worker ${packages['graphile-worker']}: ${way === 'preset' ? 'local queue, batched ends' : way}`,
    terms:
      `${processes} processes × ${concurrency} jobs${way === 'preset' ? `, local queue of ${batch}` : ''}; no guards, no log, nothing ` +
      'rendered; the next touch and the end of this one are two transactions; finished jobs are deleted',
    share: 0.2,
    crew: (url) => ({
      command: [node],
      file: member('graphile-worker'),
      processes,
      setting: () => ({ entry: entryOf('graphile-worker'), url, way, concurrency }),
    }),
    open: async ({ client }, touch) => {
      await client.query(
        `update graphile_worker._private_jobs set run_at = pg_catalog.now() - interval '1 second'
         where (payload ->> 'touch')::integer = $1`,
        [touch],
      );
    },
    inFlight: 'select exists (select from graphile_worker._private_jobs where locked_at is not null) as yes',
  };
}

/** All that take part, ours first. */
export function contenders(fetched: Fetched): Contender[] {
  return [
    ours(50),
    ours(1),
    pgBoss(fetched, 'loop'),
    pgBoss(fetched, 'work'),
    graphile(fetched, 'preset'),
    graphile(fetched, 'quick start'),
  ];
}
