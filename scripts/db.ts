// `npm run db psql [ARGS]`: psql on the development database, which is the one of DATABASE_URL or the embedded one that
// `npm start` uses. Where psql is not installed, it keeps the database up for another client until Ctrl-C.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startEmbedded } from '../src/embedded/index.ts';

interface Database {
  url: string;
  stop(): Promise<void>;
}

async function open(): Promise<Database> {
  const url = process.env.DATABASE_URL;
  if (url !== undefined && url !== '') return { url, stop: () => Promise.resolve() };
  const dataDir = process.env.TOUCHLINE_DATA_DIR;
  return await startEmbedded({ say: console.error, ...(dataDir ? { dataDir } : {}) });
}

/** Runs psql until the person leaves it, and returns its exit code; undefined when this machine has no psql. */
async function psql(url: string, args: string[]): Promise<number | undefined> {
  // Ctrl-C in psql means "cancel this query"; the terminal sends it to us as well.
  const ignore = (): undefined => undefined;
  process.on('SIGINT', ignore);
  try {
    const [code] = await once(spawn('psql', [url, ...args], { stdio: 'inherit' }), 'exit');
    return typeof code === 'number' ? code : 1;
  } catch {
    return undefined;
  } finally {
    process.off('SIGINT', ignore);
  }
}

async function untilInterrupted(): Promise<void> {
  // A listener for a signal does not keep Node running; a timer does.
  const awake = setInterval(() => undefined, 60_000);
  await once(process, 'SIGINT');
  clearInterval(awake);
}

async function main([command, ...args]: string[]): Promise<number> {
  if (command !== 'psql') {
    console.error('Usage: npm run db psql [-- ARGUMENTS OF PSQL]');
    return 2;
  }
  const database = await open();
  try {
    console.error(database.url);
    const exit = await psql(database.url, args);
    if (exit !== undefined) return exit;
    console.error('psql is not installed. Connect any client to the URL above; Ctrl-C ends.');
    await untilInterrupted();
    return 0;
  } finally {
    await database.stop();
  }
}

process.exitCode = await main(process.argv.slice(2));
