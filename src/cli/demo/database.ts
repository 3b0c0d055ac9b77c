// The demo's place: a database of its own on the embedded server, beside the kept one. It is made under another name and gets its
// own when it is complete, so that whatever ends a fill halfway leaves no demo, and an older one stays until then.
import pg from 'pg';
import { createPool, withRole } from '../../db/client.ts';
import { migrate } from '../../db/migrate/index.ts';
import { redactUrl } from '../../domain/redact-url.ts';
import { startEmbedded } from '../../embedded/index.ts';
import { type Database, withOwner } from '../database.ts';
import { CommandProblem, exit } from '../problem.ts';

const demoName = 'touchline_demo';
const makingName = 'touchline_demo_making';

/** What a finished demo remembers of how it was made. */
export interface DemoStory {
  seed: number;
  from: Date;
  to: Date;
}

function notEmbedded(): CommandProblem {
  return new CommandProblem({
    code: 'demo_needs_embedded',
    what: 'The demo lives beside the embedded database only.',
    why: 'Its made-up people never reach a database of your own.',
    fix: 'Leave DATABASE_URL and --database-url out.',
    exitCode: exit.refused,
  });
}

function busy(): CommandProblem {
  return new CommandProblem({
    code: 'demo_busy',
    what: 'The demo is being filled already.',
    why: 'Another Touchline process on this data folder does it.',
    fix: 'Wait until it is done (less than a minute), and try again.',
    exitCode: exit.refused,
  });
}

/** A database of the embedded server of `kept`; it has its own share in that server. */
async function openBeside(dataDir: string, name: string): Promise<Database> {
  const server = await startEmbedded({ dataDir });
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const pool = createPool(url.href);
  let closing: Promise<void> | undefined;
  return {
    pool,
    run: (work, limits) => withRole(pool, { role: 'service_role' }, work, limits),
    shownUrl: redactUrl(url.href),
    embedded: true,
    dataDir: server.dataDir,
    close: () => {
      closing ??= pool.end().finally(() => server.stop());
      return closing;
    },
  };
}

async function exists({ pool }: Database, name: string): Promise<boolean> {
  const found = await pool.query('select from pg_catalog.pg_database where datname = $1', [name]);
  return found.rowCount === 1;
}

/** The demo that was made, brought to this version's schema; undefined when there is none. To be closed. */
export async function openDemo(kept: Database): Promise<Database | undefined> {
  if (kept.dataDir === undefined || !(await exists(kept, demoName))) return undefined;
  const demo = await openBeside(kept.dataDir, demoName);
  try {
    await withOwner(demo.pool, (client) => migrate(client));
    return demo;
  } catch (error) {
    await demo.close();
    throw error;
  }
}

/** How the demo was made. */
export async function readStory({ pool }: Database): Promise<DemoStory> {
  const { rows } = await pool.query<{ story: string | null }>(
    `select pg_catalog.shobj_description(d.oid, 'pg_database') as story
     from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()`,
  );
  const { seed, from, to } = JSON.parse(rows[0]?.story ?? '{}') as { seed: number; from: string; to: string };
  return { seed, from: new Date(from), to: new Date(to) };
}

async function drop(client: pg.ClientBase, name: string): Promise<void> {
  await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
}

/** Makes the empty demo. Nothing in it needs to survive a power cut before it is complete, so no commit waits for the disk. */
async function create(client: pg.ClientBase, dataDir: string): Promise<Database> {
  await drop(client, makingName);
  await client.query(`create database ${makingName} template template0`);
  await client.query(`alter database ${makingName} set synchronous_commit = off`);
  const making = await openBeside(dataDir, makingName);
  try {
    await withOwner(making.pool, (owner) => migrate(owner, { virtualClock: true }));
    return making;
  } catch (error) {
    await making.close();
    throw error;
  }
}

// The rename is a commit that waits for the disk, and what was written before it is on the disk by then, too.
async function complete(client: pg.ClientBase, { seed, from, to }: DemoStory): Promise<void> {
  const story = JSON.stringify({ seed, from: from.toISOString(), to: to.toISOString() });
  await client.query(`comment on database ${makingName} is ${pg.escapeLiteral(story)}`);
  await client.query(`alter database ${makingName} reset synchronous_commit`);
  await drop(client, demoName);
  await client.query(`alter database ${makingName} rename to ${demoName}`);
}

async function fillUnderLock<T>(
  client: pg.ClientBase,
  dataDir: string,
  fill: (making: Database) => Promise<{ story: DemoStory; result: T }>,
): Promise<T> {
  try {
    const making = await create(client, dataDir);
    const { story, result } = await fill(making).finally(() => making.close());
    await complete(client, story);
    return result;
  } catch (error) {
    // Where that fails too, the next fill does it; why this one failed is what people want to know.
    await drop(client, makingName).catch(() => undefined);
    throw error;
  }
}

/**
 * Makes the demo anew: `fill` gets an empty one with a virtual clock, and when it is done that one takes the place of an older.
 * @throws CommandProblem `demo_needs_embedded`; `demo_busy` while another process does it
 */
export async function makeDemo<T>(
  kept: Database,
  fill: (making: Database) => Promise<{ story: DemoStory; result: T }>,
): Promise<T> {
  const { dataDir } = kept;
  if (dataDir === undefined) throw notEmbedded();
  return withOwner(kept.pool, async (client) => {
    const lock = 'pg_catalog.hashtext($1)';
    const asked = await client.query<{ got: boolean }>(`select pg_catalog.pg_try_advisory_lock(${lock}) as got`, [
      demoName,
    ]);
    if (asked.rows[0]?.got !== true) throw busy();
    try {
      return await fillUnderLock(client, dataDir, fill);
    } finally {
      await client.query(`select pg_catalog.pg_advisory_unlock(${lock})`, [demoName]);
    }
  });
}
