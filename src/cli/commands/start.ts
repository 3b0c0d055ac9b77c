// The program as it runs for a day: database, schema, a page that says what to do next; and a quiet end.
import type { Command } from 'commander';
import { listBusinesses } from '../../db/read/businesses.ts';
import { readServer } from '../../db/read/server.ts';
import { type AppOptions, createApp } from '../../http/app.ts';
import { type Address, ListenFailed, type Listening, listen } from '../../http/serve.ts';
import type { UnsubscribePort } from '../../http/unsubscribe.ts';
import type { Database } from '../database.ts';
import { tokensOf, unsubscribePort } from '../links.ts';
import type { Cli, Perform } from '../perform.ts';
import { CommandProblem, describe, exit, inOneLine } from '../problem.ts';
import { packageVersion } from '../version.ts';

function busy({ port, host }: Address, cause: Error): CommandProblem {
  const other = port < 65_535 ? port + 1 : port - 1;
  return new CommandProblem(
    {
      code: 'port_in_use',
      what: `Port ${port} of ${host} is in use by another program.`,
      why: '',
      fix: `Stop that program, or take another port: PORT=${other} npm start (PORT=0 takes any free one).`,
      exitCode: exit.failed,
    },
    cause,
  );
}

function cannotListen(error: ListenFailed): CommandProblem {
  const { code, address } = error;
  if (code === 'EADDRINUSE') return busy(address, error);
  const [why, fix] =
    code === 'EACCES'
      ? ['This account may not listen on that port.', 'Take one above 1023: PORT=4000.']
      : [`The system says ${code}.`, 'Set HOST to an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them.'];
  const what = `Cannot listen on port ${address.port} of ${address.host}.`;
  return new CommandProblem({ code: 'cannot_listen', what, why, fix, exitCode: exit.failed }, error);
}

async function listenOn(cli: Cli, database: Database, unsubscribe?: UnsubscribePort): Promise<Listening> {
  const { host, port } = cli.config;
  try {
    return await listen(
      createApp({ ...homePort(cli, database), ...(unsubscribe === undefined ? {} : { unsubscribe }) }),
      { host, port },
    );
  } catch (error) {
    throw error instanceof ListenFailed ? cannotListen(error) : error;
  }
}

/** What HTTP may ask of the database. What goes wrong is told here once, as the answer to a stranger does not say it. */
function homePort({ say }: Cli, { pool, run, embedded }: Database): Required<Pick<AppOptions, 'ready' | 'facts'>> {
  let told = '';
  const tellOnce = (error: unknown): never => {
    const line = inOneLine(describe(error));
    if (line !== told) say(line);
    told = line;
    throw error;
  };
  const read = async (): Promise<{ postgresVersion: string; hasBusiness: boolean }> => {
    const { version } = await readServer(pool);
    const businesses = await run(listBusinesses);
    told = '';
    return { postgresVersion: version, hasBusiness: businesses.length > 0 };
  };
  return {
    ready: async () => void (await read().catch(tellOnce)),
    facts: async () => ({ ...(await read().catch(tellOnce)), embedded, version: packageVersion() }),
  };
}

async function start(cli: Cli): Promise<null> {
  const stopped = cli.untilStopped();
  const database = await cli.open('migrated');
  const tokens = tokensOf(cli.config, database);
  const server = await listenOn(cli, database, tokens && unsubscribePort(tokens, database));
  try {
    const { shownUrl: database_url, embedded, dataDir: data_dir = null } = database;
    cli.print({
      text: `Touchline is running at ${server.url}`,
      document: { url: server.url, database_url, embedded, data_dir },
    });
    if (tokens === undefined) {
      cli.say('Without TOUCHLINE_SECRET unsubscribe links are not answered; set it as it is set for touchline work.');
    }
    cli.say(`Open ${server.url} to see what to do next. Ctrl-C stops it.`);
    await stopped;
    return null;
  } finally {
    await server.close();
  }
}

export function addStart(parent: Command, perform: Perform): void {
  parent
    .command('start')
    .description('start Touchline: its database, its schema and a page at http://HOST:PORT')
    .addHelpText(
      'after',
      '\nSettings: PORT (4000; 0 takes any free one), HOST (127.0.0.1), TOUCHLINE_DATA_DIR. Ctrl-C stops it.',
    )
    .action(perform(start));
}
