// What `start` and `serve` answer by HTTP, put together on the kept database.
import { apiStore } from '../db/api.ts';
import { homePort } from '../db/home.ts';
import { hasBusiness } from '../db/read/businesses.ts';
import { readSafeMode } from '../db/read/safe-mode.ts';
import { readServer } from '../db/read/server.ts';
import { callbackMarks } from '../domain/callback-mark.ts';
import { addApi } from '../http/api/index.ts';
import { type AddRoutes, type AppOptions, createApp } from '../http/app.ts';
import { addHooks } from '../http/hooks.ts';
import { addMetrics, type MetricsPort } from '../http/metrics.ts';
import { type Address, ListenFailed, type Listening, listen } from '../http/serve.ts';
import type { Database } from './database.ts';
import { type HooksOptions, hooksPort } from './hooks.ts';
import { secretOf, tokensOf, unsubscribePort } from './links.ts';
import type { Cli } from './perform.ts';
import { CommandProblem, describe, exit, inOneLine } from './problem.ts';
import { callbackKeysOf } from './senders.ts';
import type { DemoBeside } from './show-demo.ts';
import { sessionsOf } from './sign-in.ts';
import { packageVersion } from './version.ts';

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

/** What the first page and /readyz ask. What goes wrong is told here once, as the answer to a stranger does not say it. */
function factsOf({ say }: Cli, { pool, run, embedded }: Database): Required<Pick<AppOptions, 'ready' | 'facts'>> {
  let told = '';
  const tellOnce = (error: unknown): never => {
    const line = inOneLine(describe(error));
    if (line !== told) say(line);
    told = line;
    throw error;
  };
  const read = async (): Promise<{ postgresVersion: string; hasBusiness: boolean }> => {
    const { version } = await readServer(pool);
    const isThere = await run(hasBusiness);
    told = '';
    return { postgresVersion: version, hasBusiness: isThere };
  };
  return {
    ready: async () => void (await read().catch(tellOnce)),
    facts: async () => ({ ...(await read().catch(tellOnce)), embedded, version: packageVersion() }),
  };
}

/** Where providers report; undefined without an address that they reach and a secret that marks our messages. */
function hooksOf({ config }: Cli, database: Database): AddRoutes | undefined {
  const { publicUrl, oldSecrets } = config;
  const { pool } = database;
  const secret = secretOf(config, database);
  if (publicUrl === undefined || secret === undefined) return undefined;
  const marks = callbackMarks(secret, oldSecrets);
  const place = { config, database, pool, isVirtual: false };
  const keysOf: HooksOptions['keysOf'] = (address) => callbackKeysOf(place, address);
  return (app) => addHooks(app, hooksPort({ pool, publicUrl, marks, keysOf, now: () => null }));
}

export interface ServerParts {
  /** Whether everything ends in the built-in mailbox. */
  mailboxOnly: boolean;
  demo: DemoBeside | undefined;
  metrics: MetricsPort;
}

/** Everything this program can answer on a database. */
export function appOptions(cli: Cli, database: Database, { mailboxOnly, demo, metrics }: ServerParts): AppOptions {
  const { host, publicUrl } = cli.config;
  const tokens = tokensOf(cli.config, database);
  const { pool } = database;
  const hooks = hooksOf(cli, database);
  return {
    ...factsOf(cli, database),
    address: { host, publicUrl },
    home: {
      sessions: sessionsOf(database),
      port: (userId) => homePort(pool, { role: 'authenticated', userId }),
      mailboxOnly,
      stopped: async () => (await database.run((client) => readSafeMode(client)))?.reason,
      ...(demo === undefined ? {} : { demo: () => Promise.resolve(demo.state()) }),
    },
    ...(demo === undefined ? {} : { demo: { port: () => Promise.resolve(demo.port()) } }),
    ...(tokens === undefined ? {} : { unsubscribe: unsubscribePort(tokens, database) }),
    ...(hooks === undefined ? {} : { hooks }),
    metrics: (app) => addMetrics(app, metrics),
    api: (app) => addApi(app, { ...apiStore(pool), tell: (error) => cli.say(inOneLine(describe(error))) }),
  };
}

/** @throws CommandProblem `port_in_use`, `cannot_listen` */
export async function listenOn({ config: { host, port } }: Cli, options: AppOptions): Promise<Listening> {
  try {
    return await listen(createApp(options), { host, port });
  } catch (error) {
    throw error instanceof ListenFailed ? cannotListen(error) : error;
  }
}
