// A program that uses the embedded Postgres, for tests that need real processes: starts or attaches, asks the server
// one question, prints the answer as a line of JSON, and stops when its standard input says so or ends.
import { once } from 'node:events';
import pg from 'pg';
import { type EmbeddedOptions, EmbeddedPostgresError, startEmbedded } from '../../src/embedded/index.ts';

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function ask(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ since: string }>('select pg_catalog.pg_postmaster_start_time()::text as since');
  await client.end();
  return rows[0]?.since ?? '';
}

try {
  const options = JSON.parse(process.argv[2] ?? '{}') as EmbeddedOptions;
  const { stop, ...server } = await startEmbedded({ ...options, say: (line) => process.stderr.write(`${line}\n`) });
  print({ ...server, since: await ask(server.url) });
  process.stdin.resume();
  await once(process.stdin, 'data').catch(() => undefined);
  // Those who attached may still be asking: the answer must not depend on who leaves first.
  await stop();
  print({ stopped: true });
  process.exit(0);
} catch (error) {
  print({ code: error instanceof EmbeddedPostgresError ? error.code : 'unexpected', message: String(error) });
  process.exit(1);
}
