// The program as it runs for a day: database, schema, pages, API and a worker; and a quiet end. `serve` is the same without a worker.
import type { Command } from 'commander';
import type { Database } from '../database.ts';
import { isOnTrial } from '../engine.ts';
import { tokensOf } from '../links.ts';
import { openMetrics } from '../metrics.ts';
import type { Cli, Perform } from '../perform.ts';
import { appOptions, listenOn } from '../server.ts';
import { type DemoBeside, demoBeside } from '../show-demo.ts';
import { loginLink } from '../sign-in.ts';
import { mailboxNotice, type OpenWorker, openWorker, slotsOf } from '../worker.ts';
import { slotsText } from './work.ts';

interface ServeOptions {
  /** False with --no-demo. */
  demo: boolean;
}

interface StartOptions extends ServeOptions {
  slots?: string;
}

/** What runs beside the server. */
interface Beside {
  worker: OpenWorker | undefined;
  demo: DemoBeside | undefined;
}

const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host);

function sayWhatIsMissing({ config, say }: Cli, database: Database, mailboxOnly: boolean): void {
  if (tokensOf(config, database) === undefined) {
    say('Without TOUCHLINE_SECRET unsubscribe links are not answered; set it as it is set for touchline work.');
  }
  if (mailboxOnly) say(mailboxNotice);
  else if (config.smtpUrl === undefined && config.resend === undefined) {
    say(
      'Without SMTP_URL or RESEND_API_KEY only businesses with an account of their own send email; the others wait and say why.',
    );
  }
}

/** A link to sign in with belongs on the terminal of whoever sits at this machine, and in nobody's log. */
async function loginUrl({ config }: Cli, database: Database, url: string): Promise<string | null> {
  return isLoopback(config.host) ? (await loginLink(database, config.publicUrl ?? url)).url : null;
}

async function announce(cli: Cli, database: Database, url: string, mailboxOnly: boolean): Promise<void> {
  const { shownUrl: database_url, embedded, dataDir: data_dir = null } = database;
  const login_url = await loginUrl(cli, database, url);
  cli.print({
    text: `Touchline is running at ${url}`,
    document: { url, database_url, embedded, data_dir, login_url, mailbox_only: mailboxOnly },
  });
  sayWhatIsMissing(cli, database, mailboxOnly);
  if (login_url !== null) cli.say(`Sign in, once and within 15 minutes: ${login_url}`);
  cli.say(`Open ${url} to see what to do next. Ctrl-C stops it.`);
}

async function serve(cli: Cli, { demo: wantsDemo }: ServeOptions, slots: number | undefined): Promise<null> {
  const ending = new AbortController();
  const stopped = cli.untilStopped().then(() => ending.abort());
  const database = await cli.open('migrated');
  let url = '';
  const works = slots !== undefined;
  const metrics = await openMetrics(cli.config, database, cli.say);
  const beside: Beside = {
    worker: works ? await openWorker(cli.config, database, cli.say, { slots, metrics, base: () => url }) : undefined,
    demo: wantsDemo && database.embedded ? demoBeside(cli, database, { base: () => `${url}/demo`, works }) : undefined,
  };
  try {
    const mailboxOnly = beside.worker?.engine.mailboxOnly ?? (await isOnTrial(cli.config, database));
    const server = await listenOn(
      cli,
      appOptions(cli, database, { mailboxOnly, demo: beside.demo, metrics: metrics.port }),
    );
    url = server.url;
    try {
      await announce(cli, database, url, mailboxOnly);
      await Promise.all([
        beside.worker?.run(ending.signal),
        beside.demo?.run(ending.signal),
        stopped.then(() => server.close()),
      ]);
      return null;
    } finally {
      await server.close();
    }
  } finally {
    await beside.worker?.close();
    await beside.demo?.close();
    await metrics.close();
  }
}

const settings =
  '\nSettings: PORT (4000; 0 takes any free one), HOST (127.0.0.1), TOUCHLINE_DATA_DIR, SMTP_URL. Ctrl-C stops it.';
const demoText = 'do not make or show the demo that stands beside the embedded database';

export function addStart(parent: Command, perform: Perform): void {
  parent
    .command('start')
    .description('start Touchline: its database, its pages and API at http://HOST:PORT, and a worker that sends')
    .option('--slots <messages>', slotsText)
    .option('--no-demo', demoText)
    .addHelpText('after', settings)
    .action(perform((cli, options: StartOptions) => serve(cli, options, slotsOf(options.slots))));
}

export function addServe(parent: Command, perform: Perform): void {
  parent
    .command('serve')
    .description('the same without a worker: for pages and API on one machine and touchline work on others')
    .option('--no-demo', demoText)
    .addHelpText('after', settings)
    .action(perform((cli, options: ServeOptions) => serve(cli, options, undefined)));
}
